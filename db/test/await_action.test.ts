/** Payments that require an action of the buyer: settle_checkout with requires_action, and give_up_checkout. */
import { describe, expect, test } from 'bun:test'
import { unique } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const ACTION = { type: 'redirect_to_url', url: 'https://bank.example/1' }

async function makePending() {
  const [buyer, key] = [await db.makeUser(), unique('key')]
  await db.reserve(buyer, await db.makeProduct())
  const { checkout_id } = await db.placeCheckout(buyer, { key })
  return { buyer, key, checkout_id: checkout_id as number }
}

async function requireAction(checkout_id: number, next_action: unknown = ACTION) {
  const [settled] = await db.sql`
    select * from settle_checkout(
      ${checkout_id}, 'requires_action', 'simulated', 'ref-1', request_id => 'request-1', next_action => ${next_action as never}::jsonb)`
  return settled as { status: string; body: string; moved_totals: string[] | null }
}

const stateOf = async (checkout_id: number) =>
  (
    await db.rows`
      select c.status, p.status as payment, p.next_action from checkouts c join payments p on p.checkout_id = c.id
      where c.id = ${checkout_id}`
  )[0]

const giveUp = (checkout_id: number, user_id: number) => db.rows`select * from give_up_checkout(${checkout_id}, ${user_id})`

describe('requires_action', () => {
  test('leaves the outcome open for 15 minutes, the last 15 s for the worker, and is the response of the key', async () => {
    const { buyer, key, checkout_id } = await makePending()
    const settled = await requireAction(checkout_id)
    expect(settled).toMatchObject({ status: 'pending', moved_totals: null })
    expect(JSON.parse(settled.body)).toMatchObject({ payment: { status: 'requires_action', next_action: ACTION } })
    expect(
      await db.value`select charge_until - created_at = '14 minutes 45 seconds' from checkouts where id = ${checkout_id}`,
    ).toBe(true)
    expect(await db.placeCheckout(buyer, { key })).toMatchObject({ step: 'replay', body: settled.body })
  })

  test('twice keeps the first action and the time', async () => {
    const { checkout_id } = await makePending()
    await requireAction(checkout_id)
    const before = await db.snapshot()
    await requireAction(checkout_id, { type: 'another' })
    await db.settleCheckout(checkout_id, 'pending')
    const { 'public.payments': _, ...after } = await db.snapshot()
    expect(before).toMatchObject(after)
    expect(await stateOf(checkout_id)).toEqual({ status: 'pending', payment: 'requires_action', next_action: ACTION })
  })

  test.each([
    ['paid', 'paid', 'paid'],
    ['declined', 'cancelled', 'declined'],
    ['abandoned', 'cancelled', 'failed'],
  ])('then %s: the checkout is %s, and the action is over', async (outcome, status, payment) => {
    const { checkout_id } = await makePending()
    await requireAction(checkout_id)
    await db.settleCheckout(checkout_id, outcome)
    expect(await stateOf(checkout_id)).toEqual({ status, payment, next_action: null })
    await requireAction(checkout_id)
    expect(await stateOf(checkout_id)).toEqual({ status, payment, next_action: null })
  })

  test('without an action is refused by the table', async () => {
    const { checkout_id } = await makePending()
    expect(await refusalOf(requireAction(checkout_id, null))).toMatchObject({ code: '23514' })
  })

  test('the sweep asks the provider every 30 s, and at the end of the time', async () => {
    const { checkout_id } = await makePending()
    await requireAction(checkout_id)
    await db.sql`update checkouts set settle_after = now(), charge_until = now() + interval '7 seconds' where id = ${checkout_id}`
    expect(await db.rows`select * from enqueue_stuck_checkouts()`).toContainEqual({ checkout_id })
    expect(await db.value`select settle_after = charge_until from checkouts where id = ${checkout_id}`).toBe(true)
  })
})

describe('too many actions that were not paid', () => {
  /** A checkout of the buyer that requires an action. */
  async function act(buyer: number, product: number, then?: 'decline' | 'give up' | 'pay') {
    await db.reserve(buyer, product)
    const { checkout_id } = await db.placeCheckout(buyer, { key: unique('key') })
    const settled = await requireAction(checkout_id as number)
    if (then === 'give up') await giveUp(checkout_id as number, buyer)
    if (then) await db.settleCheckout(checkout_id as number, then === 'pay' ? 'paid' : 'declined')
    await db.sql`delete from cart_items where user_id = ${buyer}`
    return { checkout_id: checkout_id as number, ...settled }
  }
  const age = (buyer: number, by: string) =>
    db.sql`
      update checkouts set created_at = created_at - ${by}::interval, charge_until = charge_until - ${by}::interval
      where buyer_id = ${buyer}`

  test('of a product, 3 in 75 minutes: declined at once, the stock is back, and a job cancels the charge', async () => {
    const [buyer, product] = [await db.makeUser(), await db.makeProduct({ quantity: 9 })]
    for (const then of ['pay', 'decline', 'give up', 'decline'] as const)
      expect(await act(buyer, product, then)).toMatchObject({ status: 'pending' })
    const refused = await act(buyer, product)
    expect(refused).toMatchObject({ status: 'cancelled', body: null, refusal: { code: 'SWDCL' } })
    expect(await stateOf(refused.checkout_id)).toEqual({ status: 'cancelled', payment: 'declined', next_action: null })
    expect(await db.value`select quantity from products where id = ${product}`).toBe(8)
    expect(
      await db.value`select has_live_job('settle_checkout', jsonb_build_object('checkout_id', ${refused.checkout_id}::bigint))`,
    ).toBe(true)
    expect(await act(buyer, await db.makeProduct())).toMatchObject({ status: 'pending' })
    expect(await act(await db.makeUser(), product)).toMatchObject({ status: 'pending' })
    await age(buyer, '75 minutes')
    expect(await act(buyer, product)).toMatchObject({ status: 'pending' })
  })

  test('of an account, 10 in an hour: declined at once', async () => {
    const buyer = await db.makeUser()
    for (let n = 0; n < 10; n++)
      expect(await act(buyer, await db.makeProduct(), n % 2 ? 'decline' : 'give up')).toMatchObject({ status: 'pending' })
    expect(await act(buyer, await db.makeProduct())).toMatchObject({ status: 'cancelled', refusal: { code: 'SWDCL' } })
    await age(buyer, '1 hour')
    expect(await act(buyer, await db.makeProduct())).toMatchObject({ status: 'pending' })
  })

  test('an open action counts, and a repeated call leaves it open', async () => {
    const [buyer, product] = [await db.makeUser(), await db.makeProduct({ quantity: 9 })]
    const open = [await act(buyer, product), await act(buyer, product), await act(buyer, product)]
    expect(await act(buyer, product)).toMatchObject({ status: 'cancelled' })
    for (const { checkout_id } of open) expect(await requireAction(checkout_id)).toMatchObject({ status: 'pending' })
  })
})

describe('give_up_checkout', () => {
  test('returns what the provider needs, and a decline is then a cancellation', async () => {
    const { buyer, checkout_id } = await makePending()
    await requireAction(checkout_id)
    expect(await giveUp(checkout_id, buyer)).toEqual([
      { amount: '10.00', method: 'pm_card_visa', reference: 'ref-1', age_s: expect.any(Number) },
    ])
    await db.settleCheckout(checkout_id, 'declined')
    expect(await stateOf(checkout_id)).toEqual({ status: 'cancelled', payment: 'cancelled', next_action: null })
    expect(
      await db.rows`
        select e.detail from order_events e join orders o on o.id = e.order_id
        where o.checkout_id = ${checkout_id} and e.status = 'cancelled'`,
    ).toEqual([{ detail: { reason: 'payment_cancelled' } }])
  })

  test('while the call that charges is running: that call gets the refusal, and its key stays used', async () => {
    const { buyer, key, checkout_id } = await makePending()
    await giveUp(checkout_id, buyer)
    const settled = await db.settleCheckout(checkout_id, 'unavailable')
    expect(settled.refusal).toMatchObject({ code: 'SWCHK', detail: { checkout_id } })
    expect(await db.placeCheckout(buyer, { key })).toMatchObject({ step: 'replay', refusal: settled.refusal })
  })

  test('an action that is required afterwards gets no more time', async () => {
    const { buyer, checkout_id } = await makePending()
    await giveUp(checkout_id, buyer)
    await requireAction(checkout_id)
    expect(await db.value`select charge_until <= clock_timestamp() from checkouts where id = ${checkout_id}`).toBe(true)
  })

  test('of a settled or a foreign checkout is refused', async () => {
    const { buyer, checkout_id } = await makePending()
    expect(await refusalOf(giveUp(checkout_id, await db.makeUser()))).toMatchObject({ code: 'SWNTF' })
    await db.settleCheckout(checkout_id, 'paid')
    expect(await refusalOf(giveUp(checkout_id, buyer))).toMatchObject({ code: 'SWCHK' })
    expect(await refusalOf(db.rows`select * from show_given_up(${checkout_id}, ${buyer})`)).toMatchObject({ code: 'SWCHK' })
  })
})
