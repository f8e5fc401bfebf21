import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Order, OrderEvent, Page, Refund } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  buy,
  checkOut,
  freeShipping,
  listItem,
  makeSeller,
  readProduct,
  type Shopper,
  sendParcel,
  signUp,
  tryCheckOut,
  tryRefund,
} from '../../../test/support/shopper.ts'

await startServer()

/** Makes a paid order of 20.50: two cups at 8.00 and 4.50 of postage. */
async function placeOrder() {
  const stall = await makeSeller({ shipping: { ...freeShipping, base: '3.00', per_extra_item: '1.50' } })
  const product = await listItem(stall.seller, stall.shop, { price: '8.00', quantity: 5 })
  const buyer = await signUp()
  await addToCart(buyer, product, 2)
  const [order] = (await checkOut(buyer)).orders as [Order]
  expect(order.total).toBe('20.50')
  return { ...stall, buyer, product, order, line_id: order.items[0]?.line_id as number }
}

const readOrder = async (who: Shopper, { id }: Order) => expectStatus(await who.call<Order>('GET', `/v1/orders/${id}`), 200)
const listRefunds = async (who: Shopper, { id }: Order) =>
  expectStatus(await who.call<Page<Refund>>('GET', `/v1/orders/${id}/refunds`), 200).items

describe('POST /v1/orders/{id}/refunds', () => {
  test('gives back an amount, lines, postage and the rest; both sides see each', async () => {
    const { seller, buyer, product, order, line_id } = await placeOrder()
    const amount = expectStatus(await tryRefund(seller, order, { amount: '1', reason: 'goodwill', note: 'Sorry!' }), 201)
    expect(amount).toMatchObject({ order_id: order.id, amount: '1.00', reason: 'goodwill', note: 'Sorry!', restocked: 0 })
    const lines = expectStatus(await tryRefund(seller, order, { items: [{ line_id, quantity: 1 }], shipping: '1.50' }), 201)
    expect(lines).toMatchObject({ amount: '9.50', items: [{ line_id, quantity: 1 }], restocked: 1, note: null })
    expect(await readOrder(buyer, order)).toMatchObject({ status: 'paid', refunded: '10.50' })
    const rest = expectStatus(await tryRefund(seller, order), 201)
    expect(rest).toMatchObject({ amount: '10.00', items: [{ line_id, quantity: 1 }], restocked: 1 })
    const done = await readOrder(buyer, order)
    expect(done).toMatchObject({ status: 'refunded', refunded: '20.50' })
    expect(done.refunds.map(({ id }) => id)).toEqual([amount.id, lines.id, rest.id])
    expect(await listRefunds(buyer, order)).toEqual(await listRefunds(seller, order))
    expect((await readProduct(product.id)).quantity).toBe(5)
    expectProblem(await tryRefund(seller, order), 409, 'wrong_order_state')
  })

  test('needs a key, which makes a repeated call one refund', async () => {
    const { seller, order } = await placeOrder()
    const path = `/v1/orders/${order.id}/refunds`
    const body = { amount: '1.00', reason: 'other' }
    expectProblem(await seller.call('POST', path, { body }), 400, 'idempotency_key_missing')
    const headers = { 'Idempotency-Key': crypto.randomUUID() }
    const answers = await Promise.all(Array.from({ length: 10 }, () => seller.call<Refund>('POST', path, { body, headers })))
    const [first] = answers.filter(({ status }) => status === 201)
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 409, 'idempotency_in_progress')
    expect(await listRefunds(seller, order)).toMatchObject([{ id: first?.body.id }])
    expectProblem(await seller.call('POST', path, { body: { ...body, amount: '2.00' }, headers }), 422, 'idempotency_mismatch')
  })

  test('refuses more than is left with what is left, and names a field that is wrong', async () => {
    const { seller, order, line_id } = await placeOrder()
    expect(expectProblem(await tryRefund(seller, order, { amount: '20.51' }), 409, 'refund_exceeds_order')).toMatchObject({
      refundable: '20.50',
    })
    const items = [{ line_id, quantity: 3 }]
    const units = expectProblem(await tryRefund(seller, order, { items }), 409, 'refund_exceeds_order')
    expect(units).toMatchObject({ refundable: '20.50', errors: [{ pointer: '#/items/0', line_id }] })
    const named = async (asked: object) => fieldsOf(expectProblem(await tryRefund(seller, order, asked), 422, 'invalid_input'))
    expect(await named({ amount: '0.00' })).toEqual(['#/amount'])
    expect(await named({ amount: '1.00', shipping: '1.00' })).toEqual(['#/shipping'])
    expect(await named({ reason: 'bored' })).toEqual(['#/reason'])
    expect(await named({ items: [] })).toEqual(['#/items'])
    expect(await listRefunds(seller, order)).toEqual([])
  })

  test('of a one-of-a-kind item after its delivery does not put it on sale again, unless it came back', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop)
    const order = await buy(await signUp(), product)
    await sendParcel(seller, order)
    expectStatus(await seller.call('POST', `/v1/orders/${order.id}/deliver`), 200)
    expect(expectStatus(await tryRefund(seller, order, { amount: '1.00' }), 201).restocked).toBe(0)
    const other = await signUp()
    expectProblem(
      await other.call('POST', '/v1/cart/items', { body: { product_id: product.id, quantity: 1 } }),
      409,
      'insufficient_stock',
    )
    expect(expectStatus(await tryRefund(seller, order, { restock: true }), 201).restocked).toBe(1)
    await addToCart(other, product)
  })
})

describe('parcels', () => {
  test('leave one after another; the tracking of each can be corrected, and the buyer says that they arrived', async () => {
    const { seller, buyer, order, line_id } = await placeOrder()
    const first = await sendParcel(seller, order, [{ line_id, quantity: 1 }])
    expect(await readOrder(buyer, order)).toMatchObject({ status: 'paid', shipments: [first] })
    expectProblem(await buyer.call('POST', `/v1/orders/${order.id}/cancel`), 409, 'wrong_order_state')
    expectProblem(await buyer.call('POST', `/v1/orders/${order.id}/receive`), 409, 'wrong_order_state')
    await sendParcel(seller, order)
    const patched = await seller.call('PATCH', `/v1/shipments/${first.id}`, { body: { tracking_number: 'A-2' } })
    expect(expectStatus(patched, 200)).toMatchObject({ carrier: first.carrier, tracking_number: 'A-2' })
    expect(await readOrder(buyer, order)).toMatchObject({ status: 'shipped', shipments: [{ tracking_number: 'A-2' }, {}] })
    expectStatus(await buyer.call('POST', `/v1/orders/${order.id}/receive`), 200)
    const { items } = expectStatus(await buyer.call<Page<OrderEvent>>('GET', `/v1/orders/${order.id}/events`), 200)
    expect(items.map(({ status, change }) => [status, change])).toEqual([
      ['pending', null],
      ['paid', null],
      ['paid', 'shipment'],
      ['shipped', 'shipment'],
      ['shipped', 'tracking'],
      ['delivered', null],
    ])
  })
})

describe('the address of an order that was never paid', () => {
  test('is hidden from the seller, in lists too, and no event has it', async () => {
    const { seller, shop } = await makeSeller()
    const buyer = await signUp()
    await addToCart(buyer, await listItem(seller, shop))
    expectProblem(await tryCheckOut(buyer, { payment_method: 'pm_card_chargeDeclined' }), 402, 'payment_declined')
    const path = `/v1/shops/${shop.id}/orders`
    const [listed] = expectStatus(await seller.call<Page<Order>>('GET', path), 200).items as [Order]
    expect(listed).toMatchObject({ status: 'cancelled', shipping_address: null })
    expect((await readOrder(seller, listed)).shipping_address).toBeNull()
    expect((await readOrder(buyer, listed)).shipping_address).toMatchObject({ city: 'Portland' })
    for (const side of [seller, buyer]) {
      const events = await side.call<Page<unknown>>('GET', `/v1/orders/${listed.id}/events`)
      expect(expectStatus(events, 200).items).toHaveLength(2)
      expect(events.text).not.toContain('Portland')
    }
  })
})
