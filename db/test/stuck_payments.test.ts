import { beforeEach, describe, expect, test } from 'bun:test'
import type { Sale } from '../../test/support/factory.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
// Settles everything from earlier tests.
beforeEach(async () => {
  await db.sql`delete from pgboss.job`
  await db.sql`update refunds set status = 'refunded'`
  await db.sql`update late_charges set status = 'refunded'`
  await db.sql`select settle_checkout(id, 'abandoned') from checkouts where status = 'pending'`
})

const checkouts = async () => (await db.sql`select checkout_id from enqueue_stuck_checkouts()`).map((row) => row.checkout_id)
const foundKinds = async () => (await db.sql`select find_work('{pending_checkouts}') as kinds`)[0]?.kinds
const refunds = async () => await db.rows`select queue, data from enqueue_stuck_refunds('simulated')`

/** The trace of a call. */
const TRACE = '00-11111111111111111111111111111111-1111111111111111-01'

/** Makes a pending checkout whose settlement is due. It has no job. */
async function makeDue(): Promise<Sale> {
  const sale = await db.makeSale({ outcome: null })
  await db.sql`update payments set method = 'pm_card_visa' where checkout_id = ${sale.checkout_id}`
  await makeDueAgain(sale.checkout_id)
  return sale
}

const makeDueAgain = (checkout_id: number) => db.sql`update checkouts set settle_after = now() where id = ${checkout_id}`

async function setJobs(state: string, age_s = 0): Promise<void> {
  await db.sql`
    update pgboss.job set state = ${state}::pgboss.job_state, started_on = now() - make_interval(secs => ${age_s})`
}

/** Makes a cancelled paid order whose refund has been pending for this long. */
async function makeRefund(age_s: number): Promise<number> {
  const sale = await db.makeSale({ outcome: null })
  await db.sql`select settle_checkout(${sale.checkout_id}, 'paid', 'simulated', 'ref-1')`
  await db.sql`select cancel_order(${sale.order_id}, ${sale.buyer_id}, ${TRACE})`
  const [refund] = await db.sql`
    update refunds set created_at = now() - make_interval(secs => ${age_s}) where order_id = ${sale.order_id} returning id`
  return refund?.id
}

const makeOfStripe = (refund_id: number) => db.sql`
  update payments set provider = 'stripe' where id = (select payment_id from refunds where id = ${refund_id})`

describe('find_work', () => {
  test('finds a checkout that is due, unless it has no payment method', async () => {
    const { checkout_id } = await makeDue()
    expect(await foundKinds()).toEqual(['pending_checkouts'])
    await db.sql`update payments set method = null where checkout_id = ${checkout_id}`
    expect(await foundKinds()).toEqual([])
  })
})

describe('enqueue_stuck_checkouts', () => {
  test('skips a checkout that its own call can still settle', async () => {
    const { checkout_id } = await makeDue()
    await db.sql`update checkouts set settle_after = default where id = ${checkout_id}`
    expect(await checkouts()).toEqual([])
  })

  test('skips one whose job is queued, retried or active', async () => {
    const { checkout_id } = await makeDue()
    expect(await checkouts()).toEqual([checkout_id])
    await makeDueAgain(checkout_id)
    for (const state of ['created', 'retry', 'active']) {
      await setJobs(state)
      expect(await checkouts()).toEqual([])
    }
  })

  test.each(['completed', 'cancelled', 'failed'])('enqueues one new job, 30 s later, if the last one is %s', async (state) => {
    const { checkout_id } = await makeDue()
    expect(await checkouts()).toEqual([checkout_id])
    await setJobs(state)
    expect(await checkouts()).toEqual([])
    const [row] =
      await db.sql`select extract(epoch from settle_after - now())::integer as in_s from checkouts where id = ${checkout_id}`
    expect(row?.in_s).toBeWithin(25, 31)
    await makeDueAgain(checkout_id)
    expect(await checkouts()).toEqual([checkout_id])
    expect(await db.waitingJobs('settle_checkout')).toEqual([{ checkout_id }])
  })

  test('enqueues a new job if the old one is missing or belongs to a dead worker', async () => {
    const { checkout_id: dead } = await makeDue()
    await checkouts()
    await setJobs('active', 60)
    await makeDueAgain(dead)
    const { checkout_id: gone } = await makeDue()
    expect((await checkouts()).toSorted()).toEqual([dead, gone])
  })

  test('skips one that is being settled', async () => {
    const { checkout_id } = await makeDue()
    await db.sql.begin(async (tx) => {
      await tx`select from checkouts where id = ${checkout_id} for update`
      expect(await checkouts()).toEqual([])
    })
    expect(await checkouts()).toEqual([checkout_id])
  })

  test('skips settled checkouts', async () => {
    const { checkout_id } = await makeDue()
    await db.sql`select settle_checkout(${checkout_id}, 'paid', 'simulated', 'ref-1')`
    expect(await checkouts()).toEqual([])
  })
})

describe('enqueue_stuck_refunds', () => {
  test('enqueues one new job for a refund without a job', async () => {
    const refund_id = await makeRefund(60)
    expect(await refunds()).toEqual([])
    await setJobs('failed')
    expect(await refunds()).toEqual([{ queue: 'refund_payment', data: { refund_id } }])
    expect(await refunds()).toEqual([])
    expect(await db.waitingJobs('refund_payment')).toEqual([{ refund_id }])
  })

  test('enqueues a new job for a late charge without a job, until it is refunded', async () => {
    const { checkout_id } = await db.makeSale({ outcome: null })
    await db.sql`select settle_checkout(${checkout_id}, 'declined')`
    await db.sql`select settle_checkout(${checkout_id}, 'paid', 'simulated', 'ref-1')`
    await db.sql`update late_charges set created_at = now() - interval '1 minute'`
    await setJobs('failed')
    expect(await refunds()).toEqual([{ queue: 'refund_late_charge', data: { checkout_id } }])
    await db.sql`delete from pgboss.job`
    await db.sql`select settle_late_charge(${checkout_id}, ${`late_${checkout_id}`}, 'refunded', 're-1')`
    expect(await refunds()).toEqual([])
    const [charge] = await db.sql`
      select lc.status, lc.provider_reference from late_charges lc
      join payments p on p.id = lc.payment_id where p.checkout_id = ${checkout_id}`
    expect(charge).toEqual({ status: 'refunded', provider_reference: 're-1' })
  })

  test('skips new refunds, completed ones, and those without a provider or of another one', async () => {
    await makeRefund(10)
    const refund_id = await makeRefund(60)
    await db.sql`select settle_refund(${refund_id}, 'refunded', 're-1')`
    await makeRefund(60)
    await db.sql`update payments set provider = null, provider_reference = null`
    await makeOfStripe(await makeRefund(60))
    await db.sql`delete from pgboss.job`
    expect(await refunds()).toEqual([])
  })
})

describe('enqueue_reconciliations', () => {
  const ask = () => db.rows`select payment_id from enqueue_reconciliations('simulated')`
  const questions = () => db.rows`
    select data, round(extract(epoch from start_after - now()))::integer as in_s from pgboss.job
    where name = 'reconcile_provider' and state = 'created'`

  /** Makes a sent refund that last changed this long ago. */
  async function makeSent(age: string): Promise<number> {
    const refund_id = await makeRefund(60)
    await db.sql`select settle_refund(${refund_id}, 'sent', ${`re-${refund_id}`})`
    await db.sql`delete from pgboss.job`
    // updated_at is set by a trigger.
    await db.sql`alter table refunds disable trigger user`
    await db.sql`update refunds set updated_at = now() - ${age}::interval where id = ${refund_id}`
    await db.sql`alter table refunds enable trigger user`
    return db.value<number>`select payment_id from refunds where id = ${refund_id}`
  }

  test.each([
    ['10 seconds', 10],
    ['20 minutes', 300],
    ['30 days', 6 * 3600],
  ])('a refund that was sent %s ago: one question, in %d s', async (age, in_s) => {
    const payment_id = await makeSent(age)
    expect(await ask()).toEqual([{ payment_id }])
    expect(await questions()).toEqual([{ data: { payment_id }, in_s }])
    expect(await ask()).toEqual([])
    await setJobs('completed')
    expect(await ask()).toEqual([{ payment_id }])
  })

  test('skips a payment of another provider', async () => {
    await makeSent('1 minute')
    await makeOfStripe(await db.value<number>`select max(id) from refunds`)
    expect(await ask()).toEqual([])
  })

  test('asks about open disputes, and about no settled refund or dispute', async () => {
    const payment_id = await makeSent('1 minute')
    await db.sql`update refunds set status = 'refunded'`
    expect(await ask()).toEqual([])
    await db.sql`insert into disputes (payment_id, provider_reference, amount) values (${payment_id}, 'dp_1', 1)`
    expect(await ask()).toEqual([{ payment_id }])
    await setJobs('completed')
    await db.sql`update disputes set status = 'won'`
    expect(await ask()).toEqual([])
  })
})

test('ignores an order that an administrator made without a payment method', async () => {
  const { checkout_id } = await makeDue()
  await db.sql`update payments set method = null where checkout_id = ${checkout_id}`
  await db.sql`delete from pgboss.job`
  expect(await checkouts()).not.toContain(checkout_id)
})
