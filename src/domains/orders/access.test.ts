/** The link of a mail shows the orders of the mail to its reader, and nothing else. */
import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import { expectAccessible, expectNoneElsewhere, expectToFit, openBrowser, openPage } from '../../../test/support/browser.ts'
import type { Answer } from '../../../test/support/client.ts'
import { PURCHASE } from '../../../test/support/purchase.ts'
import { requires } from '../../../test/support/requirements.ts'
import type { Order } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  buy,
  checkOut,
  listItem,
  makeSeller,
  type Shopper,
  sendParcel,
  signUp,
  startAsGuest,
  tryRefund,
} from '../../../test/support/shopper.ts'
import { hashToken, makeToken } from '../../platform/token.ts'

const { api, sql, url } = await startServer()
const PHONE = { 'Accept-Language': 'de-DE,de;q=0.9' }

/** Returns a token like that of a sent mail to the buyer, which alone has it. */
async function linkOf(buyer: Shopper, kind: string, changes: { purpose?: string; ttl?: string } = {}): Promise<string> {
  if (!sql) throw new Error('The test needs the database.')
  const { purpose = 'order_access', ttl = '90 days' } = changes
  const token = makeToken()
  const made = await sql`
    insert into user_tokens (token_hash, user_id, mail_id, purpose, email, created_at, expires_at)
    select ${hashToken(token)}, m.user_id, m.id, ${purpose}, m.email, now() - interval '100 days', now() + ${ttl}::interval
    from mails m where m.user_id = ${buyer.id} and m.kind = ${kind} order by m.id desc limit 1
    returning 1`
  expect(made).toHaveLength(1)
  return token
}

const read = (token: string) => api<{ orders: Order[] }>('GET', `/v1/order-access/${token}`)
const open = (token: string, headers: Record<string, string> = {}) => fetch(`${url}/order-access/${token}`, { headers })
const idsOf = (answer: Answer<{ orders: Order[] }>) => expectStatus(answer, 200).orders.map(({ id }) => id)

async function buyFromTwo(buyer: Shopper) {
  const sellers = [await makeSeller({ name: 'Kiln <& Loom>' }), await makeSeller({ name: 'Old Lamps' })]
  for (const { seller, shop } of sellers) await addToCart(buyer, await listItem(seller, shop, { title: 'A <b>bowl</b>' }))
  const { orders } = await checkOut(buyer)
  return { sellers, orders: orders as [Order, Order] }
}

describe('the link of a mail', () => {
  test('shows all orders of a checkout, as its buyer sees them', async () => {
    const guest = await startAsGuest()
    const { orders } = await buyFromTwo(guest)
    const answer = await read(await linkOf(guest, 'checkout_paid'))
    expect(expectStatus(answer, 200).orders).toEqual(orders)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('shows what the buyer chose, as text', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, {
      quantity: 5,
      options: [{ name: 'Frame', values: ['Oak'] }],
      variants: [{ option_values: ['Oak'] }],
      personalization: { instructions: 'A name', is_required: false, max_length: 20 },
    })
    const guest = await startAsGuest()
    const line = { product_id: product.id, variant_id: product.variants?.[0]?.id, quantity: 1, personalization: 'For <b>Mia</b>' }
    expectStatus(await guest.call('POST', '/v1/cart/items', { body: line }), 201)
    await checkOut(guest)
    const page = await (await open(await linkOf(guest, 'checkout_paid'))).text()
    expect(page).toContain('Oak, “For &lt;b&gt;Mia&lt;/b&gt;”')
  })

  test('shows the one order of a parcel, a correction, a refund or a cancellation, with its state of now', async () => {
    const guest = await startAsGuest()
    const { sellers, orders } = await buyFromTwo(guest)
    const [sent, cancelled] = orders
    const seller = sellers[0]?.seller as Shopper
    const { id } = await sendParcel(seller, sent)
    expectStatus(await seller.call('PATCH', `/v1/shipments/${id}`, { body: { tracking_number: '2' } }), 200)
    expectStatus(await tryRefund(seller, sent, { amount: '1.00' }), 201)
    expectStatus(await guest.call('POST', `/v1/orders/${cancelled.id}/cancel`), 200)
    for (const kind of ['order_shipped', 'tracking_corrected', 'order_refunded'])
      expect(idsOf(await read(await linkOf(guest, kind)))).toEqual([sent.id])
    expect(idsOf(await read(await linkOf(guest, 'order_cancelled')))).toEqual([cancelled.id])
    const all = expectStatus(await read(await linkOf(guest, 'checkout_paid')), 200).orders
    expect(all).toMatchObject([
      { status: 'shipped', refunded: '1.00', tracking: { tracking_number: '2' } },
      { status: 'cancelled' },
    ])
  })

  test('is 404 for a wrong or expired token, one of another purpose, and an order that belongs to another person', async () => {
    if (!sql) return
    const { seller, shop } = await makeSeller()
    const buyer = await signUp()
    await buy(buyer, await listItem(seller, shop))
    const other = await linkOf(buyer, 'checkout_paid')
    await sql`update user_tokens set user_id = ${seller.id} where token_hash = ${hashToken(other)}`
    const expired = await linkOf(buyer, 'checkout_paid', { ttl: '-1 second' })
    for (const token of [makeToken(), 'x', expired, await linkOf(buyer, 'checkout_paid', { purpose: 'unsubscribe' }), other]) {
      expectProblem(await read(token), 404, 'not_found')
      const page = await open(token)
      expect(page.status).toBe(404)
      expect(await page.text()).toContain('This link does not work')
    }
  })
})

describe('the page of the link', () => {
  test('shows items, amounts, states, tracking, refunds and address, escaped', async () => {
    const guest = await startAsGuest()
    const { sellers, orders } = await buyFromTwo(guest)
    await sendParcel(sellers[0]?.seller as Shopper, orders[0])
    expectStatus(await tryRefund(sellers[0]?.seller as Shopper, orders[0], { amount: '1.00', note: 'Sorry <i>!' }), 201)
    const page = await open(await linkOf(guest, 'checkout_paid'))
    expect(page.status).toBe(200)
    const text = await page.text()
    for (const shown of [
      'Your orders',
      'Kiln &lt;&amp; Loom&gt;',
      'Old Lamps',
      String(orders[0].id),
      'Sent.',
      'A &lt;b&gt;bowl&lt;/b&gt;',
      'Total: $10.00',
      'Post 1',
      '$1.00 (another reason)',
      'Sorry &lt;i&gt;!',
      PURCHASE.shipping_address.line1,
      'register with the e-mail',
    ])
      expect(text).toContain(shown)
    expect(text).not.toContain('<script')
    expect(text).not.toContain('<b>')
  })

  test('is for the reader of the mail alone: nothing stores it, frames it or learns its address', async () => {
    const guest = await startAsGuest()
    await buyFromTwo(guest)
    const { headers } = await open(await linkOf(guest, 'checkout_paid'))
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  test('is in German for a reader of German, and asks the buyer with an account for nothing', async () => {
    const buyer = await signUp()
    const { seller, shop } = await makeSeller()
    await buy(buyer, await listItem(seller, shop))
    const text = await (await open(await linkOf(buyer, 'checkout_paid'), PHONE)).text()
    for (const shown of ['<html lang="de">', 'Ihre Bestellung', 'Bezahlt.', 'Lieferadresse', '10,00'])
      expect(text).toContain(shown)
    expect(text).not.toContain('registrieren')
    expect(await (await open('x', PHONE)).text()).toContain('Dieser Link funktioniert nicht')
  })
})

if (requires('chromium'))
  test.each([
    ['en-US', 'light', 1280],
    ['de-DE', 'dark', 390],
  ] as const)(
    'the page is accessible, fits, and loads nothing of another site: %s, %s, %d px',
    async (locale, colorScheme, width) => {
      const guest = await startAsGuest()
      const { sellers, orders } = await buyFromTwo(guest)
      await sendParcel(sellers[0]?.seller as Shopper, orders[0])
      expectStatus(await tryRefund(sellers[0]?.seller as Shopper, orders[0], { amount: '1.00', note: 'Sorry!' }), 201)
      const browser = await openBrowser()
      const watched = await openPage(browser, { locale, colorScheme, viewport: { width, height: 800 } })
      for (const token of [await linkOf(guest, 'checkout_paid'), 'wrong']) {
        await watched.page.goto(`${url}/order-access/${token}`)
        await expectToFit(watched.page)
        await expectAccessible(watched.page)
      }
      expectNoneElsewhere(watched, url)
      await browser.close()
    },
    60_000,
  )
