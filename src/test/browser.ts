/** A real Chromium for tests of pages, and what a page must never do. Ask `requires('chromium')` first. */
import { expect } from 'bun:test'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findProgram } from './requirements.ts'

/** Chromium asks its maker for this and that unless told not to; as root it needs no sandbox of its own. */
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

/** What a page asked for, and what it complained of in its console. */
export type Watched = { page: Page; requests: string[]; complaints: string[] }

/** A page in a browsing context of its own. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const page = await (await browser.newContext(options)).newPage()
  const [requests, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => void requests.push(request.url()))
  page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  return { page, requests, complaints }
}

/** Asserts that a page spoke to this server alone, those other addresses aside. */
export function expectNoneElsewhere({ requests }: Watched, url: string, but: string[] = []): void {
  const elsewhere = requests.filter((request) => !request.startsWith(`${url}/`) && !request.startsWith('data:'))
  expect(elsewhere.filter((request) => !but.includes(request))).toEqual([])
}
