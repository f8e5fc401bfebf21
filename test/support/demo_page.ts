/** Visits to the page at /demo in a real browser. */
import { expect } from 'bun:test'
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import { expectNoneElsewhere, openPage } from './browser.ts'
import { drawPng } from './pictures.ts'

export const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 900 } }
export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
/** The console message of Chromium for an error response. */
export const FAILED = /^Failed to load resource/
/** The address of a missing picture. */
export const GONE = 'https://pictures.example/gone.png'

/** `complaint`: the messages of the console that the test expects. */
export type VisitOptions = { context?: BrowserContextOptions; complaint?: RegExp }

/** Opens a view, runs `act` there, and asserts that the page logged no error and called only this server. */
export async function visitPage(
  browser: Browser,
  url: string,
  path: string,
  act: (page: Page) => Promise<void>,
  { context = DESK, complaint }: VisitOptions = {},
): Promise<void> {
  const watched = await openPage(browser, context)
  const { page, complaints } = watched
  const pictures = await answerPictures(page)
  try {
    await page.goto(url + path)
    await page.locator('main[aria-busy=false]').waitFor()
    await act(page)
    expect(complaints.filter((line) => !complaint?.test(line))).toEqual([])
    expectNoneElsewhere(watched, url, pictures)
  } catch (error) {
    console.error(`The page at ${page.url()} showed: ${await page.locator('body').textContent().catch(String)}`)
    throw error
  } finally {
    await page.context().close()
  }
}

/** Responds for pictures on other hosts, including those of other tests' listings. Returns the requested URLs. */
async function answerPictures(page: Page): Promise<string[]> {
  const asked: string[] = []
  const isElsewhere = (request: Request) => request.resourceType() === 'image' && request.url().startsWith('https:')
  page.on('request', (request) => void (isElsewhere(request) && asked.push(request.url())))
  const body = Buffer.from(drawPng({ width: 60, height: 90 }))
  const answer = { contentType: 'image/png', body }
  await page.route(/^https:/, (route) => (isElsewhere(route.request()) ? route.fulfill(answer) : route.continue()))
  await page.route(GONE, (route) => route.abort())
  return asked
}
