/**
 * A provider that sends money to shops. Amounts are US dollars as decimal strings. Our ids are the keys: the provider does once
 * what it is asked several times under one key, also after a kill of either side.
 */
export type PayoutProvider = {
  name: string
  /**
   * Opens the account of a shop, once for each `key`, and returns its state. A call with a `reference` returns the state of that
   * account. Throws if the provider does not respond.
   */
  openAccount: (account: AccountQuery, signal: AbortSignal) => Promise<AccountState>
  /**
   * Moves money of the marketplace into the account of a shop. A refusal is the outcome `failed`. Throws NotSent if this call
   * certainly moved no money, and any other error if that is unknown.
   */
  transfer: (transfer: Transfer, signal: AbortSignal) => Promise<TransferResult>
  /** Takes money of an earlier transfer back from the account of a shop. Outcomes and errors as `transfer`. */
  reverse: (reversal: Reversal, signal: AbortSignal) => Promise<TransferResult>
  /** Pays money of the account of a shop to its bank. Outcomes and errors as `transfer`. */
  pay: (payout: Payout, signal: AbortSignal) => Promise<PayoutResult>
  /** The transfer or reversal with this key, or null if the provider has none. */
  findTransfer: (query: TransferQuery, signal: AbortSignal) => Promise<TransferResult | null>
  /** The payout with this key, or null if the provider has none. */
  findPayout: (payout: Payout & { reference: string | null }, signal: AbortSignal) => Promise<PayoutResult | null>
  /**
   * The transfers that it made since a time, with their reversals, and the payouts. It can list others, too. Missing without lasting
   * books.
   */
  listBooks?: (filter: BooksFilter, signal: AbortSignal) => Promise<BookEntry[]>
  /** The onboarding of a simulated provider. A real one has its own pages. */
  onboarding?: SimulatedOnboarding
}

/** `base_url`: the URL at which the seller reaches this server, without a slash at its end. Missing without a request. */
export type AccountQuery = { shop_id: number; reference: string | null; country: string; base_url?: string }
export type AccountStatus = 'pending' | 'active' | 'restricted' | 'rejected'
/** `onboarding_url`: where the seller gives what the provider asks for; null if it asks for nothing. */
export type AccountState = {
  reference: string
  status: AccountStatus
  requirements: string[]
  onboarding_url: string | null
}
/**
 * `account` and `source` are ids of the provider: the account of the shop, and the payment that the money is from. `group` names
 * what belongs together. `payout_key`: a transfer that was refused is a new request under the next payout.
 */
export type Transfer = {
  key: string
  payout_key: string
  account: string
  amount: string
  source: string | null
  group: string | null
}
/** `reversed`: the provider's id of the transfer, null if it made none. */
export type Reversal = Omit<Transfer, 'source' | 'group'> & { reversed: string | null }
export type TransferQuery = Transfer & Reversal & { is_reversal: boolean }
/** `reference` is the provider's id, null for a refusal. `failure_reason` is in the provider's words. */
export type TransferResult = { outcome: 'done' | 'failed'; reference: string | null; failure_reason: string | null }
export type Payout = { key: string; account: string; amount: string }
/** `sent`: the provider took the payout, and the bank does not have it yet. */
export type PayoutOutcome = 'sent' | 'paid' | 'failed' | 'returned'
export type PayoutResult = { outcome: PayoutOutcome; reference: string | null; failure_reason: string | null }

/** `accounts`: ids of the provider. A provider with books for each account lists the payouts of these alone. */
export type BooksFilter = { since: Date; accounts: string[] }
/** `reference`: the provider's id. `amount` is positive, also of a reversal. `created_at` in ISO 8601. */
export type BookEntry = { what: 'transfer' | 'reversal' | 'payout'; reference: string; amount: string; created_at: string }

/** The state of a payout. `payout_id` is ours. `currency` in lower case. */
export type PayoutEvent = {
  kind: 'payout'
  event_id: string
  payout_id: number
  outcome: PayoutOutcome
  amount: string
  currency: string
  provider_reference: string
  failure_reason: string | null
}

/** The state of the account of a shop. `provider_reference` is the provider's id of it. */
export type AccountEvent = {
  kind: 'payout_account'
  event_id: string
  provider_reference: string
  status: AccountStatus
  requirements: string[]
}
/** A reversal that was made at the provider. No rule of ours takes money of a shop that way. */
export type ReversalEvent = {
  kind: 'reversal'
  event_id: string
  transfer_reference: string
  provider_reference: string
  amount: string
}

/**
 * What a simulated account does. `restricted` refuses transfers and payouts, `no_funds` only payouts. The bank of `returns_payout`
 * sends each one back after a second. `times_out` does what it is asked and never answers.
 */
export const SIMULATED_MODES = ['active', 'restricted', 'no_funds', 'returns_payout', 'times_out'] as const
export type SimulatedMode = (typeof SIMULATED_MODES)[number]
/** The page of this server at `onboarding_url`. */
export type SimulatedOnboarding = {
  /** Whether the URL of the page of a shop ends in this token. */
  isToken: (shop_id: number, token: string) => boolean
  /** Ends the onboarding with an account of this kind, and returns its state. */
  complete: (account: AccountQuery, mode: SimulatedMode, signal: AbortSignal) => Promise<AccountState>
}

/** The provider was unreachable, or failed before it moved money. */
export class NotSent extends Error {}

/** The keys of a provider, made of our ids. */
export const transferKey = (id: number) => `transfer_${id}`
export const payoutKey = (id: number) => `payout_${id}`

/** Returns our id of a payout from its key, or null for a text that is no key. */
export function payoutIdOf(key: string | null | undefined): number | null {
  const id = /^payout_([1-9]\d{0,14})$/.exec(key ?? '')?.[1]
  return id ? Number(id) : null
}
