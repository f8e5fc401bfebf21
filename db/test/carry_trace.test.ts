import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeSale } from '../../test/support/factory.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const [ONE, OTHER] = ['1', '2'].map((digit) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`)

/** Returns the data of the jobs of a queue, oldest first. */
const dataOf = async (queue: string) =>
  (await db.sql`select data from pgboss.job where name = ${queue} order by created_on, id`).map(({ data }) => data)

test('the jobs of a transaction carry its trace, those of the next transaction do not', async () => {
  await db.sql`delete from pgboss.job`
  await db.sql.begin(async (tx) => {
    await tx`select carry_trace(${ONE ?? null})`
    // A call without a trace keeps the one that is set.
    await tx`select carry_trace(null)`
    await tx`select enqueue_job('refund_payment', '{"refund_id": 1}')`
    await tx`select carry_trace(${OTHER ?? null})`
    await tx`select enqueue_job('refund_late_charge', '{"checkout_id": 1}')`
  })
  await db.sql`select enqueue_job('settle_checkout', '{"checkout_id": 2}')`
  expect(await dataOf('refund_payment')).toEqual([{ refund_id: 1, traceparent: ONE }])
  expect(await dataOf('refund_late_charge')).toEqual([{ checkout_id: 1, traceparent: OTHER }])
  expect(await dataOf('settle_checkout')).toEqual([{ checkout_id: 2 }])
})

test('on one connection, too, a transaction leaves no trace behind', async () => {
  await db.sql`delete from pgboss.job`
  const connection = await db.sql.reserve()
  await connection`select carry_trace(${ONE ?? null})`
  await connection`select enqueue_job('refund_payment', '{"refund_id": 3}')`
  connection.release()
  expect(await dataOf('refund_payment')).toEqual([{ refund_id: 3 }])
})

test.each(['cancel_order', 'refund_order'])('%s passes the trace to the refund', async (move) => {
  await db.sql`delete from pgboss.job`
  const { order_id, buyer_id, seller_id } = await makeSale(db.sql)
  const user_id = move === 'cancel_order' ? buyer_id : seller_id
  await db.sql.unsafe(`select * from ${move}(order_id => $1, user_id => $2, traceparent => $3)`, [order_id, user_id, ONE ?? null])
  expect(await dataOf('refund_payment')).toEqual([{ refund_id: expect.any(Number), traceparent: ONE }])
})

test('an event of the payment provider passes the trace to its jobs', async () => {
  await db.sql`delete from pgboss.job`
  const { checkout_id, order_id } = await makeSale(db.sql, { outcome: null })
  await db.sql`select * from apply_payment_event('simulated', 'evt-1', ${checkout_id}, 'paid', 'ref', ${ONE ?? null})`
  expect(await dataOf('notify_sellers')).toEqual([{ order_ids: [order_id], traceparent: ONE }])
})
