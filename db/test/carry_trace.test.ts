import { beforeEach, expect, test } from 'bun:test'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
beforeEach(async () => {
  await db.sql`delete from pgboss.job`
})

const traceOf = (digit: string) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`
const [ONE, OTHER] = [traceOf('1'), traceOf('2')]

test('the jobs of a transaction carry its trace, those of the next transaction do not', async () => {
  await db.sql.begin(async (tx) => {
    await tx`select carry_trace(${ONE})`
    // A call without a trace keeps the one that is set.
    await tx`select carry_trace(null)`
    await tx`select enqueue_job('refund_payment', '{"refund_id": 1}')`
    await tx`select carry_trace(${OTHER})`
    await tx`select enqueue_job('refund_late_charge', '{"checkout_id": 1}')`
  })
  await db.sql`select enqueue_job('settle_checkout', '{"checkout_id": 2}')`
  expect(await db.waitingJobs('refund_payment')).toEqual([{ refund_id: 1, traceparent: ONE }])
  expect(await db.waitingJobs('refund_late_charge')).toEqual([{ checkout_id: 1, traceparent: OTHER }])
  expect(await db.waitingJobs('settle_checkout')).toEqual([{ checkout_id: 2 }])
})

test('a transaction leaves no trace to the next one on its connection', async () => {
  const connection = await db.sql.reserve()
  await connection`select carry_trace(${ONE})`
  await connection`select enqueue_job('refund_payment', '{"refund_id": 3}')`
  connection.release()
  expect(await db.waitingJobs('refund_payment')).toEqual([{ refund_id: 3 }])
})

test.each(['cancel_order', 'refund_order'])('%s passes the trace to the refund', async (move) => {
  const { order_id, buyer_id, seller_id } = await db.makeSale()
  const user_id = move === 'cancel_order' ? buyer_id : seller_id
  await db.sql.unsafe(`select * from ${move}(order_id => $1, user_id => $2, traceparent => $3)`, [order_id, user_id, ONE])
  expect(await db.waitingJobs('refund_payment')).toEqual([{ refund_id: expect.any(Number), traceparent: ONE }])
})

test('an event of the payment provider passes the trace to its jobs', async () => {
  const { checkout_id } = await db.makeSale({ outcome: null })
  await db.sql`select * from apply_payment_event('simulated', 'evt-1', ${checkout_id}, 'paid', 'ref', ${ONE})`
  expect(await db.waitingJobs('send_mails')).toEqual([{ mail_ids: expect.any(Array), traceparent: ONE }])
})
