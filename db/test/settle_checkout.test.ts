import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import {
  lapseHolds,
  makeProduct,
  makeShop,
  makeUser,
  placeCheckout,
  settleCheckout,
  unique,
  waitingJobs,
} from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { snapshot } from '../../test/support/snapshot.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

type Pending = { buyer: number; key: string; checkout_id: number; held: number; plenty: number; cart: unknown[] }

/** Makes a pending checkout of a held item and two units of another, from two shops. `cart` is the cart before the checkout. */
async function makePending(): Promise<Pending> {
  const [buyer, key] = [await makeUser(db.sql), unique('key')]
  const held = await makeProduct(db.sql, { shop_id: await makeShop(db.sql) })
  const plenty = await makeProduct(db.sql, { shop_id: await makeShop(db.sql), quantity: 5 })
  await db.sql`select * from reserve_item(${buyer}, ${held})`
  await db.sql`select * from reserve_item(${buyer}, ${plenty}, 2)`
  const cart = await cartOf(buyer)
  const { checkout_id } = await placeCheckout(db.sql, buyer, { key })
  return { buyer, key, checkout_id: checkout_id as number, held, plenty, cart }
}

async function cartOf(user_id: number): Promise<unknown[]> {
  return [
    ...(await db.sql`
    select id, product_id, quantity, reserved_until, price_when_added, added_at from cart_items where user_id = ${user_id} order by product_id`),
  ]
}

async function stateOf({ checkout_id, held, plenty }: Pending) {
  const [state] = await db.sql`
    select c.status, p.status as payment,
      array(select o.status from orders o where o.checkout_id = c.id order by o.id) as orders,
      array(select q.quantity from products q where q.id in (${held}, ${plenty}) order by q.id) as stock,
      (select sum(s.sales_count)::integer from shops s join orders o on o.shop_id = s.id where o.checkout_id = c.id) as sold,
      (select count(*)::integer from checkout_lines cl where cl.checkout_id = c.id) as kept_lines
    from checkouts c join payments p on p.checkout_id = c.id where c.id = ${checkout_id}`
  return state
}

const PAID = { status: 'paid', payment: 'paid', orders: ['paid', 'paid'], stock: [0, 3], sold: 3, kept_lines: 0 }
const UNDONE = { status: 'cancelled', orders: ['cancelled', 'cancelled'], stock: [1, 5], sold: 0, kept_lines: 0 }

describe('paid', () => {
  test('moves the orders, notifies each seller, returns 201 with the checkout, and deletes its job', async () => {
    const pending = await makePending()
    const { status, body, refusal, moved_totals } = await settleCheckout(db.sql, pending.checkout_id, 'paid')
    expect({ status, refusal }).toEqual({ status: 'paid', refusal: null })
    expect(moved_totals?.toSorted()).toEqual(['10.00', '20.00'])
    expect(await stateOf(pending)).toEqual(PAID)
    const checkout = JSON.parse(body as string)
    expect(checkout).toMatchObject({ checkout_id: pending.checkout_id, total: '30.00', payment: { status: 'paid' } })
    const orders = checkout.orders.map(({ id }: { id: number }) => id)
    expect(orders).toHaveLength(2)
    expect(await waitingJobs(db.sql, 'notify_sellers')).toContainEqual({ order_ids: orders.toSorted() })
    expect(await cartOf(pending.buyer)).toEqual([])
    const events = await db.sql`select status, actor_id from order_events where order_id = ${orders[0]} order by id`
    expect([...events]).toEqual([
      { status: 'pending', actor_id: pending.buyer },
      { status: 'paid', actor_id: null },
    ])
    const [payment] = await db.sql`select provider, provider_reference from payments where checkout_id = ${pending.checkout_id}`
    expect(payment).toEqual({ provider: 'simulated', provider_reference: 'ref-1' })
  })

  test.each(['paid', 'declined', 'unavailable', 'pending'])('then %s changes nothing and returns the same', async (outcome) => {
    const pending = await makePending()
    const first = await settleCheckout(db.sql, pending.checkout_id, 'paid')
    const jobs = await waitingJobs(db.sql, 'notify_sellers')
    const again = await settleCheckout(db.sql, pending.checkout_id, outcome, 'request-2')
    expect(again).toEqual({ ...first, moved_totals: null })
    expect(await stateOf(pending)).toEqual(PAID)
    expect(await waitingJobs(db.sql, 'notify_sellers')).toEqual(jobs)
  })
})

describe('declined', () => {
  test('restores stock, sales and cart with the rest of the hold, and stores 402 as the response', async () => {
    const pending = await makePending()
    const settled = await settleCheckout(db.sql, pending.checkout_id, 'declined')
    expect(settled).toMatchObject({ status: 'cancelled', body: null })
    expect(settled.moved_totals?.toSorted()).toEqual(['10.00', '20.00'])
    expect(settled.refusal).toMatchObject({
      code: 'SWDCL',
      detail: { checkout_id: pending.checkout_id },
      request_id: 'request-1',
    })
    expect(await stateOf(pending)).toEqual({ ...UNDONE, payment: 'declined' })
    expect(await cartOf(pending.buyer)).toEqual(pending.cart)
    const again = await placeCheckout(db.sql, pending.buyer, { key: pending.key, request_id: 'request-2' })
    expect(again).toMatchObject({ step: 'replay', refusal: settled.refusal })
    const events = await db.sql`
      select distinct e.status, e.detail from order_events e join orders o on o.id = e.order_id
      where o.checkout_id = ${pending.checkout_id} and e.status = 'cancelled'`
    expect([...events]).toEqual([{ status: 'cancelled', detail: { reason: 'payment_declined' } }])
  })

  test('returns the item to its holder, and to the next buyer when that hold lapses', async () => {
    const [pending, next] = [await makePending(), await makeUser(db.sql)]
    const take = () => db.sql`select * from reserve_item(${next}, ${pending.held})`
    expect(await refusalOf(take())).toMatchObject({ code: 'SWSTK' })
    await settleCheckout(db.sql, pending.checkout_id, 'declined')
    expect(await refusalOf(take())).toMatchObject({ code: 'SWRES' })
    await lapseHolds(db.sql, pending.buyer)
    expect(await take()).toHaveLength(1)
  })

  test('keeps what the buyer has added to the cart meanwhile', async () => {
    const pending = await makePending()
    await db.sql`select * from reserve_item(${pending.buyer}, ${pending.plenty}, 3)`
    await settleCheckout(db.sql, pending.checkout_id, 'declined')
    expect(await cartOf(pending.buyer)).toMatchObject([
      { product_id: pending.held, quantity: 1 },
      { product_id: pending.plenty, quantity: 3 },
    ])
  })

  test('twice restores once', async () => {
    const pending = await makePending()
    const first = await settleCheckout(db.sql, pending.checkout_id, 'declined')
    const before = await snapshot(db.sql)
    const again = await settleCheckout(db.sql, pending.checkout_id, 'declined', 'request-2')
    expect(again).toEqual({ ...first, moved_totals: null })
    const { 'public.payments': _, ...after } = await snapshot(db.sql)
    expect(before).toMatchObject(after)
  })

  test('then paid, any number of times: the orders stay cancelled and the late charge is refunded once', async () => {
    const pending = await makePending()
    await settleCheckout(db.sql, pending.checkout_id, 'declined')
    for (let time = 0; time < 3; time++) {
      const late = await settleCheckout(db.sql, pending.checkout_id, 'paid')
      expect(late).toMatchObject({ status: 'cancelled', moved_totals: null })
    }
    expect(await stateOf(pending)).toEqual({ ...UNDONE, payment: 'declined' })
    const refunds = (await waitingJobs(db.sql, 'refund_late_charge')).filter(
      ({ checkout_id }) => checkout_id === pending.checkout_id,
    )
    expect(refunds).toHaveLength(1)
  })
})

describe('unavailable', () => {
  test('restores stock and cart, returns 503, and frees the key for a retry', async () => {
    const pending = await makePending()
    const settled = await settleCheckout(db.sql, pending.checkout_id, 'unavailable')
    expect(settled).toMatchObject({ status: 'cancelled', body: null, refusal: { code: 'SWPAY' } })
    expect(await stateOf(pending)).toEqual({ ...UNDONE, payment: 'failed' })
    expect(await cartOf(pending.buyer)).toEqual(pending.cart)
    const again = await placeCheckout(db.sql, pending.buyer, { key: pending.key })
    expect(again.step).toBe('charge')
    expect(again.checkout_id).not.toBe(pending.checkout_id)
    expect(await settleCheckout(db.sql, again.checkout_id, 'paid')).toMatchObject({ status: 'paid' })
  })

  test.each([null, new Date(0)])(
    'from a call with the lease %p leaves the outcome open: another call may have charged',
    async (lease) => {
      const pending = await makePending()
      const settled = await settleCheckout(db.sql, pending.checkout_id, 'unavailable', 'request-1', lease)
      expect(settled).toMatchObject({ status: 'pending', refusal: null })
      expect(JSON.parse(settled.body as string)).toMatchObject({ status: 'pending' })
      expect(await stateOf(pending)).toMatchObject({ status: 'pending', stock: [0, 3] })
    },
  )
})

describe('abandoned', () => {
  test('restores stock and cart at any time', async () => {
    const pending = await makePending()
    await db.sql`update checkouts set created_at = created_at - interval '1 minute' where id = ${pending.checkout_id}`
    expect(await settleCheckout(db.sql, pending.checkout_id, 'abandoned')).toMatchObject({
      status: 'cancelled',
      refusal: { code: 'SWPAY' },
    })
    expect(await stateOf(pending)).toEqual({ ...UNDONE, payment: 'failed' })
    expect(await cartOf(pending.buyer)).toEqual(pending.cart)
  })
})

describe('pending', () => {
  test('returns 202, and keeps the outcome open', async () => {
    const pending = await makePending()
    const settled = await settleCheckout(db.sql, pending.checkout_id, 'pending')
    expect(settled).toMatchObject({ status: 'pending', refusal: null, moved_totals: null })
    expect(JSON.parse(settled.body as string)).toMatchObject({ checkout_id: pending.checkout_id, payment: { status: 'pending' } })
    expect(await stateOf(pending)).toMatchObject({ status: 'pending', orders: ['pending', 'pending'], stock: [0, 3] })
  })

  test.each(['paid', 'declined', 'unavailable', 'abandoned'])('then %s: the first response of the key stays', async (outcome) => {
    const pending = await makePending()
    const first = await settleCheckout(db.sql, pending.checkout_id, 'pending')
    const { status, moved_totals } = await settleCheckout(db.sql, pending.checkout_id, outcome)
    expect(status).toBe(outcome === 'paid' ? 'paid' : 'cancelled')
    expect(moved_totals).toHaveLength(2)
    expect(await stateOf(pending)).toMatchObject(outcome === 'paid' ? PAID : UNDONE)
    const again = await placeCheckout(db.sql, pending.buyer, { key: pending.key })
    expect(again).toMatchObject({ step: 'replay', checkout_id: pending.checkout_id, body: first.body })
  })
})

test('rejects an unknown checkout', async () => {
  expect(await refusalOf(settleCheckout(db.sql, 999_999, 'paid'))).toMatchObject({ code: 'SWNTF' })
})

test('rejects an unknown outcome', async () => {
  const pending = await makePending()
  const refusal = await refusalOf(settleCheckout(db.sql, pending.checkout_id, 'payed'))
  expect(refusal.code).toBe('SWINV')
})
