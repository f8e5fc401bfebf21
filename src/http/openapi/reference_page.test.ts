import { describe, expect, test } from 'bun:test'
import { expectProblem } from '../../../test/support/api.ts'
import { expectAccessible, expectNoneElsewhere, openBrowser, openPage } from '../../../test/support/browser.ts'
import { operationsOf, readOpenApi } from '../../../test/support/openapi.ts'
import { requires } from '../../../test/support/requirements.ts'
import { startServer } from '../../../test/support/server.ts'

/**
 * Findings about Swagger UI itself: a lock within the button of a call, groups as h3, examples that scroll, its head outside of
 * landmarks.
 */
const OF_SWAGGER_UI = ['nested-interactive', 'heading-order', 'scrollable-region-focusable', 'region']

const { api, url } = await startServer()

describe('/docs', () => {
  test('is a page whose policy allows nothing from other hosts', async () => {
    const page = await api('GET', '/docs')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toStartWith('text/html')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    const linked = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] as string)
    expect(linked.length).toBeGreaterThan(2)
    for (const path of linked) {
      expect(path).toStartWith('/docs/')
      const asset = await api('GET', path)
      expect(asset.status).toBe(200)
      expect(asset.text.length).toBeGreaterThan(50)
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('serves its own assets and no other file', async () => {
    for (const name of [
      'package.json',
      '..%2Fpackage.json',
      '..%2F..%2Fpackage.json',
      '%2Fetc%2Fpasswd',
      'swagger-ui.css%00',
      '__proto__',
      'constructor',
    ]) {
      expectProblem(await api('GET', `/docs/${name}`), 404, 'not_found')
    }
  })

  if (requires('chromium')) {
    test('renders every operation in a real browser, which requests no other host', async () => {
      const count = operationsOf(await readOpenApi()).length
      const browser = await openBrowser()
      try {
        const watched = await openPage(browser, { viewport: { width: 1280, height: 2400 } })
        const { page, requests, complaints } = watched
        await page.goto(`${url}/docs`)
        await page
          .locator('.opblock')
          .nth(count - 1)
          .waitFor()
        expect(await page.locator('.opblock').count()).toBe(count)
        await page.locator('#operations-Checkout-checkOut button.opblock-summary-control').click()
        await page.locator('#operations-Checkout-checkOut').getByText('Idempotency-Key').first().waitFor()
        await page.locator('#operations-Checkout-checkOut .response[data-code="503"]').waitFor()
        await expectAccessible(page, OF_SWAGGER_UI)
        expect(await page.locator('.title').first().textContent()).toContain('Stallwright')
        if (process.env.STALLWRIGHT_SCREENSHOT) await page.screenshot({ path: process.env.STALLWRIGHT_SCREENSHOT })
        expect(complaints).toEqual([])
        expectNoneElsewhere(watched, url)
        expect(requests).toContain(`${url}/openapi.json`)
      } finally {
        await browser.close()
      }
    }, 60_000)

    test('fits a phone, begins with first steps, hides links between calls, and does not store the token', async () => {
      const browser = await openBrowser()
      try {
        const { page, complaints } = await openPage(browser, { viewport: { width: 390, height: 844 } })
        await page.goto(`${url}/docs`)
        await page.locator('#operations-Checkout-checkOut button.opblock-summary-control').click()
        const call = page.locator('#operations-Checkout-checkOut')
        await call.locator('.response[data-code="503"]').waitFor()
        expect(await page.evaluate(findTooWide)).toEqual([])
        expect(await call.locator('.response').count()).toBeGreaterThan(8)
        expect(await call.getByText(/links/i).filter({ visible: true }).count()).toBe(0)
        expect(await call.textContent()).not.toContain('$response.body')
        expect(await page.locator('.info').textContent()).toContain('First steps.')
        expect(await page.locator('.opblock-tag small').count()).toBeGreaterThan(10)
        await page.locator('.scheme-container button.authorize').click()
        await page.locator('.dialog-ux input').fill('sw_secret')
        await page.locator('.dialog-ux button.authorize').click()
        expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain('sw_secret')
        expect(complaints).toEqual([])
      } finally {
        await browser.close()
      }
    }, 60_000)
  }
})

/** Runs in the page. Returns the elements that reach beyond its right edge and cannot be scrolled to in their own box. */
function findTooWide(): string[] {
  const scrolls = (element: Element | null): boolean =>
    element !== null && (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement))
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !scrolls(element.parentElement))
    .map((element) => `${element.tagName}.${element.getAttribute('class')}`)
}
