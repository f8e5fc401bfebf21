/** Buying on the page in a real browser: session, cart, checkout and orders. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type TOTP, URI } from 'otpauth'
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core'
import { expectStatus } from '../../test/support/api.ts'
import { expectAccessible, expectToFit, openBrowser } from '../../test/support/browser.ts'
import { DESK, FAILED, PHONE, visitPage } from '../../test/support/demo_page.ts'
import { requires } from '../../test/support/requirements.ts'
import type { Cart, Order, Product } from '../../test/support/responses.ts'
import { startServer } from '../../test/support/server.ts'
import {
  addProcessingProfile,
  addShippingProfile,
  addToCart,
  buy,
  inventWord,
  listItem,
  makeSeller,
  readOrders,
  type Shopper,
  shipOrder,
  signUp,
  tryCheckOut,
  tryRefund,
} from '../../test/support/shopper.ts'

const { api, url } = await startServer()

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
        for (const key of ['Shift+Tab', 'ArrowRight', 'ArrowRight', 'Tab']) await page.keyboard.press(key)
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
        const clicked_twice = Promise.withResolvers<void>()
        await page.route('**/v1/cart/items', (route) => clicked_twice.promise.then(() => route.continue()))
        for (let n = 0; n < 2; n++) await page.getByRole('button', { name: 'Add to cart' }).click()
        clicked_twice.resolve()
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
          await page.getByRole('button', { name: 'Forgot the password?' }).tap()
          await page.locator('dialog', { hasText: 'If the address has an account, a mail with a link is on its way.' }).waitFor()
          await expectAccessible(page)
          await page.getByLabel('Password').fill('wrong')
          await page.keyboard.press('Enter')
          await page.locator('dialog .problem', { hasText: 'E-mail and password do not match' }).waitFor()
          const code = await addSecondFactor(buyer)
          await page.getByLabel('Password').fill(buyer.password)
          await page.keyboard.press('Enter')
          await page.getByLabel('Code of your app, or a recovery code').fill(code)
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

  describe('the options of /demo', () => {
    const options = [
      { name: 'Size', values: ['S', 'L'] },
      { name: 'Color', values: ['Red', 'Blue'] },
    ]
    const variants = [
      { option_values: ['S', 'Red'], quantity: 2 },
      { option_values: ['L', 'Red'], quantity: 1, price: '14.00', images: ['https://pictures.example/large.png'] },
      { option_values: ['L', 'Blue'], quantity: 0 },
    ]
    const personalization = { instructions: 'The name to paint', is_required: true, max_length: 20 }

    test.each([
      ['a desk', DESK],
      ['a phone', PHONE],
    ])('on %s: the chosen variant sets price, stock and picture; the cart and the order have it with its text', (_, context) =>
      visit(
        '/demo',
        async (page) => {
          const mug = await list({ stock_by: 'variant', quantity: undefined, options, variants, personalization })
          await open(page, { listing: mug.id })
          await seeStatus(page, '\\$10.00 to \\$14.00 · 3 in stock')
          await expectToFit(page)
          await expectAccessible(page)
          const add = page.getByRole('button', { name: 'Add to cart' })
          await add.click()
          expect(await page.locator('.option input:invalid').count()).toBe(4)
          await page.getByRole('radio', { name: 'Blue' }).check()
          await page.getByRole('radio', { name: 'S', exact: true }).check()
          await seeStatus(page, 'The shop does not offer this combination')
          expect(await add.isDisabled()).toBe(true)
          await page.getByRole('radio', { name: 'L', exact: true }).check()
          await seeStatus(page, '\\$10.00 · Sold out')
          await page.getByRole('radio', { name: 'Red' }).check()
          await seeStatus(page, '\\$14.00 · Only one')
          await page.locator('.pictures img[src="https://pictures.example/large.png"]').waitFor()
          await add.click()
          expect(await page.locator('textarea:invalid').count()).toBe(1)
          await page.getByLabel('The name to paint').fill('Ann & Bo')
          await page.locator('.counter', { hasText: '8 of 20 characters' }).waitFor()
          await expectAccessible(page)
          await add.click()
          await page.getByLabel('E-mail').fill(`${inventWord()}@example.com`)
          await page.getByRole('button', { name: 'Go on' }).click()
          await page.locator('.buying', { hasText: /It is in your cart.*Held for you for 1[45]:\d\d/ }).waitFor()
          await page.getByRole('link', { name: 'See the cart' }).click()
          await seeStatus(page, '1 item from 1 shop')
          expect(await textsOf(page, '.line .chosen')).toEqual(['L, Red', '“Ann & Bo”'])
          await expectToFit(page)
          await expectAccessible(page)
          await page.getByRole('link', { name: 'Check out' }).click()
          await fillAddress(page)
          await page.getByRole('button', { name: 'Pay $14.00' }).click()
          await page.locator('#heading', { hasText: 'Thank you, it is paid' }).waitFor()
          await page.getByRole('link', { name: mug.title }).click()
          await page.locator('.line .chosen', { hasText: '“Ann & Bo”' }).waitFor()
          expect(await textsOf(page, '.line .chosen')).toEqual(['L, Red', '“Ann & Bo”'])
          await expectToFit(page)
          await expectAccessible(page)
        },
        context,
      ),
    )
  })

  describe('where /demo sends it', () => {
    const rates = [
      { to: 'DE', base: '3.00', per_extra_item: '1.00', days_min: 2, days_max: 4 },
      { to: 'US', base: '9.00', per_extra_item: '2.00', days_min: 5, days_max: 9 },
    ]

    test.each([
      ['a desk', { ...DESK, locale: 'en-DE' }],
      ['a phone', { ...PHONE, locale: 'en-DE' }],
    ])('on %s: listing, cart, checkout and order have the postage and the days to the chosen country', (_, context) =>
      visit(
        '/demo',
        async (page) => {
          const bowl = await listSized(rates)
          await open(page, { listing: bowl.id })
          const told = page.locator('.postage[aria-busy=false]')
          await told.filter({ hasText: '$3.00 postage, $1.00 for each further item' }).waitFor()
          await told.filter({ hasText: daysFromNow(3, 7) }).waitFor()
          expect(await page.getByLabel('Send to').inputValue()).toBe('DE')
          await page.getByRole('radio', { name: 'L', exact: true }).check()
          await told.filter({ hasText: daysFromNow(12, 24) }).waitFor()
          await page.getByLabel('Send to').selectOption('France')
          await told.filter({ hasText: 'The shop does not send it to France.' }).waitFor()
          await expectToFit(page)
          await expectAccessible(page)
          await page.getByRole('button', { name: 'Add to cart' }).click()
          await page.getByLabel('E-mail').fill(`${inventWord()}@example.com`)
          await page.getByRole('button', { name: 'Go on' }).click()
          await page.getByRole('link', { name: 'See the cart' }).click()
          await page.locator('.line.off', { hasText: 'The shop does not send it to France.' }).waitFor()
          expect(await page.locator('.totals').count()).toBe(0)
          expect(await page.getByRole('link', { name: 'Check out' }).count()).toBe(0)
          await expectToFit(page)
          await expectAccessible(page)
          await page.getByLabel('Send to').focus()
          await page.getByLabel('Send to').selectOption('United States')
          await page.locator('.parcel', { hasText: '$10.00 and $9.00 postage: $19.00' }).waitFor()
          expect(await focusOf(page)).toBe('send-to')
          await page.getByLabel(`Quantity of ${bowl.title}`).selectOption('2')
          await page.locator('.parcel', { hasText: '$20.00 and $11.00 postage: $31.00' }).waitFor()
          await page.locator('.parcel .arrival', { hasText: daysFromNow(15, 29) }).waitFor()
          await page.reload()
          await page.locator('.parcel', { hasText: '$20.00 and $11.00 postage: $31.00' }).waitFor()
          await page.getByRole('link', { name: 'Check out' }).click()
          await page.getByRole('button', { name: 'Pay $31.00' }).waitFor()
          expect(await page.getByLabel('Country').inputValue()).toBe('US')
          await fillAddress(page)
          await page.getByLabel('Country').selectOption('Austria')
          await page.locator('.summary', { hasText: 'The shop does not send it to Austria.' }).waitFor()
          await page.getByLabel('Country').selectOption('Germany')
          await expectToFit(page)
          await expectAccessible(page)
          await page.getByRole('button', { name: 'Pay $24.00' }).click()
          await page.locator('#heading', { hasText: 'Thank you, it is paid' }).waitFor()
          await page.getByRole('link', { name: bowl.title }).click()
          await page.locator('.summary', { hasText: daysFromNow(12, 24) }).waitFor()
          await expectToFit(page)
          await expectAccessible(page)
        },
        context,
      ),
    )
  })

  test('the search of /demo filters by an option', () =>
    visit('/demo', async (page) => {
      const options = [{ name: 'Size', values: ['S', 'L'] }]
      const variants = [{ option_values: ['S'] }, { option_values: ['L'] }]
      const word = inventWord()
      const sized = await list({ title: `${word} shirt`, options, variants })
      await list({ title: `${word} scarf` })
      await open(page, { q: word })
      await seeStatus(page, '2 listings')
      await page.locator('[data-key="option-Size:L"]').click()
      await seeStatus(page, '1 listing')
      expect(await page.locator('.card').getAttribute('data-id')).toBe(String(sized.id))
      expect(new URL(page.url()).searchParams.getAll('option')).toEqual(['Size:L'])
      await page.locator('[data-key="option-Size:S"]').click()
      await page.locator('#chips', { hasText: 'Size: S' }).waitFor()
      expect(new URL(page.url()).searchParams.getAll('option')).toEqual(['Size:L', 'Size:S'])
      await expectAccessible(page)
      await page.locator('[data-key="chip-option-Size:L"]').click()
      await page.locator('#chips .chip').nth(1).waitFor({ state: 'detached' })
      expect(await textsOf(page, '#chips .chip')).toEqual([expect.stringContaining('Size: S')])
    }))

  describe('the checkout of /demo', () => {
    test('names a wrong field, a declined card and a provider that is down, then pays once after a lost response', () =>
      visit('/demo', async (page) => {
        const buyer = await signUp('Bo')
        for (const price of ['10.00', '20.00']) await addToCart(buyer, await list({ price }))
        await enter(page, buyer, { page: 'cart' })
        await page.getByRole('link', { name: 'Check out' }).press('Enter')
        await page.getByLabel('Name').fill('Bo Lee')
        await page.getByLabel('Street and number').fill('1 Mill Lane')
        await page.getByLabel('City').fill('Portland')
        await page.getByLabel('Country').selectOption('United States')
        await expectAccessible(page)
        await page.keyboard.press('Enter')
        const pay = page.getByRole('button', { name: 'Pay $30.00' })
        await pay.press('Enter')
        await page.locator('.field-error', { hasText: 'An address in this country must have a postal_code.' }).waitFor()
        expect(await focusOf(page)).toBe('postal_code')
        await page.keyboard.type('97201')
        for (const [card, words] of [
          ['Empty card', 'The payment was declined.'],
          ['Broken line', 'The payment provider cannot be reached'],
        ] as const) {
          await page.getByRole('radio', { name: card }).press('Space')
          await pay.press('Enter')
          await page.locator('.problem', { hasText: words }).waitFor()
        }
        await expectAccessible(page)
        await page.getByRole('radio', { name: 'Visa is paid' }).press('Space')
        const keys: (string | undefined)[] = []
        page.on('request', (request) => void (request.method() === 'POST' && keys.push(request.headers()['idempotency-key'])))
        const lose = async (route: Route) => {
          await route.fetch()
          await route.abort()
        }
        await page.route('**/v1/checkout', lose, { times: 1 })
        await pay.press('Enter')
        await page.locator('.problem', { hasText: 'The market does not respond.' }).waitFor()
        await pay.press('Enter')
        await page.locator('#heading', { hasText: 'Thank you, it is paid' }).waitFor()
        expect(keys).toEqual([keys[0], keys[0]])
        const paid = (await readOrders(buyer)).filter(({ status }) => status === 'paid')
        expect(paid.map(({ shipping_address }) => shipping_address?.name)).toEqual(['Bo Lee', 'Bo Lee'])
        expect(await textsOf(page, '.orders .status')).toEqual(['Paid', 'Paid'])
        await page.locator('#cart-count:empty').waitFor({ state: 'attached' })
        await expectAccessible(page)
      }))

    test('on a phone: a guest pays with a note and a gift message, and finds the order and the address again', () =>
      visit(
        '/demo',
        async (page) => {
          const listing = await list({ quantity: 3 })
          const add = async () => {
            await open(page, { listing: listing.id })
            await page.getByRole('button', { name: 'Add to cart' }).tap()
          }
          const email = `${inventWord()}@example.com`
          await add()
          await page.getByLabel('E-mail').fill(email)
          await page.getByRole('button', { name: 'Go on' }).tap()
          await page.getByRole('link', { name: 'See the cart' }).tap()
          await page.getByRole('link', { name: 'Check out' }).tap()
          await page.locator('summary').tap()
          await page.getByLabel('Note', { exact: true }).fill('Please ring twice.')
          await page.getByLabel('Gift message').fill('Happy birthday!')
          await fillAddress(page)
          await page.getByLabel('Keep it in my address book').check()
          await expectToFit(page)
          await expectAccessible(page)
          await page.getByRole('button', { name: 'Pay $10.00' }).tap()
          await page.locator('#heading', { hasText: 'Thank you, it is paid' }).waitFor()
          await page.getByRole('link', { name: listing.title }).tap()
          await page.locator('.column', { hasText: '“Please ring twice.”A gift, with the words: “Happy birthday!”' }).waitFor()
          await expectToFit(page)
          await expectAccessible(page)
          await add()
          await page.getByRole('link', { name: 'See the cart' }).tap()
          await page.getByRole('link', { name: 'Check out' }).tap()
          await page.getByRole('radio', { name: 'Bo Lee 1 Mill Lane, Portland', checked: true }).waitFor()
          expect(await page.getByLabel('City').isVisible()).toBe(false)
          await expectAccessible(page)
          await page.getByRole('button', { name: 'Pay $10.00' }).tap()
          await page.locator('#heading', { hasText: 'Thank you, it is paid' }).waitFor()
          await page.getByRole('link', { name: 'Orders', exact: true }).tap()
          await page.locator('.summary', { hasText: email }).waitFor()
          const { items } = expectStatus(await api<{ items: Order[] }>('GET', '/v1/orders', { token: await tokenOf(page) }), 200)
          const told = items.map(({ note, is_gift, gift_message, shipping_address: to }) => [
            note,
            is_gift,
            gift_message,
            to?.city,
          ])
          expect(told).toEqual([
            [null, false, null, 'Portland'],
            ['Please ring twice.', true, 'Happy birthday!', 'Portland'],
          ])
        },
        PHONE,
      ))

    test('on a phone: a step at the bank is confirmed, declined or given up', () =>
      visit(
        '/demo',
        async (page) => {
          const buyer = await signUp('Bo')
          const askForStep = async () => {
            await addToCart(buyer, await list({}))
            await open(page, { page: 'checkout' })
            await fillAddress(page)
            await page.getByText('Visa with 3-D Secure').tap()
            await page.getByRole('button', { name: 'Pay' }).tap()
            await page.locator('#heading', { hasText: 'Your bank asks for a step' }).waitFor()
          }
          const answerAtBank = async (answer: string) => {
            const bank = page.waitForEvent('popup')
            await page.getByRole('link', { name: 'Go to the bank' }).tap()
            // A page behind another one gets few frames, so each tap there would take seconds.
            const opened = await bank
            await opened.getByRole('button', { name: answer }).click()
            await opened.getByRole('button').first().waitFor({ state: 'detached' })
            await opened.close()
          }
          await enter(page, buyer, { page: 'orders' })
          await askForStep()
          await expectToFit(page)
          await expectAccessible(page)
          await answerAtBank('Confirm')
          await page.locator('#heading', { hasText: 'Thank you, it is paid' }).waitFor()
          await askForStep()
          await answerAtBank('Decline')
          await page.locator('.message', { hasText: 'The bank declined the payment.' }).waitFor()
          await askForStep()
          await page.getByRole('button', { name: 'Give it up' }).tap()
          await page.locator('.message', { hasText: 'The payment was given up.' }).waitFor()
          await expectToFit(page)
          await expectAccessible(page)
        },
        PHONE,
      ))
  })

  describe('the orders of /demo', () => {
    test('show parcels, refunds and states; the buyer cancels, receives, and signs out', () =>
      visit('/demo', async (page) => {
        const buyer = await signUp('Bo')
        const listings = [await list({}), await list({}), await list({ quantity: 3, price: '20.00' })] as const
        const orders: Order[] = []
        for (const listing of listings) orders.push(await buy(buyer, listing))
        const [first, second, third] = orders as [Order, Order, Order]
        expectStatus(
          await tryRefund(sellerOf(listings[2]), third, { amount: '5.00', reason: 'damaged', note: 'One is chipped.' }),
          201,
        )
        await enter(page, buyer, { page: 'orders' })
        expect(await textsOf(page, '.orders .what a')).toEqual(listings.map(({ title }) => title).reverse())
        await expectAccessible(page)
        await page.getByRole('link', { name: listings[0].title }).press('Enter')
        await page.getByRole('button', { name: 'Cancel the order' }).press('Enter')
        await page.locator('.status', { hasText: 'Cancelled' }).waitFor()
        await page.locator('.history', { hasText: /Cancelled\. The refund of \$10\.00 / }).waitFor()
        expect(await page.getByRole('button', { name: 'Cancel the order' }).count()).toBe(0)

        await page.goBack()
        await page.getByRole('link', { name: listings[1].title }).click()
        await page.getByRole('button', { name: 'Cancel the order' }).waitFor()
        await shipOrder(sellerOf(listings[1]), second)
        await page.getByRole('button', { name: 'Cancel the order' }).click()
        await page.locator('.problem', { hasText: /shipped/ }).waitFor()
        await page.locator('.column', { hasText: 'Post, tracking number 1' }).waitFor()
        await expectAccessible(page)
        await page.getByRole('button', { name: 'It has arrived' }).press('Enter')
        await page.locator('.status', { hasText: 'Delivered' }).waitFor()
        expect(first.status).toBe('paid')

        await open(page, { order: third.id })
        await page.locator('.column', { hasText: /\$5\.00 .*Reason: damaged\. “One is chipped\.”/ }).waitFor()
        await expectToFit(page)
        await page.getByRole('link', { name: 'Orders', exact: true }).click()
        await page.getByRole('button', { name: 'Sign out' }).press('Enter')
        await page.locator('.message', { hasText: 'Please sign in first' }).waitFor()
        expect(expectStatus(await buyer.call('GET', '/v1/orders'), 401)).toMatchObject({ code: 'unauthorized' })
        await enter(page, buyer, { page: 'orders' })
        await page.locator('.message', { hasText: 'Please sign in first' }).waitFor()
        expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
      }))

    // Last, because the charge that gets no response counts in the circuit breaker of the payments.
    test('a payment that the bank decides later is followed until it is paid', () =>
      visit('/demo', async (page) => {
        const buyer = await signUp('Bo')
        await addToCart(buyer, await list({}))
        const { checkout_id } = expectStatus(await tryCheckOut(buyer, { payment_method: 'pm_card_timeout' }), 202)
        await enter(page, buyer, { checkout: checkout_id })
        await page.locator('#heading', { hasText: 'The payment is on its way' }).waitFor()
        await expectAccessible(page)
        await page.locator('#heading', { hasText: 'Thank you, it is paid' }).waitFor()
      }))
  })
}

/** Opens a view of the page and runs `act` there. The API can refuse calls. */
const visit = (path: string, act: (page: Page) => Promise<void>, context: BrowserContextOptions = DESK): Promise<void> =>
  visitPage(browser, url, path, act, { context, complaint: FAILED })

async function open(page: Page, view: Record<string, string | number>): Promise<void> {
  await page.goto(`${url}/demo?${new URLSearchParams(Object.entries(view).map(([name, value]) => [name, String(value)]))}`)
  await page.locator('main[aria-busy=false]').waitFor()
}

/** Opens a view with the session of a buyer. */
async function enter(page: Page, { token, id, email }: Shopper, view: Record<string, string | number>): Promise<void> {
  const session = JSON.stringify({ token, user: { id, email, display_name: 'Bo' } })
  await page.evaluate((session) => sessionStorage.setItem('session', session), session)
  await open(page, view)
}

async function fillAddress(page: Page): Promise<void> {
  for (const [label, value] of [
    ['Name', 'Bo Lee'],
    ['Street and number', '1 Mill Lane'],
    ['City', 'Portland'],
    ['Postal code', '97201'],
  ] as const)
    await page.getByLabel(label).fill(value)
  await page.getByLabel('Country').selectOption('US')
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

/** Adds a second factor to the account and returns a recovery code. */
async function addSecondFactor({ call, password }: Shopper): Promise<string> {
  type Begun = { otpauth_url: string; recovery_codes: [string] }
  const { otpauth_url, recovery_codes } = expectStatus(
    await call<Begun>('POST', '/v1/me/second-factor', { body: { password } }),
    201,
  )
  const code = (URI.parse(otpauth_url) as TOTP).generate()
  expectStatus(await call('POST', '/v1/me/second-factor/confirm', { body: { code } }), 204)
  return recovery_codes[0]
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

/** Makes a listing in two sizes, the larger one made to order in 10 to 20 days. */
async function listSized(rates: object[]): Promise<Product> {
  const { seller, shop } = await makeSeller({ name: `${inventWord()} Pottery` })
  const { id: shipping_profile_id } = await addShippingProfile(seller, shop, { rates })
  const slow = { readiness: 'made_to_order', days_min: 10, days_max: 20 }
  const { id: processing_profile_id } = await addProcessingProfile(seller, shop, slow)
  const variants = [{ option_values: ['S'] }, { option_values: ['L'], processing_profile_id }]
  const options = [{ name: 'Size', values: ['S', 'L'] }]
  return listItem(seller, shop, { title: `${inventWord()} bowl`, quantity: 5, options, variants, shipping_profile_id })
}

/** The days of an estimate in the words of the page: `Dec 3 – 7, 2026`. */
function daysFromNow(from: number, to: number): string {
  const [first, last] = [from, to].map(
    (n) => new Date(`${new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)}T12:00`),
  )
  return new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' }).formatRange(first as Date, last as Date)
}

function sellerOf({ id }: Product): Shopper {
  return sellers.get(id) as Shopper
}
