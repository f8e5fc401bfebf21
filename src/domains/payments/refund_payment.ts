import { type Static, Type } from '@sinclair/typebox'
import { OrderStatus } from '../../http/schemas.ts'
import { query, routine } from '../../platform/db/statement.ts'
import { Nullable, Numeric, Void } from '../../platform/db/types.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import { countMoves } from '../orders/count_orders.ts'
import type { PaymentGateway } from './gateway.ts'
import type { PaymentProvider } from './provider.ts'
import { refuseOther } from './refuse_other.ts'

const Owed = {
  checkout_id: Type.Integer(),
  provider: Type.String(),
  reference: Type.String(),
  key: Type.String(),
  amount: Numeric,
}
const showRefund = query('payments/show_refund', { refund_id: Type.Integer() }, Owed)
const showLateCharge = query('payments/show_late_charge', { checkout_id: Type.Integer() }, Owed)
const outcome = {
  outcome: Type.String(),
  provider_reference: Nullable(Type.String()),
  failure_reason: Nullable(Type.String()),
}
const settleRefund = routine(
  'settle_refund',
  { refund_id: Type.Integer(), ...outcome },
  { order_status: OrderStatus, moved_totals: Nullable(Type.Array(Type.String())) },
)
const settleLateCharge = routine(
  'settle_late_charge',
  { checkout_id: Type.Integer(), key: Type.String(), ...outcome },
  { settle_late_charge: Void },
)

const PROVIDER_TIMEOUT_MS = 10_000

/** Asks the provider to refund one order. */
export const refundPayment: JobHandler<{ payments: PaymentGateway; metrics: Metrics }> = async ({ refund_id }, context) => {
  const { sql, payments, metrics } = context
  const owed = await showRefund.maybe(sql, { refund_id: Number(refund_id) })
  if (!owed) return
  const settled = await settleRefund.maybe(sql, { refund_id: Number(refund_id), ...(await refund(payments.provider, owed)) })
  if (settled) countMoves(metrics, settled.order_status, settled.moved_totals)
}

/** Refunds a charge that was made after its checkout had been cancelled. */
export const refundLateCharge: JobHandler<{ payments: PaymentGateway }> = async ({ checkout_id }, { sql, payments, log }) => {
  const owed = await showLateCharge.maybe(sql, { checkout_id: Number(checkout_id) })
  if (!owed) return
  const result = await refund(payments.provider, owed)
  await settleLateCharge.one(sql, { checkout_id: owed.checkout_id, key: owed.key, ...result })
  log.warn({ checkout_id, ...result }, 'refunded a late charge of a cancelled checkout')
}

async function refund(provider: PaymentProvider, owed: Static<ReturnType<typeof Type.Object<typeof Owed>>>) {
  refuseOther(provider, owed.provider)
  const signal = AbortSignal.timeout(PROVIDER_TIMEOUT_MS)
  const { reference, ...result } = await provider.refund(owed, signal)
  return { ...result, provider_reference: reference }
}
