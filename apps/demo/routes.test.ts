import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectProblem, expectStatus } from '../../test/support/api.ts'
import { startServer } from '../../test/support/server.ts'

const { api } = await startServer()
const FOLDER = join(import.meta.dirname, 'page')

describe('GET /demo', () => {
  test('is a page whose policy allows only pictures from other hosts, and nothing inline', async () => {
    const page = await api('GET', '/demo')
    expectStatus(page, 200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = page.headers.get('content-security-policy') as string
    expect(policy.split('; ')).toEqual([
      "default-src 'self'",
      "img-src 'self' https: data:",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ])
    expect(page.text).toContain('<html lang="en">')
    expect(page.text).toMatch(/<title>.+<\/title>/)
    expect(page.text).toMatch(/<meta name="description" content=".+">/)
    expect(page.text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]* src=)/)
  })

  test('names only existing assets, and every import of a module exists', async () => {
    const page = await api('GET', '/demo')
    const linked = [...page.text.matchAll(/(?:src|href)="(\/demo\/[^"]+)"/g)].map((match) => match[1] as string)
    const modules = linked.filter((path) => path.endsWith('.ts'))
    for (const path of modules) {
      const script = await api('GET', path)
      expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
      for (const [, name] of script.text.matchAll(/(?:from|import\()\s*['"]\.\/([^'"]+)['"]/g))
        if (!modules.includes(`/demo/${name}`)) modules.push(`/demo/${name}`)
    }
    expect(modules.map((path) => path.split('/').at(-1) as string).sort()).toEqual(
      readdirSync(FOLDER)
        .filter((name) => name.endsWith('.ts'))
        .sort(),
    )
    for (const path of [...linked, '/demo/figtree.woff2']) {
      const asset = await api('GET', path)
      expectStatus(asset, 200)
      expect(asset.text.length).toBeGreaterThan(50)
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff')
      expect(asset.headers.get('cache-control')).toMatch(/^no-cache$|^public, max-age=86400$/)
    }
  })

  test('returns 304 for a known ETag', async () => {
    for (const path of ['/demo', '/demo/page.css', '/demo/page.ts']) {
      const etag = (await api('GET', path)).headers.get('etag') as string
      const again = await api('GET', path, { headers: { 'If-None-Match': etag } })
      expect(again.status).toBe(304)
      expect(again.text).toBe('')
      // A browser would keep this policy instead of the page's own.
      expect(again.headers.get('content-security-policy')).toBeNull()
    }
  })

  test('serves its own assets and no other file', async () => {
    for (const name of [
      'routes.ts',
      'index.html',
      '..%2Froutes.ts',
      '%2Fetc%2Fpasswd',
      'page.css%00',
      '__proto__',
      'constructor',
    ])
      expectProblem(await api('GET', `/demo/${name}`), 404, 'not_found')
  })

  test('accepts only GET and HEAD, and is not part of the API', async () => {
    for (const path of ['/demo', '/demo/page.css']) {
      const answer = await api('POST', path)
      expectProblem(answer, 405, 'method_not_allowed')
      expect(answer.headers.get('allow')).toBe('GET, HEAD')
    }
    const { paths } = expectStatus(await api<{ paths: object }>('GET', '/openapi.json'), 200)
    expect(Object.keys(paths).filter((path) => path.startsWith('/demo'))).toEqual([])
  })
})

describe('its colors', () => {
  const css = readFileSync(join(FOLDER, 'page.css'), 'utf8')
  const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]+--paper[^}]+)\}/g)].map((match) => match[1])
  const pairs = [
    ['ink', 'paper'],
    ['ink', 'raised'],
    ['ink', 'wash'],
    ['soft', 'paper'],
    ['soft', 'raised'],
    ['soft', 'wash'],
    ['soft', 'accent-wash'],
    ['accent', 'paper'],
    ['accent', 'raised'],
    ['accent', 'accent-wash'],
    ['on-accent', 'accent'],
    ['warm', 'paper'],
    ['warm', 'raised'],
  ] as const

  // WCAG 2.2, 1.4.3: text of any size has a contrast of 4.5 to its background.
  test.each([
    ['light', light],
    ['dark', dark],
  ])('are readable where it is %s', (_scheme, block) => {
    for (const [text, ground] of pairs) {
      const contrast = contrastOf(colour(block, text), colour(block, ground))
      expect({ text, ground, contrast: contrast >= 4.5 ? 'enough' : contrast }).toEqual({ text, ground, contrast: 'enough' })
    }
  })
})

/** Red, green and blue of a variable, 0 to 255. */
function colour(block: string, name: string): number[] {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6})`).exec(block)?.[1]
  if (!hex) throw new Error(`The style sheet has no color --${name}.`)
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
}

/** The contrast ratio of WCAG 2.2, 1 to 21. */
function contrastOf(one: number[], other: number[]): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

function luminance(channels: number[]): number {
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
