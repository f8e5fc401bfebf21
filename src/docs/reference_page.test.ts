import { describe, expect, test } from 'bun:test'
import { expectProblem } from '../test/api.ts'
import { expectNoneElsewhere, openBrowser, openPage } from '../test/browser.ts'
import { operationsOf, readOpenApi } from '../test/openapi.ts'
import { requires } from '../test/requirements.ts'
import { startServer } from '../test/server.ts'

const { api, url } = await startServer()

describe('/docs', () => {
  test('is a page whose policy lets nothing in from elsewhere', async () => {
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
    test('renders every operation in a real browser that speaks to nobody else', async () => {
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
        expect(await page.locator('.title').first().textContent()).toContain('Stallwright')
        if (process.env.STALLWRIGHT_SCREENSHOT) await page.screenshot({ path: process.env.STALLWRIGHT_SCREENSHOT })
        expect(complaints).toEqual([])
        expectNoneElsewhere(watched, url)
        expect(requests).toContain(`${url}/openapi.json`)
      } finally {
        await browser.close()
      }
    }, 60_000)
  }
})
