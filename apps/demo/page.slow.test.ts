/** The search page in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { expectStatus } from '../../test/support/api.ts'
import { expectAccessible, expectToFit, openBrowser } from '../../test/support/browser.ts'
import { DESK, FAILED, GONE, PHONE, type VisitOptions, visitPage } from '../../test/support/demo_page.ts'
import { requires } from '../../test/support/requirements.ts'
import type { Category, Product, SearchResult, Shop } from '../../test/support/responses.ts'
import { startServer } from '../../test/support/server.ts'
import {
  buy,
  eventually,
  inventWord,
  listCategories,
  listItem,
  makeSeller,
  readAllPages,
  reviewOrder,
  type Shopper,
  shipOrder,
  signUp,
  uploadPicture,
} from '../../test/support/shopper.ts'

const { api, url } = await startServer()

/** The maximum time for the index to follow a write. */
const FOLLOWS_MS = 10_000
// A unique word in 30 listings: every third is vintage, every fifth costs less than $25, the first ten are in a category below
// that of the others.
const word = inventWord()
const misspelled = `${word.slice(0, 6)}x${word.slice(7)}`
const COUNT = 30
const shop_name = `${inventWord()} Pottery`
let browser: Browser
let seller: Shopper
let shop: Shop
let parent: Category
let child: Category

if (requires('chromium')) {
  beforeAll(async () => {
    browser = await openBrowser()
    await stock()
  })
  afterAll(async () => browser.close())

  describe('/demo in a browser', () => {
    test('shows results for the corrected query, and for the typed one on request', () =>
      visit('/demo', async (page) => {
        await boxOf(page).fill(misspelled)
        await page.keyboard.press('Enter')
        await seeTotal(page, `${COUNT} listings`)
        expect(await textOf(page, '#heading')).toBe(`“${word}”`)
        expect(await textOf(page, '#notes')).toBe(`Showing results for ${word}. Search instead for ${misspelled}.`)
        expect(await page.locator('.card').count()).toBe(24)
        expect(await page.title()).toContain(word)
        await page.getByRole('link', { name: misspelled, exact: true }).click()
        await page.locator('#chips .chip').waitFor()
        expect(queryOf(page)).toEqual({ q: misspelled, exact: 'true' })
        expect(await chipsOf(page)).toEqual(['Exactly as typed'])
      }))

    test('filters by facets with correct counts; a chip removes each filter, and so does Back', () =>
      visit(`/demo?q=${word}`, async (page) => {
        const choose = async (key: string, expected: number) => {
          const choice = page.locator(`[data-key="${key}"]`)
          expect(await choice.locator('.count').textContent()).toBe(String(expected))
          await choice.click()
          await page.locator(`[data-key="${key}"][aria-current="true"]`).waitFor()
          await seeTotal(page, expected === 1 ? '1 listing' : `${expected} listings`)
          // It is a new element, and it has the focus.
          expect(await choice.evaluate((element) => element === document.activeElement)).toBe(true)
        }
        await choose('vintage-true', 10)
        expect(await page.locator('.card .badge').count()).toBe(10)
        await choose('price-under_25', 2)
        await choose(`category-${child.slug}`, 1)
        const all = [child.name, 'Under $25', 'Vintage']
        expect(await chipsOf(page)).toEqual(all)
        expect(queryOf(page)).toEqual({ q: word, category: child.slug, price_max: '24.99', is_vintage: 'true' })
        await page.locator('[data-key="chip-category"]').click()
        await seeTotal(page, '2 listings')
        expect(await chipsOf(page)).toEqual(['Under $25', 'Vintage'])
        await page.goBack()
        await seeTotal(page, '1 listing')
        expect(await chipsOf(page)).toEqual(all)
        await page.goForward()
        await seeTotal(page, '2 listings')
        await page.getByRole('link', { name: 'Clear all' }).click()
        await seeTotal(page, `${COUNT} listings`)
        expect(await chipsOf(page)).toEqual([])
        expect(queryOf(page)).toEqual({ q: word })
      }))

    test('shows the same view for the same address', () =>
      visit(`/demo?q=${word}&category=${parent.slug}&price_min=25&is_vintage=false&sort=newest`, async (page) => {
        const { items } = await search({ q: word, category: parent.slug, price_min: '25', is_vintage: 'false', sort: 'newest' })
        expect(items.length).toBe(16)
        expect(await idsOn(page)).toEqual(items.map(({ id }) => id))
        expect(await chipsOf(page)).toEqual([parent.name, '$25 and over', 'Not vintage'])
        expect(await page.getByLabel('Sort by').inputValue()).toBe('newest')
        await page.getByLabel('Sort by').selectOption('price_asc')
        await page.waitForURL(/sort=price_asc/)
        await page.locator('main[aria-busy=false]').waitFor()
        expect(await chipsOf(page)).toEqual([parent.name, '$25 and over', 'Not vintage'])
      }))

    test('shows more until it has shown each listing once, and restores the position on Back', () =>
      visit(`/demo?q=${word}`, async (page) => {
        const listed = await readAllPages<Product>((path) => api('GET', path), `/v1/search?q=${word}`)
        expect(await textOf(page, '#shown')).toBe(`24 of ${COUNT} listings`)
        await page.getByRole('button', { name: 'Show more' }).click()
        await page
          .locator('.card')
          .nth(COUNT - 1)
          .waitFor()
        expect(await idsOn(page)).toEqual(listed.map(({ id }) => id))
        expect(await textOf(page, '#shown')).toBe(`That is all: ${COUNT} listings`)
        expect(await page.getByRole('button', { name: 'Show more' }).isVisible()).toBe(false)
        expect(
          await page.evaluate(() => document.activeElement?.closest('.card')?.previousElementSibling?.matches(':nth-child(24)')),
        ).toBe(true)
        const last = page.locator('.card .shop a').last()
        await last.scrollIntoViewIfNeeded()
        const height = await page.evaluate(() => scrollY)
        expect(height).toBeGreaterThan(900)
        await last.click()
        await page.locator('#heading', { hasText: shop_name }).waitFor()
        expect(queryOf(page)).toEqual({ shop: String(shop.id) })
        expect(await page.evaluate(() => scrollY)).toBe(0)
        await page.goBack()
        await seeTotal(page, `${COUNT} listings`)
        expect(await page.locator('.card').count()).toBe(COUNT)
        await page.waitForFunction((y) => Math.abs(scrollY - y) < 2, height)
      }))

    test('suggests searches and shops, with the keyboard only', () =>
      visit('/demo', async (page) => {
        for (const expected of ['skip', 'brand', 'query']) {
          await page.keyboard.press('Tab')
          expect(await page.evaluate(() => document.activeElement?.id || document.activeElement?.className)).toBe(expected)
        }
        const box = boxOf(page)
        await page.keyboard.type(word.slice(0, -3))
        await page.getByRole('option', { name: word }).first().waitFor()
        expect(await box.getAttribute('aria-expanded')).toBe('true')
        await page.keyboard.press('ArrowDown')
        const active = page.locator(`#${await box.getAttribute('aria-activedescendant')}`)
        expect(await active.getAttribute('aria-selected')).toBe('true')
        const chosen = (await active.textContent()) as string
        await page.keyboard.press('Enter')
        await page.locator('#heading', { hasText: `“${chosen}”` }).waitFor()
        expect(await box.getAttribute('aria-expanded')).toBe('false')
        expect(await box.inputValue()).toBe(chosen)

        await page.keyboard.press('ControlOrMeta+A')
        await page.keyboard.type(shop_name.slice(0, 8))
        await page.getByRole('group', { name: 'Shops' }).getByRole('option', { name: shop_name }).waitFor()
        await page.keyboard.press('Escape')
        expect(await box.getAttribute('aria-expanded')).toBe('false')
        expect(await box.inputValue()).toBe(shop_name.slice(0, 8))
        await page.keyboard.press('ArrowDown')
        await page.getByRole('option', { name: shop_name }).waitFor()
        // ArrowUp in the box activates the end of the list, where the shops are.
        await page.keyboard.press('ArrowUp')
        await page.keyboard.press('Enter')
        await page.locator('#heading', { hasText: shop_name }).waitFor()
        expect(queryOf(page)).toEqual({ shop: String(shop.id) })
        await seeTotal(page, `${COUNT} listings`)
      }))

    test('suggests categories, each with its parent', () =>
      visit('/demo', async (page) => {
        await boxOf(page).fill(child.name)
        const option = page
          .getByRole('group', { name: 'Categories' })
          .getByRole('option', { name: `${child.name} in ${parent.name}` })
        await option.click()
        await page.locator('#heading', { hasText: child.name }).waitFor()
        expect(queryOf(page)).toEqual({ category: child.slug })
        expect(await chipsOf(page)).toEqual([child.name])
      }))

    test('aborts outdated requests: late responses change nothing', () =>
      visit('/demo', async (page) => {
        const late = Promise.withResolvers<void>()
        await page.route(/[?&]q=late/, async (route) => {
          await late.promise
          await route.continue().catch(() => undefined)
        })
        const given_up = (part: string) => page.waitForEvent('requestfailed', (request) => request.url().includes(part))
        const box = boxOf(page)
        await Promise.all([page.waitForRequest(/suggest\?q=late/), box.fill('late')])
        await Promise.all([given_up('suggest?q=late'), box.fill(word.slice(0, -3))])
        await page.getByRole('option', { name: word }).first().waitFor()
        await box.fill('late')
        await Promise.all([page.waitForRequest(/search\?q=late/), page.keyboard.press('Enter')])
        expect(await page.locator('main').getAttribute('aria-busy')).toBe('true')
        // The page still shows the previous view, so it offers no next page.
        const requests: string[] = []
        page.on('request', (request) => void requests.push(request.url()))
        await page.getByRole('button', { name: 'Show more' }).click()
        await box.fill(word)
        await Promise.all([given_up('search?q=late'), page.keyboard.press('Enter')])
        await seeTotal(page, `${COUNT} listings`)
        late.resolve()
        await page.unrouteAll({ behavior: 'wait' })
        expect(requests.filter((request) => request.includes('cursor='))).toEqual([])
        expect(await textOf(page, '#heading')).toBe(`“${word}”`)
      }))

    test('keeps the text that is typed during a search', () =>
      visit('/demo', async (page) => {
        const late = Promise.withResolvers<void>()
        await page.route(/search\?q=/, async (route) => {
          await late.promise
          await route.continue()
        })
        await boxOf(page).fill(word)
        await Promise.all([page.waitForRequest(/search\?q=/), page.keyboard.press('Enter')])
        await boxOf(page).fill('something else')
        late.resolve()
        await seeTotal(page, `${COUNT} listings`)
        expect(await boxOf(page).inputValue()).toBe('something else')
      }))

    test('fits a phone: nothing overflows, and the filters fold away', () =>
      visit(
        `/demo?q=${word}`,
        async (page) => {
          const [panel, opener] = [page.locator('#panel'), page.locator('#open-filters')]
          expect(await panel.isVisible()).toBe(false)
          await expectToFit(page)
          await opener.tap()
          expect(await opener.getAttribute('aria-expanded')).toBe('true')
          await expectToFit(page)
          await page.locator('[data-key="vintage-true"]').tap()
          await seeTotal(page, '10 listings')
          // The user can choose more filters.
          expect(await panel.isVisible()).toBe(true)
          expect(await opener.textContent()).toContain('1')
          await page.getByRole('button', { name: 'Show 10 listings' }).tap()
          expect(await panel.isVisible()).toBe(false)
          await boxOf(page).fill(word.slice(0, -3))
          await page.getByRole('option').first().waitFor()
          await expectToFit(page)
          await page.goto(`${url}/demo?q=${'W'.repeat(200)}&category=${child.slug}&price_max=5`)
          await page.locator('.message').waitFor()
          await expectToFit(page)
        },
        { context: PHONE },
      ))

    test.each([
      ['desk', DESK],
      ['phone', PHONE],
    ])('has little layout shift while it loads on a %s', async (_device, context) => {
      const [item] = (await search({ q: word })).items as Product[] as [Product]
      // https://web.dev/articles/cls: a score of 0.1 or less is good.
      const visitAll = [
        '/demo',
        `/demo?q=${misspelled}&is_vintage=true`,
        `/demo?shop=${shop.id}`,
        `/demo?listing=${item.id}`,
      ].map((path) => visit(path, async (page) => expect(await layoutShiftOf(page)).toBeLessThan(0.1), { context }))
      await Promise.all(visitAll)
    })
  })

  describe('the page of a listing in /demo', () => {
    test('opens from picture and title of a card, shows the whole listing, and Back focuses the card again', () =>
      visit(`/demo?q=${word}&sort=price_asc`, async (page) => {
        const [id] = (await idsOn(page)) as [number]
        const told = expectStatus(await api<Product>('GET', `/v1/products/${id}`), 200)
        await page.locator(`.card[data-id="${id}"] .picture`).click()
        await page.locator('#heading', { hasText: told.title }).waitFor()
        expect(queryOf(page)).toEqual({ listing: String(id) })
        expect(await textOf(page, '#total')).toBe('$12.00 · 5 in stock')
        expect(await textOf(page, '.details .shop a')).toBe(shop_name)
        expect(await textOf(page, '.description')).toBe('Thrown by hand.')
        expect(await page.locator('dt').allTextContents()).toEqual(expect.arrayContaining(['Category', 'Ready to ship']))
        await page.locator('#similar', { hasText: 'Similar listings' }).waitFor()
        await page.locator('.card:first-child', { hasText: `${word} bowl` }).waitFor()
        expect(await idsOn(page)).toHaveLength(8)
        expect(await idsOn(page)).not.toContain(id)

        await page.goBack()
        await seeTotal(page, `${COUNT} listings`)
        expect(await page.locator('#listing').textContent()).toBe('')
        // The focus returns to the card.
        await page.keyboard.press('Enter')
        await page.locator('#heading', { hasText: told.title }).waitFor()
        expect(await page.evaluate(() => document.activeElement?.id)).toBe('heading')
        await page.locator('.card h2 a').first().click()
        await page.waitForURL((address) => address.searchParams.get('listing') !== String(id))
        await page.goBack()
        await page.locator('#heading', { hasText: told.title }).waitFor()
        await page.locator('.details .shop a').click()
        await page.locator('#heading', { hasText: shop_name }).waitFor()
      }))

    test.each([
      ['desk', DESK],
      ['phone', PHONE],
    ])('fits a %s, is readable, and shows pictures, vacation and sold-out stock', async (_device, context) => {
      const stall = await makeSeller({ name: `${inventWord()} Glass` })
      const images = ['https://pictures.example/a.png', 'https://pictures.example/b.png', 'http://pictures.example/c.png']
      const title = `${'W'.repeat(60)} <img src=x onerror=alert(1)>`
      const facts = { who_made: 'i_did', when_made: '1960s', is_vintage: true, quantity: 0 }
      const { id } = await listItem(stall.seller, stall.shop, { title, images, description: 'One\nTwo', ...facts })
      const vacation = { is_on_vacation: true, vacation_message: 'Back in May.' }
      expectStatus(await stall.seller.call('PATCH', `/v1/shops/${stall.shop.id}`, { body: vacation }), 200)
      const act = async (page: Page) => {
        await page.goto(`${url}/demo?listing=${id}`)
        await page.locator('#heading', { hasText: 'WWW' }).waitFor()
        expect(await textOf(page, '#heading')).toBe(title)
        expect(await textOf(page, '#total')).toEndWith(' · Sold out')
        expect(await textOf(page, '#notes')).toContain('is on vacation and sells nothing for now. It says: “Back in May.”')
        expect(await page.locator('.pictures img').count()).toBe(2)
        expect(await page.locator('.pictures svg').count()).toBe(1)
        expect(await page.locator('dl').textContent()).toContain('by the seller, 1960s')
        await page.locator('#cards .waiting').first().waitFor({ state: 'detached' })
        await expectToFit(page)
        await expectAccessible(page)
      }
      await visit('/demo', act, { context })
    })

    test('shows messages for a missing listing, no connection, and a failure of the similar listings', async () => {
      const gone = await listItem(seller, shop, { title: inventWord() })
      const there = await listItem(seller, shop, { title: `${inventWord()} bowl` })
      expectStatus(await seller.call('DELETE', `/v1/products/${gone.id}`), 204)
      const path = `/demo?listing=${gone.id}`
      const act = async (page: Page) => {
        await page.locator('.message', { hasText: 'This listing is not available' }).waitFor()
        await expectAccessible(page)
        await page.goto(`${url}/demo?listing=abc`)
        await page.locator('.message', { hasText: 'This listing is not available' }).waitFor()
        await page.getByRole('link', { name: 'Start over' }).click()
        await page.locator('.card').first().waitFor()
        await page.route(/v1\/products\//, (route) => route.abort(), { times: 1 })
        await page.route(/v1\/search\?q=/, (route) => route.abort(), { times: 1 })
        await page.goto(`${url}/demo?listing=${there.id}`)
        await page.locator('.message', { hasText: 'The market does not respond' }).waitFor()
        await page.getByRole('button', { name: 'Try again' }).click()
        await page.locator('#heading', { hasText: there.title }).waitFor()
        await page.locator('.message', { hasText: 'The similar listings could not be loaded' }).waitFor()
        await page.getByRole('button', { name: 'Try again' }).click()
        await page.locator('.card').first().waitFor()
        expect(await page.locator('.message').count()).toBe(0)
        expect(await textOf(page, '#heading')).toBe(there.title)
      }
      await visit(path, act, { complaint: FAILED })
    })
  })

  describe('/demo in a browser, when things go wrong', () => {
    test('shows the next steps if nothing is found', () =>
      visit(`/demo?q=${word}&category=${child.slug}&price_min=1000`, async (page) => {
        expect(await textOf(page, '.message h2')).toBe('Nothing matches all of this')
        await page.getByRole('link', { name: 'Without “$1,000 and over”' }).click()
        await seeTotal(page, '10 listings')
        // Runes, because a word of Latin letters always resembles a word of some listing and finds it.
        const unknown = 'ᚠᚢᚦᚨᚱᚲ'
        await boxOf(page).fill(unknown)
        await boxOf(page).press('Enter')
        await page.locator('.message h2', { hasText: `Nothing found for “${unknown}”` }).waitFor()
        await page.getByRole('link', { name: 'Browse everything' }).click()
        await page.locator('.card').first().waitFor()
        expect(queryOf(page)).toEqual({})
      }))

    test('shows the error of an invalid address', () =>
      visit(
        '/demo?price_min=cheap',
        async (page) => {
          expect(await textOf(page, '.message')).toContain('The lowest price must be a decimal string in US dollars')
          await page.goto(`${url}/demo?category=no-such-category`)
          await page.locator('.message', { hasText: 'There is no such category.' }).waitFor()
          await page.goto(`${url}/demo?shop=999999999`)
          await page.locator('.message', { hasText: 'There is no such shop.' }).waitFor()
          await page.getByRole('link', { name: 'Start over' }).click()
          await page.locator('.card').first().waitFor()
        },
        { complaint: FAILED },
      ))

    test('shows a failed request, retries on request, and keeps its content', () =>
      visit(
        `/demo?q=${word}`,
        async (page) => {
          await page.route(/cursor=/, (route) => route.abort(), { times: 1 })
          await page.getByRole('button', { name: 'Show more' }).click()
          await page.locator('#shown', { hasText: 'The market does not respond' }).waitFor()
          expect(await page.locator('.card').count()).toBe(24)
          await page.getByRole('button', { name: 'Show more' }).click()
          await page
            .locator('.card')
            .nth(COUNT - 1)
            .waitFor()

          for (const [status, told] of [
            [429, 'Please wait 7 seconds before the next one.'],
            [503, 'Something went wrong here'],
          ] as const) {
            const body = JSON.stringify({ status, detail: 'no', code: 'no', request_id: `request-${status}` })
            await page.route(/sort=newest/, (route) => route.fulfill({ status, headers: { 'Retry-After': '7' }, body }), {
              times: 1,
            })
            await page.getByLabel('Sort by').selectOption('newest')
            await page.locator('.message', { hasText: told }).waitFor()
            expect(await textOf(page, '.message')).not.toContain('undefined')
            await page.getByRole('button', { name: 'Try again' }).click()
            await seeTotal(page, `${COUNT} listings`)
            await page.getByLabel('Sort by').selectOption('')
            await page.waitForURL((address) => !address.search.includes('sort'))
            await seeTotal(page, `${COUNT} listings`)
          }
        },
        { complaint: FAILED },
      ))

    test('shows the notes of a response: a fallback search, more results, another spelling', () =>
      visit('/demo', async (page) => {
        await page.route(/\/v1\/search\?q=/, async (route) => {
          const response = await route.fetch()
          const answer = {
            ...(await response.json()),
            degraded: true,
            total: 10_000,
            total_is_lower_bound: true,
            did_you_mean: 'mugs',
          }
          await route.fulfill({ response, json: answer })
        })
        await boxOf(page).fill(word)
        await page.keyboard.press('Enter')
        await seeTotal(page, '10,000+ listings')
        expect(await textOf(page, '#shown')).toBe('24 of 10,000+ listings')
        expect(await page.locator('#notes .note').allTextContents()).toEqual([
          'Did you mean mugs?',
          'Search runs in a reduced mode right now. The order may be less good than usual.',
        ])
        await page.getByRole('link', { name: 'mugs' }).click()
        await page.locator('#heading', { hasText: '“mugs”' }).waitFor()
        expect(queryOf(page)).toEqual({ q: 'mugs' })
      }))
  })

  test('a card shows picture, title, shop, rating and price, and runs no code of a seller', async () => {
    const shown = await listShowpieces()
    await visit(
      '/demo',
      async (page) => {
        await boxOf(page).fill(shown.word)
        await page.keyboard.press('Enter')
        await seeTotal(page, '5 listings')
        const card = (title: string) => page.locator('.card', { hasText: title })
        const own = card('uploaded')
        const parts = ['.badge', 'h2', '.shop a', '.rating', '.price strong', '.stock'].map((part) =>
          own.locator(part).textContent(),
        )
        expect(await Promise.all(parts)).toEqual([
          'Vintage',
          `${shown.word} uploaded`,
          shown.shop.name,
          '★ rated 4.0 of 5',
          '$1,234.50',
          'Only one',
        ])
        for (const title of ['uploaded', 'hosted'])
          await page.waitForFunction(
            (img) => (img as HTMLImageElement).naturalWidth > 0,
            await card(title).locator('img').elementHandle(),
          )
        for (const title of ['gone', 'insecure', '<img']) await card(title).locator('svg.quilt').waitFor()
        // All cards have the same square for the picture.
        const squares = await page
          .locator('.picture')
          .evaluateAll((pictures) => pictures.map((picture) => picture.getBoundingClientRect()))
        for (const { width, height } of squares) expect(Math.abs(width - height)).toBeLessThan(1)
        expect(await card('hosted').locator('.stock').count()).toBe(0)
        expect(await page.locator('.card h2 img').count()).toBe(0)
      },
      { complaint: FAILED },
    )
  })
}

/** Opens a view of the page and runs `act` there. */
const visit = (path: string, act: (page: Page) => Promise<void>, options?: VisitOptions): Promise<void> =>
  visitPage(browser, url, path, act, options)

async function seeTotal(page: Page, total: string): Promise<void> {
  await page.locator('main[aria-busy=false] #total', { hasText: new RegExp(`^${total.replace('+', '\\+')}$`) }).waitFor()
}

async function textOf(page: Page, selector: string): Promise<string | null> {
  return page.locator(selector).textContent()
}

/** Returns the search box. */
function boxOf(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Search handmade and vintage goods' })
}

/** Returns the visible labels of the chips. */
async function chipsOf(page: Page): Promise<string[]> {
  const labels = await page.locator('.chip').allTextContents()
  return labels.map((label) => label.replace('Remove the filter ', ''))
}

async function idsOn(page: Page): Promise<number[]> {
  return page.locator('.card').evaluateAll((cards) => cards.map((card) => Number((card as HTMLElement).dataset.id)))
}

function queryOf(page: Page): Record<string, string> {
  return Object.fromEntries(new URL(page.url()).searchParams)
}

/** Returns the sum of the layout shifts since the page opened. */
async function layoutShiftOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const observer = new PerformanceObserver(() => {})
    observer.observe({ type: 'layout-shift', buffered: true })
    const shifts = observer.takeRecords() as (PerformanceEntry & { value: number })[]
    return shifts.reduce((sum, shift) => sum + shift.value, 0)
  })
}

async function search(query: Record<string, string>): Promise<SearchResult> {
  return expectStatus(await api<SearchResult>('GET', `/v1/search?${new URLSearchParams(query)}`), 200)
}

/** Lists the 30 listings, and waits until search, spelling and suggestions have them. */
async function stock(): Promise<void> {
  const stall = await makeSeller({ name: shop_name })
  seller = stall.seller
  shop = stall.shop
  parent = (await listCategories()).find((category) => category.children.length > 0) as Category
  child = parent.children[0] as Category
  for (let n = 0; n < COUNT; n++)
    await listItem(seller, shop, {
      title: `${word} bowl ${n}`,
      description: 'Thrown by hand.',
      price: n % 5 === 0 ? '12.00' : '30.00',
      category_id: n < 10 ? child.id : parent.id,
      quantity: 5,
      is_vintage: n % 3 === 0,
    })
  await eventually(
    FOLLOWS_MS,
    () => search({ q: misspelled }),
    (found) => found.showing_results_for === word && found.total === COUNT,
  )
  const path = `/v1/search/suggest?q=${word.slice(0, -3)}`
  await eventually(
    FOLLOWS_MS,
    async () => expectStatus(await api<{ items: string[] }>('GET', path), 200).items,
    (items) => items.length > 0,
  )
}

/** Makes listings of a shop with a review of 4: with an uploaded picture, with external ones, and with a hostile title. */
async function listShowpieces() {
  const stall = await makeSeller({ name: `${inventWord()} Glass` })
  const shown_word = inventWord()
  const [hosted, insecure] = ['https://pictures.example/a.png', 'http://pictures.example/c.png']
  const list = (title: string, changes: object) =>
    listItem(stall.seller, stall.shop, { title: `${shown_word} ${title}`, quantity: 3, ...changes })
  const picture = await uploadPicture(stall.seller)
  await list('uploaded', { images: [picture.url], is_vintage: true, price: '1234.50', quantity: 1 })
  await list('hosted', { images: [hosted] })
  await list('gone', { images: [GONE] })
  await list('insecure', { images: [insecure] })
  const sold = await list('<img src=x onerror=alert(1)>', { quantity: 9 })
  const buyer = await signUp('Bo')
  const order = await buy(buyer, sold)
  await shipOrder(stall.seller, order)
  await reviewOrder(buyer, order, 4)
  await eventually(
    FOLLOWS_MS,
    () => search({ q: shown_word }),
    (found) => found.total === 5 && found.items.every((item) => item.shop.rating === 4),
  )
  return { word: shown_word, shop: stall.shop }
}
