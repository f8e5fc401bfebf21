/** All mails in a browser at the width of a phone, light and dark. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { expectAccessible, expectToFit, openBrowser, openPage } from '../../../test/support/browser.ts'
import { requires } from '../../../test/support/requirements.ts'
import { LISTING } from '../products/limits.ts'
import { kinds, render } from './render.ts'
import { samples } from './samples.ts'

const PHONE = { width: 390, height: 844 }
const LINK = `https://market.example/order-access/${'x'.repeat(43)}`
/** The longest title of a listing, as one word. */
const LONG = 'M'.repeat(LISTING.title)

/** Returns the sample facts of a kind, with long titles. */
const longFacts = (kind: string) =>
  JSON.parse(JSON.stringify(samples.get(kind)), (key, value) => (key === 'title' ? LONG : value))

if (requires('chromium')) {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  test.each([
    ['en', 'light'],
    ['en', 'dark'],
    ['de', 'light'],
  ] as const)('all mails in %s, %s, fit a phone, are accessible and load nothing', async (locale, scheme) => {
    const watched = await openPage(browser, { viewport: PHONE, colorScheme: scheme })
    for (const kind of kinds) {
      await watched.page.setContent(render({ kind, locale, facts: longFacts(kind), link: LINK }).html)
      await expectToFit(watched.page)
      await expectAccessible(watched.page)
    }
    expect(watched.requests).toEqual([])
    expect(watched.complaints).toEqual([])
    await watched.page.context().close()
  })
}
