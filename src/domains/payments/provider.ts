import type { AccountEvent, PayoutEvent, PayoutProvider, ReversalEvent } from '../payouts/provider.ts'

/** A payment provider. Amounts are US dollars as decimal strings. Checkout ids are the provider's idempotency keys. */
export type PaymentProvider = {
  name: string
  /** The smallest and the largest amount of a charge. */
  limits: { min: string; max: string }
  /**
   * Charges one checkout. `checkout_id` is the idempotency key: a second call, also while the first is running, charges
   * nothing and returns the first outcome. Throws NotCharged if this call certainly moved no money, and any other error if
   * that is unknown. Ends when `signal` aborts.
   */
  charge: (charge: Charge, signal: AbortSignal) => Promise<ChargeResult>
  /** The outcome of a checkout's charge, or null if the provider has none. */
  find: (query: ChargeQuery, signal: AbortSignal) => Promise<ChargeResult | null>
  /**
   * Ends a charge that waits for its buyer, which is then `declined`. Returns the charge as it is if it no longer waits, or null
   * if the provider has none.
   */
  cancel: (query: ChargeQuery, signal: AbortSignal) => Promise<ChargeResult | null>
  /** The payouts of the same account. */
  payouts: PayoutProvider
  /** The actions of a simulated provider. A real one has its own pages. */
  actions?: SimulatedActions
  /**
   * Refunds a part of a charge, once for each `key`. A refusal for good (the charge is disputed, or has less left) is the outcome
   * `failed`. Throws if the outcome is unknown, or if a later try can succeed.
   */
  refund: (refund: Refund, signal: AbortSignal) => Promise<RefundResult>
  /**
   * The current state of all refunds and disputes of one charge, or of all charges if they began in the last `days`. The list
   * includes those that were made at the provider. The one of days can have payouts that came back, too.
   */
  listFollowUps: (filter: FollowUpFilter, signal: AbortSignal) => Promise<FollowUpEvent[]>
  /**
   * Reads a webhook from its raw body. Returns null for events that change nothing here. Throws a Problem `invalid_signature`
   * unless the provider signed it in the last 5 minutes. Missing without webhooks.
   */
  readEvent?: (body: string, headers: Headers) => Promise<PaymentEvent | null>
  /** Sets the receiver of events of a provider inside this process, which sends no webhooks. */
  onEvent?: (receive: (event: PaymentEvent) => Promise<void>) => void
}

/** `base_url`: the URL at which the buyer reaches this server, without a slash at its end. Missing without a request. */
export type Charge = { checkout_id: number; amount: string; method: string; base_url?: string }
/** `pending`: the provider has not decided yet. `reference` is the provider's id of the charge, or null. */
export type ChargeResult =
  | { outcome: 'paid' | 'declined' | 'pending'; reference: string | null }
  | { outcome: 'requires_action'; reference: string; next_action: NextAction }
/** What the buyer has to do: open `url`, or, with the provider's own library, continue by `client_secret`. */
export type NextAction = { type: string; url?: string; client_secret?: string }
/** `reference` is the provider's id of the charge, if known. Otherwise `age_s` limits the search for it. */
export type ChargeQuery = Charge & { reference: string | null; age_s: number }
export type Refund = { key: string; reference: string; amount: string }
/** `sent`: the provider took the refund, and the money is on its way. */
export type RefundOutcome = 'sent' | 'refunded' | 'failed'
/** `reference` is the provider's id of the refund, null for a refusal. `failure_reason` is in the provider's words. */
export type RefundResult = { reference: string | null; outcome: RefundOutcome; failure_reason: string | null }
export type FollowUpFilter = { charge: string } | { days: number }

/** A final outcome of a charge. */
export type ChargeEvent = {
  kind: 'charge'
  event_id: string
  checkout_id: number
  outcome: 'paid' | 'declined'
  provider_reference: string
}
/** The state of a refund. `key` is that of our refund, null for one that was made at the provider. `currency` in lower case. */
export type RefundEvent = {
  kind: 'refund'
  event_id: string
  payment_reference: string
  refund_reference: string
  key: string | null
  amount: string
  currency: string
  outcome: RefundOutcome
  failure_reason: string | null
}
/** The state of a dispute: open until the bank decides. */
export type DisputeEvent = {
  kind: 'dispute'
  event_id: string
  payment_reference: string
  dispute_reference: string
  amount: string
  currency: string
  outcome: 'open' | 'won' | 'lost'
  reason: string | null
}
/** Refunds of a charge have changed. The event does not say which. */
export type ChargeRefundedEvent = { kind: 'charge_refunded'; payment_reference: string }
export type FollowUpEvent = RefundEvent | DisputeEvent | PayoutEvent
export type PaymentEvent = ChargeEvent | FollowUpEvent | ChargeRefundedEvent | AccountEvent | ReversalEvent

/** The actions of buyers at a simulated provider: the page of this server at `next_action.url`. */
export type SimulatedActions = {
  /** Whether the URL of the page of a checkout ends in this token. */
  isToken: (checkout_id: number, token: string) => boolean
  /** Confirms or declines a charge that waits for its buyer. Returns its outcome, also if it no longer waits. */
  complete: (charge: ChargeQuery, is_confirmed: boolean, signal: AbortSignal) => Promise<ChargeResult | null>
}

/** The provider was unreachable, or failed before it moved money. */
export class NotCharged extends Error {}
