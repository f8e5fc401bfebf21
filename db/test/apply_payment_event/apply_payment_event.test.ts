import { describe, expect, test } from 'bun:test'
import type { Pool } from '../../../src/platform/db/client.ts'
import { unique } from '../../../test/support/factory.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

const db = await testDatabase()

type Applied = { is_new: boolean; status: string | null; moved_totals: string[] | null }

async function apply(sql: Pool, checkout_id: number, outcome: string, event_id = unique('evt')): Promise<Applied> {
  const [applied] = await sql<Applied[]>`
    select * from apply_payment_event('simulated', ${event_id}, ${checkout_id}, ${outcome}, ${`ref-${checkout_id}`})`
  return applied as Applied
}

/** Returns the events of the checkout's only order. */
async function trailOf(order_id: number): Promise<string[]> {
  const events = await db.sql<{ status: string }[]>`select status from order_events where order_id = ${order_id} order by id`
  return events.map(({ status }) => status)
}

const recordsOf = (checkout_id: number) =>
  db.rows`select provider, outcome, provider_reference from payment_events where checkout_id = ${checkout_id}`

async function jobsOf(queue: string, data: Record<string, unknown>): Promise<number> {
  return (await db.waitingJobs(queue)).filter((job) => Bun.deepEquals(job, data)).length
}

describe('an event', () => {
  test('with "paid" pays the checkout, once', async () => {
    const { checkout_id, order_id } = await db.makeSale({ outcome: null })
    const applyOnce = () => apply(db.sql, checkout_id, 'paid', `a-${checkout_id}`)
    expect(await applyOnce()).toEqual({ is_new: true, status: 'paid', moved_totals: ['23.00'] })
    expect(await applyOnce()).toEqual({ is_new: false, status: 'paid', moved_totals: null })
    expect(await trailOf(order_id)).toEqual(['pending', 'paid'])
    expect(await db.mailsAbout('order_sold', order_id)).toHaveLength(1)
    const record = { provider: 'simulated', outcome: 'paid', provider_reference: `ref-${checkout_id}` }
    expect(await recordsOf(checkout_id)).toEqual([record])
  })

  test('with "declined" cancels it', async () => {
    const { checkout_id, order_id, product_id } = await db.makeSale({ outcome: null })
    const cancelled = { is_new: true, status: 'cancelled', moved_totals: ['23.00'] }
    expect(await apply(db.sql, checkout_id, 'declined')).toEqual(cancelled)
    expect(await trailOf(order_id)).toEqual(['pending', 'cancelled'])
    expect(await db.value<number>`select quantity from products where id = ${product_id}`).toBe(5)
  })

  test('under the same id from another provider is another event', async () => {
    const { checkout_id } = await db.makeSale({ outcome: null })
    await apply(db.sql, checkout_id, 'paid', `b-${checkout_id}`)
    const other = db.value<boolean>`
      select is_new from apply_payment_event('stripe', ${`b-${checkout_id}`}, ${checkout_id}, 'paid', 'pi_1')`
    expect(await other).toBe(true)
  })

  test('about an unknown checkout is recorded for the operator', async () => {
    expect(await apply(db.sql, 999_999_999, 'paid')).toEqual({ is_new: true, status: null, moved_totals: null })
    expect(await recordsOf(999_999_999)).toHaveLength(1)
  })

  test('with an unknown outcome is rejected and leaves no record', async () => {
    const { checkout_id } = await db.makeSale({ outcome: null })
    const refused = { constraint: 'payment_events_outcome_fits_its_kind' }
    expect(await refusalOf(apply(db.sql, checkout_id, 'pending'))).toMatchObject(refused)
    expect(await recordsOf(checkout_id)).toEqual([])
  })

  test('is never changed', async () => {
    const { checkout_id } = await db.makeSale({ outcome: null })
    await apply(db.sql, checkout_id, 'paid')
    expect(await refusalOf(db.sql`delete from payment_events`)).toMatchObject({ code: 'SWAPP' })
    expect(await refusalOf(db.sql`update payment_events set outcome = 'declined'`)).toMatchObject({ code: 'SWAPP' })
  })
})

describe('events out of order', () => {
  test('declined after paid changes nothing', async () => {
    const { checkout_id, order_id } = await db.makeSale({ outcome: null })
    await apply(db.sql, checkout_id, 'paid')
    expect(await apply(db.sql, checkout_id, 'declined')).toEqual({ is_new: true, status: 'paid', moved_totals: null })
    expect(await trailOf(order_id)).toEqual(['pending', 'paid'])
  })

  test('any number of "paid" after "declined" refunds the money once', async () => {
    const { checkout_id, order_id } = await db.makeSale({ outcome: null })
    await apply(db.sql, checkout_id, 'declined')
    const late = { is_new: true, status: 'cancelled', moved_totals: null }
    for (let n = 0; n < 3; n++) expect(await apply(db.sql, checkout_id, 'paid')).toEqual(late)
    expect(await trailOf(order_id)).toEqual(['pending', 'cancelled'])
    expect(await jobsOf('refund_late_charge', { checkout_id })).toBe(1)
    const owed = db.rows`
      select lc.amount, lc.status from late_charges lc join payments p on p.id = lc.payment_id
      where p.checkout_id = ${checkout_id}`
    expect(await owed).toEqual([{ amount: '23.00', status: 'pending' }])
  })

  test('an event before the response of the charging call: that call changes nothing', async () => {
    const { checkout_id, order_id } = await db.makeSale({ outcome: null })
    await apply(db.sql, checkout_id, 'paid')
    const settled = db.rows`select status, body::json ->> 'status' as shown from settle_checkout(${checkout_id}, 'paid')`
    expect(await settled).toEqual([{ status: 'paid', shown: 'paid' }])
    expect(await trailOf(order_id)).toEqual(['pending', 'paid'])
  })
})

describe('50 connections at once', () => {
  test('with copies of one event make one transition', async () => {
    const { checkout_id, order_id } = await db.makeSale({ outcome: null })
    const applied = await db.race(50, ({ sql }) => apply(sql, checkout_id, 'paid', `c-${checkout_id}`))
    expect(applied.filter(({ is_new }) => is_new)).toHaveLength(1)
    expect(applied.every(({ status }) => status === 'paid')).toBe(true)
    expect(applied.filter(({ moved_totals }) => moved_totals)).toHaveLength(1)
    expect(await trailOf(order_id)).toEqual(['pending', 'paid'])
    expect(await db.mailsAbout('order_sold', order_id)).toHaveLength(1)
    expect(await recordsOf(checkout_id)).toHaveLength(1)
  })

  test('with contradicting events make one transition, and owe a refund if it was not "paid"', async () => {
    const { checkout_id, order_id } = await db.makeSale({ outcome: null })
    await db.race(50, ({ sql }, index) => apply(sql, checkout_id, index % 2 ? 'paid' : 'declined'))
    const trail = await trailOf(order_id)
    expect(trail).toHaveLength(2)
    expect(await jobsOf('refund_late_charge', { checkout_id })).toBe(trail[1] === 'paid' ? 0 : 1)
    expect(await db.mailsAbout('order_sold', order_id)).toHaveLength(trail[1] === 'paid' ? 1 : 0)
  })
})
