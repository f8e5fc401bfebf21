import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import { expectAccessible, expectNoneElsewhere, expectToFit, openBrowser, openPage } from '../../../test/support/browser.ts'
import { requires } from '../../../test/support/requirements.ts'
import { startServer } from '../../../test/support/server.ts'
import { problemKinds } from '../../platform/problem.ts'

const { api, url } = await startServer()
const TIMEOUT_MS = 60_000
/** The headers that browsers send. */
const HTML = { headers: { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' } }
const CODES = Object.keys(problemKinds)

describe('/', () => {
  test('is a page for browsers with links to the demo, the reference and the document', async () => {
    const page = await api('GET', '/', HTML)
    expectStatus(page, 200)
    expect(page.headers.get('content-type')).toStartWith('text/html')
    expect(page.headers.get('vary')).toContain('Accept')
    for (const path of ['/demo', '/docs', '/openapi.json']) {
      expect(page.text).toContain(`<a href="${path}">`)
      expectStatus(await api('GET', path), 200)
    }
  })

  test.each(['application/json', 'application/json, text/plain, */*', '*/*'])('is JSON for Accept %s', async (accept) => {
    const answer = await api('GET', '/', { headers: { Accept: accept } })
    expect(expectStatus(answer, 200)).toEqual({
      name: 'Stallwright',
      demo: '/demo',
      reference: '/docs',
      openapi: '/openapi.json',
    })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('vary')).toContain('Accept')
  })

  test('accepts only GET and HEAD', async () => {
    expectProblem(await api('POST', '/'), 405, 'method_not_allowed')
  })
})

describe('/problems', () => {
  test.each(CODES)('explains %s, its status, and what to do next', async (code) => {
    const page = await api('GET', `/problems/${code}`, HTML)
    expectStatus(page, 200)
    const { status, title } = problemKinds[code as keyof typeof problemKinds]
    expect(page.text.replaceAll('&#39;', "'")).toContain(title)
    expect(page.text).toContain(`HTTP status ${status}`)
    expect(page.text).toMatch(/<h2>What it means<\/h2>\n<p>.{20,}<\/p>\n<h2>What to do next<\/h2>\n<p>.{10,}<\/p>/)
  })

  test("is the target of a problem's type", async () => {
    const { type } = JSON.parse((await api('GET', '/v1/cart')).text)
    expect((await api('GET', type, HTML)).text).toContain('Sign in first')
  })

  test.each(['nothing', 'constructor', '__proto__', 'not_found/', ''])('404 for the code "%s"', async (code) => {
    expectProblem(await api('GET', `/problems/${code}`), 404, 'not_found')
  })
})

describe('requests that browsers and crawlers make by themselves', () => {
  test('/robots.txt keeps crawlers away from the calls, but not from the pages', async () => {
    const robots = await api('GET', '/robots.txt')
    expectStatus(robots, 200)
    expect(robots.headers.get('content-type')).toStartWith('text/plain')
    expect(robots.text).toBe('User-agent: *\nDisallow: /v1/\n')
  })

  test('/favicon.ico is an icon', async () => {
    const icon = await fetch(`${url}/favicon.ico`)
    expect({ status: icon.status, type: icon.headers.get('content-type') }).toEqual({ status: 200, type: 'image/x-icon' })
    expect([...new Uint8Array(await icon.arrayBuffer()).slice(0, 4)]).toEqual([0, 0, 1, 0])
  })

  test.each(['/docs', '/demo'])('%s/ redirects to the page without the slash', async (path) => {
    for (const query of ['', '?q=bowl']) {
      const answer = await fetch(`${url}${path}/${query}`, { redirect: 'manual' })
      expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({ status: 308, to: path + query })
    }
  })
})

if (requires('chromium'))
  describe('in a browser', () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await openBrowser()
    }, TIMEOUT_MS)
    afterAll(async () => browser.close())

    test.each([390, 1280])(
      'the small pages fit a window of %d px, are accessible, and request this server alone',
      async (width) => {
        const watched = await openPage(browser, { viewport: { width, height: 800 } })
        const { page, complaints } = watched
        for (const path of ['/', '/problems/idempotency_key_missing']) {
          await page.goto(url + path)
          await expectToFit(page)
          await expectAccessible(page)
        }
        await page.goto(url)
        await page.getByRole('link', { name: 'Search and buy' }).click()
        await page.waitForURL(`${url}/demo`)
        expect(complaints).toEqual([])
        expectNoneElsewhere(watched, url)
        await page.context().close()
      },
      TIMEOUT_MS,
    )
  })
