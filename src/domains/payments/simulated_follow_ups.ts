/** Refunds and disputes of the simulated provider, as its webhooks and lists show them, and as events of ours. */
import { type Static, Type } from '@sinclair/typebox'
import { OneOf } from '../../http/schemas.ts'
import type { DisputeEvent, FollowUpEvent, RefundEvent } from './provider.ts'
import { PayoutShown, payoutEvent } from './simulated_payouts.ts'

export const RefundShown = Type.Object({
  refund: Type.String(),
  charge: Type.String(),
  key: Type.Union([Type.String(), Type.Null()]),
  amount: Type.String(),
  outcome: OneOf(['sent', 'refunded', 'failed']),
})
export const DisputeShown = Type.Object({
  dispute: Type.String(),
  charge: Type.String(),
  amount: Type.String(),
  outcome: OneOf(['open', 'won', 'lost']),
})
export const FollowUpsShown = Type.Object({
  refunds: Type.Array(RefundShown),
  disputes: Type.Array(DisputeShown),
  payouts: Type.Array(PayoutShown),
})

const FAILURE_REASON = 'expired_or_canceled_card'

/** A refund as an event. By default its id is made of the refund and its state. */
export function refundEvent(shown: Static<typeof RefundShown>, event_id = `${shown.refund}.${shown.outcome}`): RefundEvent {
  const { refund, charge, key, amount, outcome } = shown
  const failure_reason = outcome === 'failed' ? FAILURE_REASON : null
  const shared = { event_id, payment_reference: charge, amount, currency: 'usd', outcome }
  return { kind: 'refund', ...shared, refund_reference: refund, key, outcome, failure_reason }
}

/** A dispute as an event. By default its id is made of the dispute and its state. */
export function disputeEvent(shown: Static<typeof DisputeShown>, event_id = `${shown.dispute}.${shown.outcome}`): DisputeEvent {
  const { dispute, charge, amount, outcome } = shown
  const shared = { event_id, payment_reference: charge, amount, currency: 'usd' }
  return { kind: 'dispute', ...shared, dispute_reference: dispute, outcome, reason: null }
}

/** All refunds, disputes and returned payouts of a list as events. */
export function followUpEvents({ refunds, disputes, payouts }: Static<typeof FollowUpsShown>): FollowUpEvent[] {
  const ours = payouts.map((payout) => payoutEvent(payout)).filter((event) => event !== null)
  return [...refunds.map((refund) => refundEvent(refund)), ...disputes.map((dispute) => disputeEvent(dispute)), ...ours]
}

/** The result of a call that refunds. */
export function refundResult({ refund, outcome }: Pick<Static<typeof RefundShown>, 'refund' | 'outcome'>) {
  return { reference: refund, outcome, failure_reason: outcome === 'failed' ? FAILURE_REASON : null }
}
