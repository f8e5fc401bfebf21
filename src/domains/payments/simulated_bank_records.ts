/** The records of the simulated provider's bank, and what follows from them now. */
import type { BookEntry } from '../payouts/provider.ts'
import { centsOf, dollarsOf } from './cents.ts'

/** Money that went into an account. */
export type TransferRecord = {
  type: 'transfer'
  key: string
  transfer: string
  account: string
  amount: string
  source: string | null
  at_ms: number
}
/** Money of a transfer that went back. */
export type ReversalRecord = {
  type: 'reversal'
  key: string
  reversal: string
  transfer: string
  account: string
  amount: string
  at_ms: number
}
/** Money that went from an account to a bank, which sends it back at `returns_at_ms`. */
export type PayoutRecord = {
  type: 'payout'
  key: string
  payout: string
  account: string
  amount: string
  returns_at_ms?: number | undefined
  at_ms: number
}
export type BankRecord = TransferRecord | ReversalRecord | PayoutRecord
/** The state of a payout: `paid` becomes `returned` by time. */
export type PayoutState = PayoutRecord & { outcome: 'paid' | 'returned' }

/** How long a payout of returns_payout is `paid` before the bank sends it back. */
export const RETURN_MS = 1000

/** The state of a payout now. */
export function payoutStateOf(payout: PayoutRecord): PayoutState {
  const { returns_at_ms } = payout
  return { ...payout, outcome: returns_at_ms !== undefined && returns_at_ms <= Date.now() ? 'returned' : 'paid' }
}

/** A record as an entry of the books, under the id that its call answered. */
export function bookEntryOf(record: BankRecord): BookEntry {
  const { type, amount, at_ms } = record
  const reference = type === 'payout' ? record.payout : type === 'reversal' ? record.reversal : record.transfer
  return { what: type, reference, amount, created_at: new Date(at_ms).toISOString() }
}

type Sums = { transferred: string; reversed: string; paid_out: string; returned: string }
type OfKey = Record<string, { count: number; amount: string }>
/**
 * For fault injection: what moved, in all and by account, and how often by key. Amounts in US dollars. `paid_out` includes what the
 * bank returned.
 */
export type BankCounts = Sums & { accounts: Record<string, Sums>; transfers: OfKey; payouts: OfKey }

/** Sums the records. */
export function countBank(records: BankRecord[]): BankCounts {
  const isPayout = ({ type }: BankRecord) => type === 'payout'
  return {
    ...showSums(records),
    accounts: mapBy(records, ({ account }) => account, showSums),
    transfers: mapBy(
      records.filter((record) => !isPayout(record)),
      ({ key }) => key,
      countKey,
    ),
    payouts: mapBy(records.filter(isPayout), ({ key }) => key, countKey),
  }
}

/** The cents in an account now. */
export function balanceOf(records: BankRecord[], account: string): number {
  const { transferred, reversed, paid_out, returned } = sumOf(records.filter((record) => record.account === account))
  return transferred - reversed - paid_out + returned
}

/** The cents of a transfer that no reversal has taken. */
export function leftOfTransfer(records: BankRecord[], transfer: string): number {
  const { transferred, reversed } = sumOf(records.filter((record) => record.type !== 'payout' && record.transfer === transfer))
  return transferred - reversed
}

function sumOf(records: BankRecord[]) {
  const cents = { transferred: 0, reversed: 0, paid_out: 0, returned: 0 }
  for (const record of records) {
    if (record.type === 'transfer') cents.transferred += centsOf(record.amount)
    else if (record.type === 'reversal') cents.reversed += centsOf(record.amount)
    else cents.paid_out += centsOf(record.amount)
    if (record.type === 'payout' && payoutStateOf(record).outcome === 'returned') cents.returned += centsOf(record.amount)
  }
  return cents
}

function showSums(records: BankRecord[]): Sums {
  const { transferred, reversed, paid_out, returned } = sumOf(records)
  return {
    transferred: dollarsOf(transferred),
    reversed: dollarsOf(reversed),
    paid_out: dollarsOf(paid_out),
    returned: dollarsOf(returned),
  }
}

function countKey(records: BankRecord[]): OfKey[string] {
  return { count: records.length, amount: dollarsOf(records.reduce((sum, { amount }) => sum + centsOf(amount), 0)) }
}

function mapBy<T>(records: BankRecord[], keyOf: (record: BankRecord) => string, show: (group: BankRecord[]) => T) {
  const groups = Map.groupBy(records, keyOf)
  return Object.fromEntries([...groups].map(([key, group]) => [key, show(group)]))
}
