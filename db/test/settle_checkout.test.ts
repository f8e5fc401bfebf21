import { describe, expect, test } from 'bun:test'
import { unique } from '../../test/support/factory.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Pending = Awaited<ReturnType<typeof makePending>>

/** Makes a pending checkout of a held item and two units of another, from two shops. `cart` is the cart before the checkout. */
async function makePending() {
  const [buyer, key] = [await db.makeUser(), unique('key')]
  const [held, plenty] = [await db.makeProduct(), await db.makeProduct({ quantity: 5 })]
  await db.reserve(buyer, held)
  await db.reserve(buyer, plenty, 2)
  const cart = await cartOf(buyer)
  const { checkout_id } = await db.placeCheckout(buyer, { key })
  return { buyer, key, checkout_id: checkout_id as number, held, plenty, cart }
}

const cartOf = (user_id: number) => db.rows`
  select id, product_id, quantity, reserved_until, price_when_added, added_at from cart_items
  where user_id = ${user_id} order by product_id`

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
  test('moves the orders, mails the buyer and each seller, and returns the checkout', async () => {
    const pending = await makePending()
    const { status, body, refusal, moved_totals } = await db.settleCheckout(pending.checkout_id, 'paid')
    expect({ status, refusal }).toEqual({ status: 'paid', refusal: null })
    expect(moved_totals?.toSorted()).toEqual(['10.00', '20.00'])
    expect(await stateOf(pending)).toEqual(PAID)
    const checkout = JSON.parse(body as string)
    expect(checkout).toMatchObject({ checkout_id: pending.checkout_id, total: '30.00', payment: { status: 'paid' } })
    const orders = checkout.orders.map(({ id }: { id: number }) => id)
    const mailIds = () => db.json`
      select json_build_object('mail_ids', json_agg(m.id order by m.id), 'told', json_agg(m.kind order by m.id))
      from mails m where m.fact_id in ${db.sql([pending.checkout_id, ...orders])}`
    expect(orders).toHaveLength(2)
    const ids = await mailIds()
    expect(ids.told).toEqual(['checkout_paid', 'order_sold', 'order_sold'])
    expect(await db.waitingJobs('send_mails')).toContainEqual({ mail_ids: ids.mail_ids })
    expect(await cartOf(pending.buyer)).toEqual([])
    expect(await db.rows`select status, actor_id from order_events where order_id = ${orders[0]} order by id`).toEqual([
      { status: 'pending', actor_id: pending.buyer },
      { status: 'paid', actor_id: null },
    ])
    const payment = db.rows`select provider, provider_reference from payments where checkout_id = ${pending.checkout_id}`
    expect(await payment).toEqual([{ provider: 'simulated', provider_reference: 'ref-1' }])
  })

  test.each(['paid', 'declined', 'unavailable', 'pending'])('then %s changes nothing and returns the same', async (outcome) => {
    const pending = await makePending()
    const first = await db.settleCheckout(pending.checkout_id, 'paid')
    const jobs = await db.waitingJobs('send_mails')
    const again = await db.settleCheckout(pending.checkout_id, outcome, 'request-2')
    expect(again).toEqual({ ...first, moved_totals: null })
    expect(await stateOf(pending)).toEqual(PAID)
    expect(await db.waitingJobs('send_mails')).toEqual(jobs)
  })
})

describe('declined', () => {
  test('restores stock, sales and cart with the rest of the hold, and stores the error as the response', async () => {
    const pending = await makePending()
    const settled = await db.settleCheckout(pending.checkout_id, 'declined')
    expect(settled).toMatchObject({ status: 'cancelled', body: null })
    expect(settled.moved_totals?.toSorted()).toEqual(['10.00', '20.00'])
    const detail = { checkout_id: pending.checkout_id }
    expect(settled.refusal).toMatchObject({ code: 'SWDCL', detail, request_id: 'request-1' })
    expect(await stateOf(pending)).toEqual({ ...UNDONE, payment: 'declined' })
    expect(await cartOf(pending.buyer)).toEqual(pending.cart)
    const again = await db.placeCheckout(pending.buyer, { key: pending.key, request_id: 'request-2' })
    expect(again).toMatchObject({ step: 'replay', refusal: settled.refusal })
    const events = db.rows`
      select distinct e.detail from order_events e join orders o on o.id = e.order_id
      where o.checkout_id = ${pending.checkout_id} and e.status = 'cancelled'`
    expect(await events).toEqual([{ detail: { reason: 'payment_declined' } }])
  })

  test('returns the item to its holder, and to the next buyer when that hold lapses', async () => {
    const [pending, next] = [await makePending(), await db.makeUser()]
    const take = () => outcomeOf(db.reserve(next, pending.held))
    expect(await take()).toBe('SWSTK')
    await db.settleCheckout(pending.checkout_id, 'declined')
    expect(await take()).toBe('SWRES')
    await db.lapseHolds(pending.buyer)
    expect(await take()).toBe('done')
  })

  test('keeps what the buyer has added to the cart meanwhile', async () => {
    const pending = await makePending()
    await db.reserve(pending.buyer, pending.plenty, 3)
    await db.settleCheckout(pending.checkout_id, 'declined')
    expect(await cartOf(pending.buyer)).toMatchObject([
      { product_id: pending.held, quantity: 1 },
      { product_id: pending.plenty, quantity: 3 },
    ])
  })

  test('twice restores once', async () => {
    const pending = await makePending()
    const first = await db.settleCheckout(pending.checkout_id, 'declined')
    const before = await db.snapshot()
    const again = await db.settleCheckout(pending.checkout_id, 'declined', 'request-2')
    expect(again).toEqual({ ...first, moved_totals: null })
    const { 'public.payments': _, ...after } = await db.snapshot()
    expect(before).toMatchObject(after)
  })

  test('then paid, any number of times: the orders stay cancelled and the late charge is refunded once', async () => {
    const pending = await makePending()
    await db.settleCheckout(pending.checkout_id, 'declined')
    for (let time = 0; time < 3; time++) {
      const late = await db.settleCheckout(pending.checkout_id, 'paid')
      expect(late).toMatchObject({ status: 'cancelled', moved_totals: null })
    }
    expect(await stateOf(pending)).toEqual({ ...UNDONE, payment: 'declined' })
    const refunds = (await db.waitingJobs('refund_late_charge')).filter(({ checkout_id }) => checkout_id === pending.checkout_id)
    expect(refunds).toHaveLength(1)
  })
})

describe('unavailable', () => {
  test('restores stock and cart, returns an error, and frees the key for a retry', async () => {
    const pending = await makePending()
    const settled = await db.settleCheckout(pending.checkout_id, 'unavailable')
    expect(settled).toMatchObject({ status: 'cancelled', body: null, refusal: { code: 'SWPAY' } })
    expect(await stateOf(pending)).toEqual({ ...UNDONE, payment: 'failed' })
    expect(await cartOf(pending.buyer)).toEqual(pending.cart)
    const again = await db.placeCheckout(pending.buyer, { key: pending.key })
    expect(again.step).toBe('charge')
    expect(again.checkout_id).not.toBe(pending.checkout_id)
    expect(await db.settleCheckout(again.checkout_id, 'paid')).toMatchObject({ status: 'paid' })
  })

  test.each([null, new Date(0)])(
    'from a call with the lease %p leaves the outcome open: another call may have charged',
    async (lease) => {
      const pending = await makePending()
      const settled = await db.settleCheckout(pending.checkout_id, 'unavailable', 'request-1', lease)
      expect(settled).toMatchObject({ status: 'pending', refusal: null })
      expect(JSON.parse(settled.body as string)).toMatchObject({ status: 'pending' })
      expect(await stateOf(pending)).toMatchObject({ status: 'pending', stock: [0, 3] })
    },
  )
})

test('abandoned restores stock and cart at any time', async () => {
  const pending = await makePending()
  await db.sql`update checkouts set created_at = created_at - interval '1 minute' where id = ${pending.checkout_id}`
  const settled = await db.settleCheckout(pending.checkout_id, 'abandoned')
  expect(settled).toMatchObject({ status: 'cancelled', refusal: { code: 'SWPAY' } })
  expect(await stateOf(pending)).toEqual({ ...UNDONE, payment: 'failed' })
  expect(await cartOf(pending.buyer)).toEqual(pending.cart)
})

describe('pending', () => {
  test('returns the pending checkout, and keeps the outcome open', async () => {
    const pending = await makePending()
    const settled = await db.settleCheckout(pending.checkout_id, 'pending')
    expect(settled).toMatchObject({ status: 'pending', refusal: null, moved_totals: null })
    expect(JSON.parse(settled.body as string)).toMatchObject({ checkout_id: pending.checkout_id, payment: { status: 'pending' } })
    expect(await stateOf(pending)).toMatchObject({ status: 'pending', orders: ['pending', 'pending'], stock: [0, 3] })
  })

  test.each(['paid', 'declined', 'unavailable', 'abandoned'])('then %s: the first response of the key stays', async (outcome) => {
    const pending = await makePending()
    const first = await db.settleCheckout(pending.checkout_id, 'pending')
    const { status, moved_totals } = await db.settleCheckout(pending.checkout_id, outcome)
    expect(status).toBe(outcome === 'paid' ? 'paid' : 'cancelled')
    expect(moved_totals).toHaveLength(2)
    expect(await stateOf(pending)).toMatchObject(outcome === 'paid' ? PAID : UNDONE)
    const again = await db.placeCheckout(pending.buyer, { key: pending.key })
    expect(again).toMatchObject({ step: 'replay', checkout_id: pending.checkout_id, body: first.body })
  })
})

test('settle_checkout refuses an unknown checkout and an unknown outcome', async () => {
  expect(await refusalOf(db.settleCheckout(999_999, 'paid'))).toMatchObject({ code: 'SWNTF' })
  const { checkout_id } = await makePending()
  expect(await refusalOf(db.settleCheckout(checkout_id, 'payed'))).toMatchObject({ code: 'SWINV' })
})
