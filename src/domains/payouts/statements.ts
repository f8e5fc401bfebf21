import { Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Nullable, Numeric, Void } from '../../platform/db/types.ts'
import { PayoutAccountStatus } from './schemas.ts'

/** A payout with one of its transfers, or without one. */
export const showPayout = query(
  'payouts/show_payout',
  { payout_id: Type.Integer() },
  {
    payout_id: Type.Integer(),
    shop_id: Type.Integer(),
    provider: Type.String(),
    amount: Numeric,
    status: Type.String(),
    reference: Nullable(Type.String()),
    account: Nullable(Type.String()),
    transfer_id: Nullable(Type.Integer()),
    transfer_amount: Nullable(Numeric),
    is_reversal: Type.Boolean(),
    transfer_status: Nullable(Type.String()),
    checkout_id: Nullable(Type.Integer()),
    source: Nullable(Type.String()),
    reversed: Nullable(Type.String()),
  },
)
const outcome = {
  outcome: Type.String(),
  provider_reference: Nullable(Type.String()),
  failure_reason: Nullable(Type.String()),
}
export const settleTransfer = routine(
  'settle_transfer',
  { transfer_id: Type.Integer(), ...outcome },
  { settle_transfer: Type.String() },
)
export const settlePayout = routine('settle_payout', { payout_id: Type.Integer(), ...outcome }, { settle_payout: Type.String() })
export const enqueueStuckPayouts = routine(
  'enqueue_stuck_payouts',
  { provider: Type.String(), max_payouts: Type.Integer() },
  { payout_id: Type.Integer() },
)
export const applyPayoutEvent = routine(
  'apply_payout_event',
  {
    provider: Type.String(),
    event_id: Type.String(),
    payout_id: Type.Integer(),
    outcome: Type.String(),
    amount: Numeric,
    currency: Type.String(),
    provider_reference: Type.String(),
    failure_reason: Nullable(Type.String()),
    traceparent: Nullable(Type.String()),
  },
  { problem: Type.String() },
)
export const applyAccountEvent = routine(
  'apply_account_event',
  {
    provider: Type.String(),
    event_id: Type.String(),
    provider_reference: Type.String(),
    status: Type.String(),
    requirements: Type.Array(Type.String()),
    traceparent: Nullable(Type.String()),
  },
  { apply_account_event: Void },
)
export const applyReversalEvent = routine(
  'apply_reversal_event',
  {
    provider: Type.String(),
    event_id: Type.String(),
    transfer_reference: Type.String(),
    provider_reference: Type.String(),
    traceparent: Nullable(Type.String()),
  },
  { problem: Type.String() },
)

const owned = { shop_id: Type.Integer(), user_id: Type.Integer() }
export const listShopPayouts = routine(
  'list_shop_payouts',
  { ...owned, after: Jsonb, page_size: Type.Integer() },
  { item: Json, cursor: Json },
)
export const showShopPayout = routine('show_shop_payout', { ...owned, payout_id: Type.Integer() }, { body: Json })

const account = {
  provider: Type.String(),
  reference: Nullable(Type.String()),
  country: Type.String(),
  status: PayoutAccountStatus,
  requirements: Type.Array(Type.String()),
}
export const openPayoutAccount = routine('open_payout_account', { ...owned, account: Jsonb }, account)
export const showPayoutAccount = routine('show_payout_account', owned, account)
export const settlePayoutAccount = routine(
  'settle_payout_account',
  {
    shop_id: Type.Integer(),
    provider: Type.String(),
    reference: Type.String(),
    status: Type.String(),
    requirements: Type.Array(Type.String()),
    known_status: Nullable(Type.String()),
  },
  { settle_payout_account: Type.String() },
)
/** The account of a simulated provider behind the page of its onboarding. */
export const showOnboarding = query(
  'payouts/show_onboarding',
  { shop_id: Type.Integer(), provider: Type.String() },
  { reference: Nullable(Type.String()), country: Type.String(), status: PayoutAccountStatus },
)
