/** A payment provider. Amounts are US dollars as decimal strings. Checkout ids are the provider's idempotency keys. */
export type PaymentProvider = {
  name: string
  /**
   * Charges one checkout. `checkout_id` is the idempotency key: a second call, also while the first is running, charges
   * nothing and returns the first outcome. Throws NotCharged if this call certainly moved no money, and any other error if
   * that is unknown. Ends when `signal` aborts.
   */
  charge: (charge: Charge, signal: AbortSignal) => Promise<ChargeResult>
  /** The outcome of a checkout's charge, or null if the provider has none. */
  find: (query: ChargeQuery, signal: AbortSignal) => Promise<ChargeResult | null>
  /** Refunds a part of a charge, once for each `key`. */
  refund: (refund: Refund, signal: AbortSignal) => Promise<{ reference: string }>
  /**
   * Reads a webhook from its raw body. Returns null for events without a final outcome of a checkout here. Throws a
   * Problem `invalid_signature` unless the provider signed it in the last 5 minutes. Missing without webhooks.
   */
  readEvent?: (body: string, headers: Headers) => Promise<PaymentEvent | null>
}

export type Charge = { checkout_id: number; amount: string; method: string }
/** `pending`: the provider has not decided yet. `reference` is the provider's id of the charge, or null. */
export type ChargeResult = { outcome: 'paid' | 'declined' | 'pending'; reference: string | null }
/** `reference` is the provider's id of the charge, if known. Otherwise `age_s` limits the search for it. */
export type ChargeQuery = { checkout_id: number; reference: string | null; age_s: number }
export type Refund = { key: string; reference: string; amount: string }
export type PaymentEvent = { event_id: string; checkout_id: number; outcome: 'paid' | 'declined'; provider_reference: string }

/** The provider was unreachable, or failed before it moved money. */
export class NotCharged extends Error {}
