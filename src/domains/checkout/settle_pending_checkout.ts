import { Type } from '@sinclair/typebox'
import { query } from '../../platform/db/statement.ts'
import { Nullable, Numeric } from '../../platform/db/types.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import { traceparent } from '../../platform/tracing/trace.ts'
import { countOrders } from '../orders/count_orders.ts'
import { type PaymentGateway, settlementOf } from '../payments/gateway.ts'
import { settleCheckout } from './statements.ts'

const showPendingCharge = query(
  'checkout/show_pending_charge',
  { checkout_id: Type.Integer() },
  {
    checkout_id: Type.Integer(),
    amount: Numeric,
    method: Type.String(),
    reference: Nullable(Type.String()),
    age_s: Type.Number(),
    may_charge: Type.Boolean(),
    may_abandon: Type.Boolean(),
    must_cancel: Type.Boolean(),
  },
)

const PROVIDER_TIMEOUT_MS = 10_000

/**
 * Settles a checkout that is pending after 10 s, because its request died or returned 202: reads the charge at the provider,
 * charges if it is missing, and abandons it 20 s after checkouts.charge_until, when no request can still charge. Cancels a charge
 * that its buyer gave up, or did not act on in time. If the provider does not respond, the job is retried. If the provider has
 * not decided, the sweep enqueues the next job 30 s later.
 */
export const settlePendingCheckout: JobHandler<{ payments: PaymentGateway; metrics: Metrics }> = async (
  { checkout_id },
  { sql, payments, metrics, log },
) => {
  const pending = await showPendingCharge.maybe(sql, { checkout_id: Number(checkout_id) })
  if (!pending) return
  const { provider } = payments
  const signal = AbortSignal.timeout(PROVIDER_TIMEOUT_MS)
  const known = await (pending.must_cancel ? provider.cancel : provider.find)(pending, signal)
  // Throws, because a retry comes within seconds. The next job of the sweep would hold the stock for up to 30 s longer.
  if (!known && !pending.may_charge && !pending.may_abandon)
    throw new Error('A charge can still be in progress. The job asks the provider again.')
  const result = known ?? (pending.may_charge ? await provider.charge(pending, signal) : null)
  const settled = await settleCheckout.one(sql, {
    checkout_id: pending.checkout_id,
    ...settlementOf(provider, result ?? { outcome: 'abandoned', reference: null }),
    request_id: null,
    traceparent: traceparent(),
    lease_until: null,
  })
  countOrders(metrics, settled.status, settled.moved_totals)
  log.info({ checkout_id: pending.checkout_id, status: settled.status }, 'settled a pending checkout')
}
