/** What a payment provider must be able to do. Amounts are US dollars as decimal strings; ids of ours are the provider's keys. */
export type PaymentProvider = {
  name: string
  /**
   * Takes the money of one checkout. `checkout_id` is the provider's idempotency key: asking again, also while the first
   * call still runs, charges nothing more and answers the first outcome. Throws NotCharged where it is certain that this call
   * moved no money, anything else where that is unknown; honours `signal`.
   */
  charge: (charge: Charge, signal: AbortSignal) => Promise<ChargeResult>
  /** What became of a checkout's charge; null when the provider never heard of it. */
  find: (query: ChargeQuery, signal: AbortSignal) => Promise<ChargeResult | null>
  /** Gives part of a charge back, once for each `key`. */
  refund: (refund: Refund, signal: AbortSignal) => Promise<{ reference: string }>
  /**
   * Reads a webhook, whose body is as it came. Null for events that say nothing final about a checkout of ours. Throws a
   * Problem `invalid_signature` unless the provider signed it in the last 5 minutes. Absent where no webhook is set up.
   */
  readEvent?: (body: string, headers: Headers) => Promise<PaymentEvent | null>
}

export type Charge = { checkout_id: number; amount: string; method: string }
/** `pending`: the provider knows the charge and has not decided it. `reference` is its name for it, null if it made none. */
export type ChargeResult = { outcome: 'paid' | 'declined' | 'pending'; reference: string | null }
/** `reference` is what the provider called the charge, if it ever told us; `age_s` tells where to look for one that it did not. */
export type ChargeQuery = { checkout_id: number; reference: string | null; age_s: number }
export type Refund = { key: string; reference: string; amount: string }
export type PaymentEvent = { event_id: string; checkout_id: number; outcome: 'paid' | 'declined'; provider_reference: string }

/** The provider was not reached, or said no before it touched money. */
export class NotCharged extends Error {}
