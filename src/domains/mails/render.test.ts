import { describe, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kinds, type RenderedMail, render } from './render.ts'
import { samples } from './samples.ts'
import { locales } from './words.ts'
import { writePreview } from './write_preview.ts'

const link = 'https://market.example/order-access/abc'
const mails = locales.flatMap((locale) => kinds.map((kind) => [locale, kind] as const))
const factsOf = (kind: string) => samples.get(kind) as Record<string, unknown>
const HOSTILE = `<img src=x onerror=alert(1)>"'>&amp;{{ link }}{% raw %}</title>`
const PLAIN = 'Plainword'
/** The texts that people write. The other facts are amounts, times, URLs of the service and words of the schema. */
const WRITTEN = new Set(
  [
    'title',
    'personalization',
    'sku',
    'shop_name',
    'note',
    'gift_message',
    'carrier',
    'tracking_number',
    'failure_reason',
    'device',
  ].concat(...['name', 'line1', 'line2', 'city', 'region', 'postal_code']),
)

/** Returns the sample facts of a kind with another value in place of each text that a person wrote. */
const factsWith = (kind: string, text: string): Record<string, unknown> =>
  JSON.parse(JSON.stringify(factsOf(kind)), (key, value) => (WRITTEN.has(key) && value !== null ? text : value))

const countOf = (text: string) => Object.fromEntries(['<', '>', '"', "'"].map((sign) => [sign, text.split(sign).length]))

describe.each(mails)('%s %s', (locale, kind) => {
  test('escapes the HTML in values, and runs no template in them', () => {
    const [harmless, hostile] = [PLAIN, HOSTILE].map((text) => render({ kind, locale, facts: factsWith(kind, text), link })) as [
      RenderedMail,
      RenderedMail,
    ]
    expect(countOf(hostile.html)).toEqual(countOf(harmless.html))
    const flat = hostile.text.replace(/\s+/g, ' ')
    expect(flat.includes('{{ link }}{% raw %}</title>')).toBe(harmless.text.includes(PLAIN))
  })

  test('has a subject of one line, and no heading or text that is empty', () => {
    const { subject, html, text } = render({ kind, locale, facts: factsWith(kind, 'a\r\nBcc: eve@example.net'), link })
    expect(subject).toMatch(/^[^\r\n]{10,}$/)
    expect(html).toContain(`<html lang="${locale}">`)
    expect(text.length).toBeGreaterThan(subject.length + 40)
    expect(html + text + subject).not.toMatch(/undefined|\[object|NaN|Invalid/)
  })

  test('has the same facts in the text as in HTML', () => {
    const { html, text } = render({ kind, locale, facts: factsOf(kind), link })
    expect(text.includes(link)).toBe(html.includes(link))
    expect(text.match(/[\d.,]+[\s\u00a0]?\$|\$[\d.,]+/g)?.length).toBe(
      html.replace(/<title>.*<\/title>/, '').match(/[\d.,]+[\s\u00a0]?\$|\$[\d.,]+/g)?.length,
    )
  })
})

test('English and German have money, dates, countries and addresses in their own form', () => {
  const text = (locale: 'en' | 'de') => render({ kind: 'checkout_paid', locale, facts: factsOf('checkout_paid'), link }).text
  for (const part of ['$1,262.60', 'December 4, 2026', 'Portland, OR 97201\nUnited States']) expect(text('en')).toContain(part)
  for (const part of ['1.262,60\u00a0$', '4. Dezember 2026', 'Vereinigte Staaten']) expect(text('de')).toContain(part)
})

test('a note keeps its lines', () => {
  const { html, text } = render({ kind: 'order_sold', locale: 'en', facts: factsOf('order_sold'), link })
  expect(html).toContain('neighbor.<br />\nThe bell')
  expect(text).toContain('neighbor.\nThe bell')
})

test('an erased address leaves out its lines', () => {
  const order = factsOf('order_sold').order as Record<string, unknown>
  const text = (shipping_address: unknown) =>
    render({ kind: 'order_sold', locale: 'en', facts: { order: { ...order, shipping_address } }, link }).text
  expect(text(null)).not.toContain('Ships to')
  expect(text({ country: 'DE' })).toContain('Ships to\nGermany')
})

test('a fact that is missing throws instead of leaving a gap', () => {
  expect(() => render({ kind: 'order_sold', locale: 'en', facts: {}, link })).toThrow('undefined variable')
})

test('the preview has each kind in each language, as HTML and as text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-mails-'))
  try {
    expect(await writePreview(folder)).toBe(mails.length)
    const index = readFileSync(join(folder, 'index.html'), 'utf8')
    for (const [locale, kind] of mails) {
      expect(index).toContain(`"${locale}/${kind}.html"`)
      for (const form of ['html', 'txt']) expect(existsSync(join(folder, locale, `${kind}.${form}`))).toBe(true)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.each(locales)('%s has a template of each kind with sample facts, and no other', (locale) => {
  const files = readdirSync(join(import.meta.dirname, 'templates', locale))
  expect(files.toSorted()).toEqual([...samples.keys()].map((kind) => `${kind}.liquid`).toSorted())
})
