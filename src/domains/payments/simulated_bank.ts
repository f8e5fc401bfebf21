/** The bank of the simulated provider: transfers, reversals and payouts of shops, in memory and in an `append` store. */
import type { BookEntry } from '../payouts/provider.ts'
import { centsOf, dollarsOf } from './cents.ts'
import { readAccountId } from './simulated_accounts.ts'
import {
  type BankCounts,
  type BankRecord,
  balanceOf,
  bookEntryOf,
  countBank,
  leftOfTransfer,
  type PayoutRecord,
  type PayoutState,
  payoutStateOf,
  RETURN_MS,
  type ReversalRecord,
  type TransferRecord,
} from './simulated_bank_records.ts'
import { LedgerRefusal, untilAborted } from './simulated_ledger.ts'

export type TransferOrder = { key: string; account: string; amount: string; source: string | null }
export type ReversalOrder = { key: string; transfer: string; amount: string }
export type PayoutOrder = { key: string; account: string; amount: string }
export type Moved = TransferRecord | ReversalRecord

/**
 * The same key returns the same record, also while the first write is in progress. A refusal is a LedgerRefusal, and is not kept.
 * An account that times_out gets what it asks for, and no response.
 */
export type Bank = {
  transfer: (order: TransferOrder, signal: AbortSignal) => Promise<Moved>
  reverse: (order: ReversalOrder, signal: AbortSignal) => Promise<Moved>
  pay: (order: PayoutOrder, signal: AbortSignal) => Promise<PayoutState>
  /** The transfer or reversal of a key. */
  findMoved: (key: string) => Promise<Moved | null>
  findPayout: (key: string) => Promise<PayoutState | null>
  /** Payouts of the last days that came back. */
  listReturned: (days: number) => PayoutState[]
  /** All that moved since a time. */
  listBooks: (since: Date) => BookEntry[]
  count: () => BankCounts
}

/**
 * Opens the bank with its earlier records. `append` makes a record durable before the call returns. `knows_all`: an account has no
 * more money than the records say.
 */
export function openBank(
  written: BankRecord[] = [],
  append: (record: BankRecord) => Promise<void> = async () => {},
  knows_all = true,
): Bank {
  const records = [...written]
  const moved = new Map<string, Promise<Moved>>()
  const payouts = new Map<string, Promise<PayoutRecord>>()
  for (const record of written)
    if (record.type === 'payout') payouts.set(record.key, Promise.resolve(record))
    else moved.set(record.key, Promise.resolve(record))
  /** Returns the record of its key, which it makes unless a rule refuses it. */
  const once = async <R extends BankRecord>(known: Map<string, Promise<R>>, record: R, refusal: () => string | null) => {
    const before = known.get(record.key)
    if (!before) {
      const why = refusal()
      if (why) throw new LedgerRefusal(why)
      // Counted before the write, so that concurrent calls see each other.
      records.push(record)
      known.set(
        record.key,
        append(record).then(() => record),
      )
    }
    const kept = (await known.get(record.key)) ?? record
    if (kept.amount !== record.amount) throw new LedgerRefusal(`key ${record.key} was for ${kept.amount}`)
    return kept
  }
  const tooMuch = (what: string, amount: string, left_cents: number) =>
    knows_all && centsOf(amount) > left_cents ? `${what} has only ${dollarsOf(Math.max(left_cents, 0))}` : null
  const emptied = ({ account, amount }: BankRecord) => tooMuch(`account ${account}`, amount, balanceOf(records, account))
  return {
    transfer: async ({ key, account: id, amount, source }, signal) => {
      const { account, mode } = readAccountId(id)
      const record: TransferRecord = {
        type: 'transfer',
        key,
        transfer: `tr_${key}/${id}`,
        account,
        amount,
        source,
        at_ms: Date.now(),
      }
      return answer(mode, await once(moved, record, () => closed(id)), signal)
    },
    reverse: async ({ key, transfer, amount }, signal) => {
      const { account, mode } = readAccountId(transfer.slice(transfer.indexOf('/') + 1))
      const record: ReversalRecord = {
        type: 'reversal',
        key,
        reversal: `trr_${key}`,
        transfer,
        account,
        amount,
        at_ms: Date.now(),
      }
      const left = () => tooMuch(`transfer ${transfer}`, amount, leftOfTransfer(records, transfer))
      return answer(mode, await once(moved, record, () => left() ?? emptied(record)), signal)
    },
    pay: async ({ key, account: id, amount }, signal) => {
      const { account, mode } = readAccountId(id)
      const at_ms = Date.now()
      const returns = mode === 'returns_payout' ? { returns_at_ms: at_ms + RETURN_MS } : {}
      const record: PayoutRecord = { type: 'payout', key, payout: `po_${key}`, account, amount, ...returns, at_ms }
      const no_funds = () => (mode === 'no_funds' ? `account ${account} has no funds` : null)
      return answer(mode, payoutStateOf(await once(payouts, record, () => closed(id) ?? no_funds() ?? emptied(record))), signal)
    },
    findMoved: async (key) => (await moved.get(key)) ?? null,
    findPayout: async (key) => {
      const found = await payouts.get(key)
      return found ? payoutStateOf(found) : null
    },
    listReturned: (days) => {
      const since_ms = Date.now() - days * 24 * 3600 * 1000
      return records
        .filter((record): record is PayoutRecord => record.type === 'payout' && record.at_ms >= since_ms)
        .map(payoutStateOf)
        .filter(({ outcome }) => outcome === 'returned')
    },
    listBooks: (since) => records.filter(({ at_ms }) => at_ms >= since.getTime()).map(bookEntryOf),
    count: () => countBank(records),
  }
}

function closed(id: string): string | null {
  const { mode } = readAccountId(id)
  return mode === 'restricted' || mode === 'pending' ? `account ${id} is ${mode}` : null
}

async function answer<R>(mode: string, record: R, signal: AbortSignal): Promise<R> {
  if (mode === 'times_out') await untilAborted(signal)
  return record
}
