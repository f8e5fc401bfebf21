/** A real Chromium for tests of pages, and assertions that every page must pass. Check `requires('chromium')` first. */
import { expect } from 'bun:test'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { source as axe } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findProgram } from './requirements.ts'

/** Most of these options turn off Chromium's own requests to Google. Chromium does not start as root with its sandbox on. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--no-first-run',
  '--no-pings',
  '--disable-features=OptimizationHints,MediaRouter,Translate',
]

export async function openBrowser(): Promise<Browser> {
  const executablePath = findProgram('chromium') as string
  return chromium.launch({ executablePath, args: ARGUMENTS, downloadsPath: join(tmpdir(), 'stallwright-browser') })
}

/** A page, the URLs that it has requested, and the warnings and errors in its console. */
export type Watched = { page: Page; requests: string[]; complaints: string[] }

/** Opens a page in a new browser context. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const page = await (await browser.newContext(options)).newPage()
  const [requests, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => void requests.push(request.url()))
  page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  return { page, requests, complaints }
}

/** Asserts that a page requested nothing outside `url`, except data URLs and the addresses in `but`. */
export function expectNoneElsewhere({ requests }: Watched, url: string, but: string[] = []): void {
  const elsewhere = requests.filter((request) => !request.startsWith(`${url}/`) && !request.startsWith('data:'))
  expect(elsewhere.filter((request) => !but.includes(request))).toEqual([])
}

/** Asserts that the page is not wider than the window. */
export async function expectToFit(page: Page): Promise<void> {
  const { needed, there } = await page.evaluate(() => ({
    needed: document.documentElement.scrollWidth,
    there: document.documentElement.clientWidth,
  }))
  expect(needed).toBeLessThanOrEqual(there)
}

/**
 * Asserts that axe finds no violation on the page (WCAG 2.2 AA, and the best practices of axe). `left_out` names rules that a
 * library on the page breaks.
 */
export async function expectAccessible(page: Page, left_out: string[] = []): Promise<void> {
  // The Content-Security-Policy of the page blocks injected scripts. It does not apply to `evaluate`, which uses the debugger.
  await page.evaluate(axe)
  const found = await page.evaluate(async (left_out) => {
    const rules = Object.fromEntries(left_out.map((id) => [id, { enabled: false }]))
    const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run({ rules })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)
  }, left_out)
  expect(found).toEqual([])
}
