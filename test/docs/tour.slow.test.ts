/** README's tour in a real browser, with the controls of the reference page. */
import { describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { expectNoneElsewhere, openBrowser, openPage } from '../support/browser.ts'
import { ADDRESS } from '../support/purchase.ts'
import { requires } from '../support/requirements.ts'
import type { Cart, Checkout, Order, Page as PageOf, Product, Session } from '../support/responses.ts'
import { startServer } from '../support/server.ts'
import { inventWord, listItem, makeSeller } from '../support/shopper.ts'

const { url } = await startServer()

/** Ends only a hanging run. A slow machine draws a page of sixty calls slowly. */
const TIMEOUT_MS = 300_000

type Given = { body?: unknown; parameters?: Record<string, string> }

/** Opens a call, fills in the given values, presses Execute, and reads the response from the page. */
async function tryOut<T>(page: Page, call: string, { body, parameters = {} }: Given = {}): Promise<{ status: number; body: T }> {
  const block = page.locator(`[id="operations-${call}"]`)
  if ((await block.locator('.execute').count()) === 0) {
    await block.locator('button.opblock-summary-control').click()
    await block.locator('.try-out__btn').click()
  }
  if (body) await block.locator('textarea.body-param__text').fill(JSON.stringify(body))
  for (const [name, value] of Object.entries(parameters))
    await block.locator(`tr[data-param-name="${name}"] input:not([type="checkbox"])`).fill(value)
  const clear = block.locator('.btn-clear')
  if ((await clear.count()) > 0) await clear.click()
  await block.locator('.execute').click()
  const answer = block.locator('.live-responses-table .response').first()
  await answer.waitFor()
  const status = Number.parseInt((await answer.locator('.response-col_status').textContent()) ?? '', 10)
  const text = await answer.locator('.highlight-code code, pre.microlight').first().textContent()
  return { status, body: JSON.parse(text ?? '') }
}

async function authorize(page: Page, token: string): Promise<void> {
  await page.locator('.scheme-container button.authorize').click()
  const dialog = page.locator('.dialog-ux')
  await dialog.locator('input').fill(token)
  await dialog.locator('button.authorize').click()
  await dialog.locator('button.btn-done').click()
}

/** Lists two items of two shops with a new word in their titles. Returns the word. */
async function stock(): Promise<string> {
  const word = inventWord()
  for (const thing of ['bowl', 'rug']) {
    const { seller, shop } = await makeSeller()
    await listItem(seller, shop, { title: `${word} ${thing}` })
  }
  return word
}

describe.if(requires('chromium'))('the tour in /docs', () => {
  test(
    'registers, signs in, searches, fills a cart of two shops, pays once and has two orders',
    async () => {
      const word = await stock()
      const browser = await openBrowser()
      try {
        const watched = await openPage(browser, { viewport: { width: 1280, height: 2400 } })
        const { page } = watched
        page.setDefaultTimeout(TIMEOUT_MS)
        await page.goto(`${url}/docs`)
        const who = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse battery' }
        expect(await tryOut(page, 'Accounts-registerUser', { body: { ...who, display_name: 'Ann' } })).toMatchObject({
          status: 201,
        })
        const session = await tryOut<Session>(page, 'Accounts-signIn', { body: who })
        await authorize(page, session.body.token)
        const found = await tryOut<PageOf<Product>>(page, 'Discovery-search', { parameters: { q: word } })
        expect(found.body.items).toHaveLength(2)
        for (const { id } of found.body.items)
          expect(await tryOut(page, 'Cart-addCartItem', { body: { product_id: id, quantity: 1 } })).toMatchObject({ status: 201 })
        const cart = await tryOut<Cart>(page, 'Cart-getCart')
        expect(cart.body).toMatchObject({ shops: [{}, {}], total: '20.00' })
        const paid = await tryOut<Checkout>(page, 'Checkout-checkOut', {
          parameters: { 'Idempotency-Key': crypto.randomUUID() },
          body: { shipping_address: ADDRESS, payment_method: 'pm_card_visa', expected_total: cart.body.total },
        })
        expect(paid).toMatchObject({ status: 201, body: { total: '20.00', payment: { status: 'paid' } } })
        const orders = (await tryOut<PageOf<Order>>(page, 'Orders-listOrders')).body.items
        expect(orders.map(({ status }) => status)).toEqual(['paid', 'paid'])
        expect(new Set(orders.map(({ shop_id }) => shop_id)).size).toBe(2)
        expect(watched.complaints).toEqual([])
        expectNoneElsewhere(watched, url)
      } finally {
        await browser.close()
      }
    },
    TIMEOUT_MS,
  )
})
