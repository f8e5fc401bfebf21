import { Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Bytes, Json, Jsonb, Nullable, Numeric, Timestamptz } from '../../platform/db/types.ts'
import { CheckoutStatus } from '../payments/checkout_status.ts'

const stored = { body: Nullable(Type.String()), refusal: Jsonb }

export const placeCheckout = routine(
  'place_checkout',
  {
    buyer_id: Type.Integer(),
    call: Type.String(),
    idempotency_key: Type.String(),
    fingerprint: Bytes,
    lease_s: Type.Integer(),
    shipping_address: Jsonb,
    shipping_address_id: Nullable(Type.Integer()),
    payment_method: Type.String(),
    expected_total: Nullable(Numeric),
    request_id: Type.String(),
    provider_available: Type.Boolean(),
    quota_scale: Numeric,
    amount_limits: Jsonb,
    notes: Jsonb,
    shipping_options: Jsonb,
  },
  {
    step: Type.String(),
    checkout_id: Nullable(Type.Integer()),
    amount: Nullable(Numeric),
    lease_until: Nullable(Timestamptz),
    ...stored,
    placed_totals: Nullable(Type.Array(Type.String())),
  },
)
export const settleCheckout = routine(
  'settle_checkout',
  {
    checkout_id: Type.Integer(),
    outcome: Type.String(),
    provider: Nullable(Type.String()),
    provider_reference: Nullable(Type.String()),
    request_id: Nullable(Type.String()),
    traceparent: Nullable(Type.String()),
    lease_until: Nullable(Timestamptz),
    next_action: Jsonb,
  },
  { status: CheckoutStatus, ...stored, moved_totals: Nullable(Type.Array(Type.String())) },
)
export const giveUpCheckout = routine(
  'give_up_checkout',
  { checkout_id: Type.Integer(), user_id: Type.Integer() },
  { amount: Numeric, method: Type.String(), reference: Nullable(Type.String()), age_s: Type.Number() },
)
export const showGivenUp = routine('show_given_up', { checkout_id: Type.Integer(), user_id: Type.Integer() }, { body: Json })
export const showCheckout = query(
  'checkout/show_checkout',
  { checkout_id: Type.Integer(), user_id: Type.Integer() },
  { body: Json },
)
export const enqueueStuckCheckouts = routine('enqueue_stuck_checkouts', {}, { checkout_id: Type.Integer() })
export const showAction = query(
  'checkout/show_action',
  { checkout_id: Type.Integer() },
  {
    checkout_id: Type.Integer(),
    status: Type.String(),
    amount: Numeric,
    method: Type.String(),
    reference: Nullable(Type.String()),
    age_s: Type.Number(),
  },
)
