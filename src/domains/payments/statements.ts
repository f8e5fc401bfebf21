import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Jsonb, Nullable } from '../../platform/db/types.ts'
import { CheckoutStatus } from './checkout_status.ts'

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
  { is_new: Type.Boolean(), status: Nullable(CheckoutStatus), moved_totals: Nullable(Type.Array(Type.String())) },
)
export const enqueueStuckRefunds = routine('enqueue_stuck_refunds', {}, { queue: Type.String(), data: Jsonb })
