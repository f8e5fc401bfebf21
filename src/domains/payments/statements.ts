import { Type } from '@sinclair/typebox'
import { OrderStatus } from '../../http/schemas.ts'
import { routine } from '../../platform/db/statement.ts'
import { Jsonb, Nullable, Numeric, Void } from '../../platform/db/types.ts'
import { CheckoutStatus } from './checkout_status.ts'

const MovedTotals = Nullable(Type.Array(Type.String()))

export const applyPaymentEvent = routine(
  'apply_payment_event',
  {
    provider: Type.String(),
    event_id: Type.String(),
    checkout_id: Type.Integer(),
    outcome: Type.String(),
    provider_reference: Type.String(),
    traceparent: Nullable(Type.String()),
  },
  { is_new: Type.Boolean(), status: Nullable(CheckoutStatus), moved_totals: MovedTotals },
)
export const applyRefundEvent = routine(
  'apply_refund_event',
  {
    provider: Type.String(),
    event_id: Type.String(),
    payment_reference: Type.String(),
    refund_reference: Type.String(),
    key: Nullable(Type.String()),
    amount: Numeric,
    currency: Type.String(),
    outcome: Type.String(),
    failure_reason: Nullable(Type.String()),
    traceparent: Nullable(Type.String()),
  },
  { problem: Nullable(Type.String()), order_status: Nullable(OrderStatus), moved_totals: MovedTotals },
)
export const applyDisputeEvent = routine(
  'apply_dispute_event',
  {
    provider: Type.String(),
    event_id: Type.String(),
    payment_reference: Type.String(),
    dispute_reference: Type.String(),
    amount: Numeric,
    currency: Type.String(),
    outcome: Type.String(),
    reason: Nullable(Type.String()),
    traceparent: Nullable(Type.String()),
  },
  { problem: Type.String() },
)
export const reconcileCharge = routine(
  'reconcile_charge',
  { provider: Type.String(), payment_reference: Type.String() },
  { reconcile_charge: Void },
)
export const enqueueStuckRefunds = routine(
  'enqueue_stuck_refunds',
  { provider: Type.String() },
  { queue: Type.String(), data: Jsonb },
)
export const enqueueReconciliations = routine(
  'enqueue_reconciliations',
  { provider: Type.String() },
  { payment_id: Type.Integer() },
)
