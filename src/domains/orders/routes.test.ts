import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf, type ProblemBody } from '../../../test/support/api.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import type { Order, OrderEvent, Page } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  checkOut,
  eventually,
  listItem,
  makeSeller,
  placeOrder,
  readAllPages,
  readOrders,
  readProduct,
  type Shopper,
  signUp,
} from '../../../test/support/shopper.ts'

const { api } = await startServer()

const ABSENT = Number.MAX_SAFE_INTEGER
const tracking = { carrier: 'USPS', tracking_number: '9400 1000' }

const move = (who: Shopper, order: Order, action: string, body?: unknown) =>
  who.call<Order>('POST', `/v1/orders/${order.id}/${action}`, body ? { body } : {})
const readEvents = async (who: Shopper, order: Order) =>
  readAllPages((path) => who.call<Page<OrderEvent>>('GET', path), `/v1/orders/${order.id}/events?limit=2`)

/** A paid order, moved on through these actions. */
async function orderAfter(...actions: string[]) {
  const placed = await placeOrder()
  for (const action of actions) {
    const who = action === 'cancel' ? placed.buyer : placed.seller
    expectStatus(await move(who, placed.order, action, action === 'ship' ? tracking : undefined), 200)
  }
  return placed
}

describe('lists of orders', () => {
  test('the buyer lists own purchases, the seller the orders of the shop, newest first, by status', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 9 })
    const buyer = await signUp()
    const placed: Order[] = []
    for (let i = 0; i < 4; i++) {
      await addToCart(buyer, product)
      placed.unshift(...(await checkOut(buyer)).orders)
    }
    const other = await signUp()
    await addToCart(other, product)
    const theirs = (await checkOut(other)).orders
    const bought = await readAllPages((path) => buyer.call<Page<Order>>('GET', path), '/v1/orders?limit=3')
    expect(bought).toEqual(placed)
    const sold = await readAllPages((path) => seller.call<Page<Order>>('GET', path), `/v1/shops/${shop.id}/orders?limit=2`)
    expect(sold).toEqual([...theirs, ...placed])
    expect(await readOrders(seller)).toEqual([])
    const shipped = expectStatus(await move(seller, placed[1] as Order, 'ship', tracking), 200)
    for (const [who, path] of [
      [buyer, '/v1/orders'],
      [seller, `/v1/shops/${shop.id}/orders`],
    ] as const) {
      expect(expectStatus(await who.call<Page<Order>>('GET', `${path}?status=shipped`), 200).items).toEqual([shipped])
      expectProblem(await who.call('GET', `${path}?status=lost`), 422, 'invalid_input')
    }
  }, 20_000)
})

describe('filters of the lists', () => {
  test('by time: from is inclusive, to exclusive; an invalid time is rejected by name', async () => {
    const { buyer, seller, shop, order } = await placeOrder()
    const at = Date.parse(order.created_at)
    const iso = (ms: number) => new Date(ms).toISOString()
    for (const [who, path] of [
      [buyer, '/v1/orders'],
      [seller, `/v1/shops/${shop.id}/orders`],
    ] as const) {
      const count = async (query: string) =>
        expectStatus(await who.call<Page<Order>>('GET', `${path}?${query}`), 200).items.length
      // The order's own moment is shown to the millisecond, and kept to the microsecond.
      expect(await count(`created_from=${iso(at)}&created_to=${iso(at + 1)}`)).toBe(1)
      expect(await count(`created_from=${iso(at + 1)}`)).toBe(0)
      expect(await count(`created_to=${iso(at)}`)).toBe(0)
      expect(await count(`created_from=${iso(at)}&status=paid`)).toBe(1)
      expect(await count(`created_from=${iso(at)}&status=shipped`)).toBe(0)
      for (const bad of ['yesterday', '2026-01-01', '0001-01-01T00:00:00Z', '2026-13-01T00:00:00Z']) {
        const problem = expectProblem(await who.call('GET', `${path}?created_from=${bad}`), 422, 'invalid_input')
        expect(fieldsOf(problem)).toEqual(['#/created_from'])
      }
    }
  })

  test('by buyer, for the seller alone, over pages', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 9 })
    const [ann, bo] = [await signUp(), await signUp()]
    const bought: Order[] = []
    for (const buyer of [ann, bo, ann, ann]) {
      await addToCart(buyer, product)
      const { orders } = await checkOut(buyer)
      if (buyer === ann) bought.unshift(...orders)
    }
    const path = `/v1/shops/${shop.id}/orders?buyer_id=${ann.id}&limit=2`
    expect(await readAllPages((page) => seller.call<Page<Order>>('GET', page), path)).toEqual(bought)
    expectProblem(await ann.call('GET', path), 403, 'not_owner')
    expectProblem(await ann.call('GET', `/v1/orders?buyer_id=${bo.id}`), 400, 'invalid_query')
  }, 20_000)
})

describe('one order', () => {
  test('its buyer and its seller can read it; other callers get 404', async () => {
    const { seller, buyer, order } = await placeOrder()
    const stranger = await signUp()
    expect(order.shipping_address).toEqual(ADDRESS)
    for (const who of [seller, buyer])
      expect(expectStatus(await who.call<Order>('GET', `/v1/orders/${order.id}`), 200)).toEqual(order)
    const sales = await seller.call<Page<Order>>('GET', `/v1/shops/${order.shop_id}/orders`)
    expect(expectStatus(sales, 200).items).toEqual([order])
    const calls = [
      ['GET', ''],
      ['GET', '/events'],
      ['POST', '/cancel'],
      ['POST', '/deliver'],
      ['POST', '/refund'],
      ['POST', '/ship', tracking],
      ['POST', '/review', { rating: 5, comment: '' }],
    ] as const
    for (const [method, action, body] of calls) {
      const send = async (id: number) => {
        const answer = await stranger.call<ProblemBody>(method, `/v1/orders/${id}${action}`, body ? { body } : {})
        const { request_id: _, ...said } = expectProblem(answer, 404, 'not_found')
        return said
      }
      expect(await send(order.id)).toEqual(await send(ABSENT))
    }
    expect(expectStatus(await buyer.call<Order>('GET', `/v1/orders/${order.id}`), 200)).toEqual(order)
  })
})

describe('moves', () => {
  test('ship, deliver: each adds its event, and both sides see the tracking', async () => {
    const { seller, buyer, order } = await placeOrder()
    const shipped = expectStatus(await move(seller, order, 'ship', tracking), 200)
    const { updated_at, shipments } = shipped
    expect(shipped).toEqual({ ...order, status: 'shipped', tracking, shipments, updated_at })
    expect(shipments).toMatchObject([{ order_id: order.id, ...tracking, items: [{ quantity: 1 }] }])
    const delivered = expectStatus(await move(seller, order, 'deliver'), 200)
    expect(delivered).toEqual({ ...shipped, status: 'delivered', updated_at: delivered.updated_at })
    expect(expectStatus(await buyer.call<Order>('GET', `/v1/orders/${order.id}`), 200)).toEqual(delivered)
    const events = await readEvents(buyer, order)
    expect(events.map((event) => event.status)).toEqual(['pending', 'paid', 'shipped', 'delivered'])
    expect(events[2]).toMatchObject({ order_id: order.id, actor_id: seller.id, change: 'shipment' })
    expect(events[2]?.detail).toMatchObject({ shipment: { items: [{ quantity: 1 }] } })
    expect(await readEvents(seller, order)).toEqual(events)
  })

  test('tracking is free text of 1 to 100 characters', async () => {
    const { seller, order } = await placeOrder()
    const problem = expectProblem(
      await move(seller, order, 'ship', { carrier: '', tracking_number: 'x'.repeat(101) }),
      422,
      'invalid_input',
    )
    expect(fieldsOf(problem)).toEqual(['#/carrier', '#/tracking_number'])
    const emoji = { carrier: '🚚'.repeat(100), tracking_number: 'ـ‮X' }
    expect(expectStatus(await move(seller, order, 'ship', emoji), 200).tracking).toEqual(emoji)
  })

  test('the buyer can only cancel', async () => {
    const { buyer, order } = await placeOrder()
    for (const [action, body] of [
      ['ship', tracking],
      ['deliver', undefined],
      ['refund', undefined],
    ] as const) {
      expectProblem(await move(buyer, order, action, body), 403, 'not_owner')
    }
    expect((await readOrders(buyer))[0]).toEqual(order)
  })

  const refused: [string[], string[]][] = [
    [[], ['deliver']],
    [['ship'], ['ship', 'cancel']],
    [
      ['ship', 'deliver'],
      ['ship', 'deliver', 'cancel'],
    ],
    [['cancel'], ['ship', 'deliver', 'cancel', 'refund']],
    [['refund'], ['ship', 'deliver', 'cancel', 'refund']],
  ]
  test.each(refused)('%p, then %p is rejected', async (actions, forbidden) => {
    const { seller, buyer, order } = await orderAfter(...actions)
    const read = async () => expectStatus(await buyer.call<Order>('GET', `/v1/orders/${order.id}`), 200)
    // The job of a refund changes the order once more.
    const isSettled = ({ refunds }: Order) => refunds.every(({ status }) => status === 'refunded')
    const before = await eventually(20_000, read, isSettled)
    const events = await readEvents(buyer, order)
    for (const action of forbidden) {
      expectProblem(await move(seller, order, action, action === 'ship' ? tracking : undefined), 409, 'wrong_order_state')
      if (action === 'cancel') expectProblem(await move(buyer, order, action), 409, 'wrong_order_state')
    }
    expect(await read()).toEqual(before)
    expect(await readEvents(buyer, order)).toEqual(events)
  })

  const undone: [string, string[], 'buyer' | 'seller', number][] = [
    ['cancel', [], 'buyer', 1],
    ['cancel', [], 'seller', 1],
    ['refund', [], 'seller', 1],
    ['refund', ['ship'], 'seller', 0],
    ['refund', ['ship', 'deliver'], 'seller', 0],
  ]
  test.each(undone)('%s after %p by the %s happens once, and returns %d units', async (action, actions, side, quantity) => {
    const placed = await orderAfter(...actions)
    const { shop, product, order } = placed
    expect((await readProduct(product.id)).quantity).toBe(0)
    const answers = await Promise.all(Array.from({ length: 5 }, () => move(placed[side], order, action)))
    expect(answers.filter((answer) => answer.status === 200).map((answer) => answer.body.status)).toEqual([
      action === 'cancel' ? 'cancelled' : 'refunded',
    ])
    for (const answer of answers) if (answer.status !== 200) expectProblem(answer, 409, 'wrong_order_state')
    expect(await readProduct(product.id)).toMatchObject({ quantity, state: quantity ? 'active' : 'sold_out' })
    expect((await api<{ sales_count: number }>('GET', `/v1/shops/${shop.id}`)).body.sales_count).toBe(1 - quantity)
  })

  test('cancelling one order of a checkout leaves the other one', async () => {
    const first = await makeSeller()
    const second = await makeSeller()
    const buyer = await signUp()
    await addToCart(buyer, await listItem(first.seller, first.shop))
    await addToCart(buyer, await listItem(second.seller, second.shop))
    const { orders, checkout_id } = await checkOut(buyer)
    expectStatus(await move(buyer, orders[0] as Order, 'cancel'), 200)
    const checkout = expectStatus(await buyer.call<{ orders: Order[] }>('GET', `/v1/checkouts/${checkout_id}`), 200)
    expect(checkout.orders.map((order) => order.status)).toEqual(['cancelled', 'paid'])
  })
})
