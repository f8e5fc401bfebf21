import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeSale, type Sale, waitingJobs } from '../../test/support/factory.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
// What an earlier test left is settled: each test looks at its own.
beforeEach(async () => {
  await db.sql`delete from pgboss.job`
  await db.sql`update refunds set status = 'refunded'`
  await db.sql`update late_charges set status = 'refunded'`
  await db.sql`select settle_checkout(id, 'abandoned') from checkouts where status = 'pending'`
})

const checkouts = async () => (await db.sql`select checkout_id from enqueue_stuck_checkouts()`).map((row) => row.checkout_id)
const refunds = async () => [...(await db.sql`select queue, data from enqueue_stuck_refunds()`)]

/** As every call sends it. */
const TRACE = '00-11111111111111111111111111111111-1111111111111111-01'

/** A pending checkout of that age whose job is as it was left: enqueued with it and its trace, as place_checkout does. */
async function makePending(age_s: number): Promise<Sale> {
  const sale = await makeSale(db.sql, { outcome: null })
  await db.sql.begin(async (tx) => {
    await tx`select carry_trace(${TRACE})`
    await tx`
      update checkouts set created_at = now() - make_interval(secs => ${age_s}),
        settle_job_id = enqueue_job('settle_checkout', jsonb_build_object('checkout_id', id))
      where id = ${sale.checkout_id}`
  })
  await db.sql`update payments set method = 'pm_card_visa' where checkout_id = ${sale.checkout_id}`
  return sale
}

async function setJobs(state: string, age_s = 0): Promise<void> {
  await db.sql`
    update pgboss.job set state = ${state}::pgboss.job_state, started_on = now() - make_interval(secs => ${age_s})`
}

/** A paid order that was cancelled: its refund waits, for that long. */
async function makeRefund(age_s: number): Promise<number> {
  const sale = await makeSale(db.sql, { outcome: null })
  await db.sql`select settle_checkout(${sale.checkout_id}, 'paid', 'simulated', 'ref-1')`
  await db.sql`select cancel_order(${sale.order_id}, ${sale.buyer_id}, ${TRACE})`
  const [refund] = await db.sql`
    update refunds set created_at = now() - make_interval(secs => ${age_s}) where order_id = ${sale.order_id} returning id`
  return refund?.id
}

describe('enqueue_stuck_checkouts', () => {
  test('leaves a checkout that its own call may still settle', async () => {
    await makePending(20)
    await db.sql`delete from pgboss.job`
    expect(await checkouts()).toEqual([])
  })

  test('leaves one whose job waits, waits for another try, or is worked at this moment', async () => {
    await makePending(60)
    for (const state of ['created', 'retry', 'active']) {
      await setJobs(state)
      expect(await checkouts()).toEqual([])
    }
  })

  test.each(['completed', 'cancelled', 'failed'])('gives one whose job is %s a new one, and only one', async (state) => {
    const { checkout_id } = await makePending(60)
    await setJobs(state)
    expect(await checkouts()).toEqual([checkout_id])
    expect(await checkouts()).toEqual([])
    expect(await waitingJobs(db.sql, 'settle_checkout')).toEqual([{ checkout_id }])
  })

  test('gives one whose job is gone, or belongs to a worker that died, a new one', async () => {
    const { checkout_id: gone } = await makePending(60)
    await db.sql`delete from pgboss.job`
    const { checkout_id: dead } = await makePending(60)
    await setJobs('active', 60)
    expect((await checkouts()).toSorted()).toEqual([gone, dead])
  })

  test('passes over one that somebody settles at this moment', async () => {
    const { checkout_id } = await makePending(60)
    await db.sql`delete from pgboss.job`
    await db.sql.begin(async (tx) => {
      await tx`select from checkouts where id = ${checkout_id} for update`
      expect(await checkouts()).toEqual([])
    })
    expect(await checkouts()).toEqual([checkout_id])
  })

  test('leaves settled ones, and their jobs go when they settle', async () => {
    const { checkout_id } = await makePending(60)
    await db.sql`delete from pgboss.job`
    await checkouts()
    await db.sql`select settle_checkout(${checkout_id}, 'paid', 'simulated', 'ref-1')`
    expect(await waitingJobs(db.sql, 'settle_checkout')).toEqual([])
    expect(await checkouts()).toEqual([])
  })
})

describe('enqueue_stuck_refunds', () => {
  test('gives a refund whose job is gone a new one, and only one', async () => {
    const refund_id = await makeRefund(60)
    expect(await refunds()).toEqual([])
    await setJobs('failed')
    expect(await refunds()).toEqual([{ queue: 'refund_payment', data: { refund_id } }])
    expect(await refunds()).toEqual([])
    expect(await waitingJobs(db.sql, 'refund_payment')).toEqual([{ refund_id }])
  })

  test('gives a late charge whose job is gone a new one, until it has gone back', async () => {
    const { checkout_id } = await makeSale(db.sql, { outcome: null })
    await db.sql`select settle_checkout(${checkout_id}, 'declined')`
    await db.sql`select settle_checkout(${checkout_id}, 'paid', 'simulated', 'ref-1')`
    await db.sql`update late_charges set created_at = now() - interval '1 minute'`
    await setJobs('failed')
    expect(await refunds()).toEqual([{ queue: 'refund_late_charge', data: { checkout_id } }])
    await db.sql`delete from pgboss.job`
    await db.sql`select complete_late_charge(${checkout_id}, 're-1')`
    expect(await refunds()).toEqual([])
    const [charge] = await db.sql`
      select lc.status, lc.provider_reference from late_charges lc
      join payments p on p.id = lc.payment_id where p.checkout_id = ${checkout_id}`
    expect(charge).toEqual({ status: 'refunded', provider_reference: 're-1' })
  })

  test('leaves young ones, settled ones, and those that no provider took', async () => {
    await makeRefund(10)
    const refund_id = await makeRefund(60)
    await db.sql`select complete_refund(${refund_id}, 're-1')`
    await makeRefund(60)
    await db.sql`update payments set provider = null, provider_reference = null`
    await db.sql`delete from pgboss.job`
    expect(await refunds()).toEqual([])
  })
})

test('an order that an administrator made without a payment method is nobody else’s to settle', async () => {
  const { checkout_id } = await makePending(3600)
  await db.sql`update payments set method = null where checkout_id = ${checkout_id}`
  await db.sql`delete from pgboss.job`
  expect(await checkouts()).not.toContain(checkout_id)
})
