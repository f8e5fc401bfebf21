/** Buying on the page in a real browser: session, cart, checkout and orders. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expectStatus } from '../../test/support/api.ts'
import { expectAccessible, expectNoneElsewhere, expectToFit, openBrowser, openPage } from '../../test/support/browser.ts'
import { requires } from '../../test/support/requirements.ts'
import type { Cart, Product } from '../../test/support/responses.ts'
import { startServer } from '../../test/support/server.ts'
import { addToCart, inventWord, listItem, makeSeller, type Shopper, signUp } from '../../test/support/shopper.ts'

const { api, url } = await startServer()

const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 900 } }
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const PASSWORD = 'correct horse battery'
let browser: Browser

if (requires('chromium')) {
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => browser.close())

  describe('the cart of /demo', () => {
    test('a visitor registers with the keyboard, and adds to a cart of two shops with a hold', () =>
      visit('/demo', async (page) => {
        const [only, many] = [await list({ quantity: 1 }), await list({ quantity: 5, price: '12.00' })]
        await open(page, { listing: only.id })
        await page.locator('[data-key=add-to-cart]').press('Enter')
        await page.locator('dialog').waitFor()
        await page.keyboard.press('Shift+Tab')
        await page.keyboard.press('ArrowRight')
        await page.keyboard.press('Tab')
        const email = `${inventWord()}@example.com`
        for (const words of [email, 'Ann Lee', 'password1']) {
          await page.keyboard.type(words)
          await page.keyboard.press('Tab')
        }
        await expectAccessible(page)
        await page.keyboard.press('Enter')
        await page.locator('dialog .field-error', { hasText: 'This must not be one of the most common passwords' }).waitFor()
        expect(await focusOf(page)).toBe('password')
        await page.keyboard.press('ControlOrMeta+A')
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press('Enter')
        await page.locator('.buying', { hasText: /It is in your cart.*Held for you for 1[45]:\d\d/ }).waitFor()
        expect(await page.locator('dialog').count()).toBe(0)

        await open(page, { listing: many.id })
        await page.getByRole('button', { name: 'Add to cart' }).click()
        await page.getByRole('link', { name: 'See the cart' }).click()
        await seeStatus(page, '2 items from 2 shops')
        expect((await textsOf(page, '.parcel h2')).sort()).toEqual([many.shop.name, only.shop.name].sort())
        expect(await textsOf(page, '.hold')).toEqual([expect.stringMatching(/^Held for you for 1[45]:\d\d$/)])
        await page.getByLabel(`Quantity of ${many.title}`).focus()
        for (const units of [3, 4]) {
          await page.keyboard.press('ArrowDown')
          await seeStatus(page, `${units} items from 2 shops`)
        }
        expect(await focusOf(page)).toStartWith('quantity-')
        const session = await tokenOf(page)
        const cart = expectStatus(await api<Cart>('GET', '/v1/cart', { token: session }), 200)
        expect(await textsOf(page, '.totals dd')).toEqual([cart.subtotal, cart.shipping, cart.total].map((sum) => `$${sum}`))
        expect(await page.locator('#cart-count').textContent()).toBe('4')
        await expectToFit(page)
        await expectAccessible(page)
        await page.getByRole('button', { name: `Remove ${many.title}` }).click()
        await seeStatus(page, '1 item from 1 shop')
        expect(await focusOf(page)).toBe('heading')
      }))

    test('shows a lapsed hold, a line that cannot be ordered, and the API’s words for an item that another buyer holds', () =>
      visit(
        '/demo?page=cart',
        async (page) => {
          const buyer = await signUp('Bo')
          const [only, many, held] = [await list({ quantity: 1 }), await list({ quantity: 5 }), await list({ quantity: 1 })]
          for (const item of [only, many]) await addToCart(buyer, item)
          expectStatus(await sellerOf(many).call('DELETE', `/v1/products/${many.id}`), 204)
          await addToCart(await signUp('Cy'), held)
          await page.getByRole('button', { name: 'Sign in' }).click()
          await page.getByLabel('E-mail').fill(buyer.email)
          await page.getByLabel('Password').fill('wrong')
          await page.keyboard.press('Enter')
          await page.locator('dialog .problem', { hasText: 'E-mail and password do not match' }).waitFor()
          await page.getByLabel('Password').fill(buyer.password)
          await page.keyboard.press('Enter')
          await seeStatus(page, '2 items from 2 shops')
          await page.locator('.line.off', { hasText: 'It is no longer for sale.' }).waitFor()
          await page.clock.install()
          await open(page, { page: 'cart' })
          await page.locator('.hold', { hasText: 'Held for you' }).waitFor()
          await page.clock.fastForward('15:01')
          await page.locator('.hold', { hasText: 'No longer held for you. It is yours if you check out first.' }).waitFor()
          await expectToFit(page)
          await expectAccessible(page)
          await open(page, { listing: held.id })
          await page.getByRole('button', { name: 'Add to cart' }).tap()
          await page.locator('.buying .problem', { hasText: 'Someone else is checking out...' }).waitFor()
          await expectToFit(page)
          await expectAccessible(page)
        },
        PHONE,
      ))
  })
}

/** Opens an address, runs `act` there, and asserts that the page logged no error but refused calls, and called only this server. */
async function visit(path: string, act: (page: Page) => Promise<void>, context = DESK): Promise<void> {
  const watched = await openPage(browser, context)
  const { page, complaints } = watched
  try {
    await page.goto(url + path)
    await page.locator('main[aria-busy=false]').waitFor()
    await act(page)
    expect(complaints.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([])
    expectNoneElsewhere(watched, url)
  } catch (error) {
    console.error(`The page at ${page.url()} showed: ${await page.locator('body').textContent().catch(String)}`)
    throw error
  } finally {
    await page.context().close()
  }
}

async function open(page: Page, view: Record<string, string | number>): Promise<void> {
  await page.goto(`${url}/demo?${new URLSearchParams(Object.entries(view).map(([name, value]) => [name, String(value)]))}`)
  await page.locator('main[aria-busy=false]').waitFor()
}

async function seeStatus(page: Page, words: string): Promise<void> {
  await page.locator('main[aria-busy=false] #total', { hasText: new RegExp(`^${words}$`) }).waitFor()
}

async function textsOf(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allTextContents()
}

/** Returns the key, the name or the id of the focused element. */
async function focusOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement as HTMLInputElement
    return focused.dataset.key || focused.name || focused.id
  })
}

async function tokenOf(page: Page): Promise<string> {
  return page.evaluate(() => JSON.parse(sessionStorage.getItem('session') as string).token)
}

const sellers = new Map<number, Shopper>()

/** Makes a listing of a new shop. */
async function list(changes: object): Promise<Product> {
  const { seller, shop } = await makeSeller({ name: `${inventWord()} Pottery` })
  const listing = await listItem(seller, shop, { title: `${inventWord()} bowl`, ...changes })
  sellers.set(listing.id, seller)
  return listing
}

function sellerOf({ id }: Product): Shopper {
  return sellers.get(id) as Shopper
}
