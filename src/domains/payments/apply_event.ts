import type { Logger } from 'pino'
import type { Reader } from '../../platform/db/statement.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import { traceparent } from '../../platform/tracing/trace.ts'
import { countMoves, countOrders } from '../orders/count_orders.ts'
import { applyAccountEvent, applyPayoutEvent, applyReversalEvent } from '../payouts/statements.ts'
import type { PaymentEvent } from './provider.ts'
import { applyDisputeEvent, applyPaymentEvent, applyRefundEvent, reconcileCharge } from './statements.ts'

type Context = { sql: Reader; metrics: Metrics; log: Logger }

/** Applies an event of a payment provider by one statement. Logs an event that contradicts the books. */
export async function applyEvent(provider: string, event: PaymentEvent, { sql, metrics, log }: Context): Promise<void> {
  const shared = { provider, traceparent: traceparent() }
  switch (event.kind) {
    case 'charge': {
      const { is_new, status, moved_totals } = await applyPaymentEvent.one(sql, { ...shared, ...event })
      if (status) countOrders(metrics, status, moved_totals)
      if (is_new && status === null) log.error({ event }, 'a payment event names a checkout that is not here')
      return
    }
    case 'refund':
      for (const { problem, order_status, moved_totals } of await applyRefundEvent.many(sql, { ...shared, ...event })) {
        if (order_status) countMoves(metrics, order_status, moved_totals)
        if (problem) log.error({ event, problem }, 'a refund at the payment provider does not fit the books')
      }
      return
    case 'dispute':
      for (const { problem } of await applyDisputeEvent.many(sql, { ...shared, ...event }))
        log.error({ event, problem }, 'a dispute at the payment provider does not fit the books')
      return
    case 'payout':
      for (const { problem } of await applyPayoutEvent.many(sql, { ...shared, ...event }))
        log.error({ event, problem }, 'a payout at the payment provider does not fit the books')
      return
    case 'payout_account':
      await applyAccountEvent.many(sql, { ...shared, ...event })
      return
    case 'reversal':
      for (const { problem } of await applyReversalEvent.many(sql, { ...shared, ...event }))
        log.error({ event, problem }, 'a reversal at the payment provider does not fit the books')
      return
    case 'charge_refunded':
      await reconcileCharge.one(sql, { provider, payment_reference: event.payment_reference })
  }
}
