import { afterAll, beforeAll, expect, test } from 'bun:test'
import pino from 'pino'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { makeSale, unique } from '../../../test/support/factory.ts'
import { createMetrics } from '../../platform/metrics/metrics.ts'
import type { PaymentGateway } from './gateway.ts'
import type { FollowUpEvent } from './provider.ts'
import { reconcileProvider } from './reconcile_provider.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

/** A provider that lists these events. */
const listing = (events: FollowUpEvent[]) =>
  ({ provider: { name: 'simulated', listFollowUps: async () => events } }) as unknown as PaymentGateway

test('an event that cannot be applied fails the job after all others are applied', async () => {
  const { checkout_id, order_id } = await makeSale(db.sql, { outcome: null })
  const charge = unique('ch')
  await db.sql`select settle_checkout(${checkout_id}, 'paid', 'simulated', ${charge})`
  const refund: FollowUpEvent = {
    kind: 'refund',
    event_id: unique('evt'),
    payment_reference: charge,
    refund_reference: unique('re'),
    key: null,
    amount: '5.00',
    currency: 'usd',
    outcome: 'refunded',
    failure_reason: null,
  }
  const payments = listing([{ ...refund, event_id: unique('evt'), amount: 'none' }, refund])
  const context = { sql: db.sql, log: pino({ level: 'silent' }), metrics: createMetrics(), payments }
  expect(await Promise.resolve(reconcileProvider({ days: 2 }, context)).catch(String)).toBe(
    'AggregateError: cannot apply 1 events of the payment provider',
  )
  const [order] = await db.sql`select refunded from orders where id = ${order_id}`
  expect(order?.refunded).toBe('5.00')
})
