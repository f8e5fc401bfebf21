/** Refunds and disputes of Stripe. */
import Stripe from 'stripe'
import { centsOf, dollarsOf } from './cents.ts'
import type {
  DisputeEvent,
  FollowUpEvent,
  FollowUpFilter,
  PaymentEvent,
  Refund,
  RefundEvent,
  RefundOutcome,
  RefundResult,
} from './provider.ts'

/** The most that Stripe sends in a page. */
const PAGE_SIZE = 100

/** Refusals that no retry changes (https://docs.stripe.com/error-codes). */
const REFUSALS = ['charge_already_refunded', 'charge_disputed', 'charge_not_refundable']

const REFUND_OUTCOMES: Record<string, RefundOutcome> = {
  pending: 'sent',
  requires_action: 'sent',
  succeeded: 'refunded',
  failed: 'failed',
  canceled: 'failed',
}

/**
 * The other states change nothing here. Stripe takes no money for an inquiry (`warning_…`) and lets us refund it. An appeal
 * follows a lost dispute. A prevented dispute never began.
 */
const DISPUTE_OUTCOMES: Record<string, DisputeEvent['outcome']> = {
  needs_response: 'open',
  under_review: 'open',
  won: 'won',
  lost: 'lost',
}

/**
 * Refunds once for each key. Stripe deletes idempotency keys after a day, and a refund can be retried after a longer outage, so
 * the function first looks for the key in the charge's refunds.
 */
export async function refundOnce(
  stripe: Stripe,
  { key, reference, amount }: Refund,
  installation: string,
  options: Stripe.RequestOptions,
): Promise<RefundResult> {
  for await (const known of stripe.refunds.list({ payment_intent: reference, limit: PAGE_SIZE }))
    if (known.metadata?.key === key) return resultOf(known)
  const order = { payment_intent: reference, amount: centsOf(amount), metadata: { key, installation } }
  try {
    return resultOf(await stripe.refunds.create(order, options))
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { reference: null, outcome: 'failed', failure_reason: error.message }
  }
}

/** An amount above what the charge has left has no code of its own, but names its parameter. */
function isRefusal(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError && (REFUSALS.includes(error.code ?? '') || error.param === 'amount')
  )
}

function resultOf(refund: Stripe.Refund): RefundResult {
  const outcome = REFUND_OUTCOMES[refund.status ?? '']
  if (!outcome) throw new Error(`Stripe answered the unknown status ${refund.status} of a refund`)
  return { reference: refund.id, outcome, failure_reason: outcome === 'failed' ? (refund.failure_reason ?? refund.status) : null }
}

/** The refunds and disputes of a charge, or of the last days. The id of each event is made of the object and its state. */
export async function listFollowUps(stripe: Stripe, filter: FollowUpFilter, installation: string): Promise<FollowUpEvent[]> {
  const now_s = Math.floor(Date.now() / 1000)
  const which = 'charge' in filter ? { payment_intent: filter.charge } : { created: { gte: now_s - filter.days * 24 * 3600 } }
  const events: (FollowUpEvent | null)[] = []
  for await (const refund of stripe.refunds.list({ ...which, limit: PAGE_SIZE }))
    events.push(refundEvent(`${refund.id}.${refund.status}`, refund, installation))
  for await (const dispute of stripe.disputes.list({ ...which, limit: PAGE_SIZE }))
    events.push(disputeEvent(`${dispute.id}.${dispute.status}`, dispute))
  return events.filter((event) => event !== null)
}

/**
 * Reads an event about a refund or a dispute, or returns null. `charge.refunded` does not name the refund
 * since API version 2022-11-15.
 */
export function readFollowUp(event: Stripe.Event, installation: string): PaymentEvent | null {
  const about: unknown = event.data.object
  if (/^(refund\.(created|updated|failed)|charge\.refund\.updated)$/.test(event.type))
    return refundEvent(event.id, about as Stripe.Refund, installation)
  if (event.type.startsWith('charge.dispute.')) return disputeEvent(event.id, about as Stripe.Dispute)
  if (event.type !== 'charge.refunded') return null
  const payment_reference = idOf((about as Stripe.Charge).payment_intent)
  return payment_reference ? { kind: 'charge_refunded', payment_reference } : null
}

/** All databases of the account receive all events. A refund from the dashboard names no database; its charge does. */
function refundEvent(event_id: string, refund: Stripe.Refund, installation: string): RefundEvent | null {
  const { key, installation: named = installation } = refund.metadata ?? {}
  const payment_reference = idOf(refund.payment_intent)
  if (!payment_reference || named !== installation || !REFUND_OUTCOMES[refund.status ?? '']) return null
  const { outcome, failure_reason } = resultOf(refund)
  return {
    kind: 'refund',
    event_id,
    payment_reference,
    refund_reference: refund.id,
    key: key && isKey(key) ? key : null,
    amount: dollarsOf(refund.amount),
    currency: refund.currency,
    outcome,
    failure_reason,
  }
}

function disputeEvent(event_id: string, dispute: Stripe.Dispute): DisputeEvent | null {
  const payment_reference = idOf(dispute.payment_intent)
  const outcome = DISPUTE_OUTCOMES[dispute.status]
  if (!payment_reference || !outcome) return null
  return {
    kind: 'dispute',
    event_id,
    payment_reference,
    dispute_reference: dispute.id,
    amount: dollarsOf(dispute.amount),
    currency: dispute.currency,
    outcome,
    reason: dispute.reason ?? null,
  }
}

function idOf(object: string | { id: string } | null | undefined): string | null {
  return typeof object === 'string' ? object : (object?.id ?? null)
}

/** People can write metadata in the dashboard, too. */
function isKey(key: string): boolean {
  return /^(refund|late)_\d{1,15}(_\d{1,3})?$/.test(key)
}
