/** The ledger of the simulated provider: every charge and refund, in memory and in an `append` store. */
import { setTimeout as sleep } from 'node:timers/promises'
import { centsOf, dollarsOf } from './cents.ts'
import { NotCharged } from './provider.ts'

export type ChargeRecord = {
  type: 'charge'
  key: string
  charge: string
  amount: string
  method: string
  outcome: 'paid' | 'declined'
}
export type RefundRecord = { type: 'refund'; key: string; refund: string; charge: string; amount: string }
export type LedgerRecord = ChargeRecord | RefundRecord
export type ChargeOrder = { key: string; amount: string; method: string }
export type RefundOrder = { key: string; charge: string; amount: string }

/** For fault injection: charges and refunds by key, and their sums. Amounts in US dollars. */
export type Counts = {
  charges: Record<string, { count: number; captured: string; refunded: string }>
  captured: string
  refunded: string
}

export type Ledger = {
  /** The same key returns the same record, also while the first write is in progress. */
  charge: (order: ChargeOrder) => Promise<ChargeRecord>
  find: (key: string) => Promise<ChargeRecord | null>
  refund: (order: RefundOrder) => Promise<RefundRecord>
  count: () => Counts
}

/** The request contradicts the ledger: another amount for a known key, or a refund above the charge. */
export class LedgerRefusal extends Error {}

const PAID = /^pm_card_(visa|mastercard|amex|discover|timeout|slow)$/
const SLOW_MS = 1000

/** Opens the ledger with its earlier records. `append` makes a record durable before the call returns. */
export function openLedger(
  written: LedgerRecord[] = [],
  append: (record: LedgerRecord) => Promise<void> = async () => {},
): Ledger {
  const charges = new Map<string, Promise<ChargeRecord>>()
  const refunds = new Map<string, Promise<RefundRecord>>()
  const records = [...written]
  for (const record of written) {
    if (record.type === 'charge') charges.set(record.key, Promise.resolve(record))
    else refunds.set(record.key, Promise.resolve(record))
  }
  const write = async <R extends LedgerRecord>(known: Map<string, Promise<R>>, record: R): Promise<R> => {
    // Counted before the write, so that concurrent refunds see each other.
    records.push(record)
    const writing = append(record).then(() => record)
    known.set(record.key, writing)
    return writing
  }
  return {
    charge: async ({ key, amount, method }) => {
      const outcome = PAID.test(method) ? 'paid' : 'declined'
      const record = await (charges.get(key) ??
        write(charges, { type: 'charge', key, charge: `sim_${key}`, amount, method, outcome }))
      if (record.amount !== amount) throw new LedgerRefusal(`key ${key} was charged ${record.amount}`)
      return record
    },
    find: async (key) => (await charges.get(key)) ?? null,
    refund: async ({ key, charge, amount }) => {
      if (refunds.has(key)) return refunds.get(key) as Promise<RefundRecord>
      refuseMoreThanTaken(records, charge, amount)
      return write(refunds, { type: 'refund', key, refund: `sim_${key}`, charge, amount })
    },
    count: () => countRecords(records),
  }
}

/** Charges by Stripe's test tokens: paid, declined, failed, slow or without a response. */
export async function chargeByMethod(ledger: Ledger, order: ChargeOrder, signal: AbortSignal): Promise<ChargeRecord> {
  if (order.method === 'pm_card_error') throw new NotCharged('the payment method makes the simulated provider fail')
  const record = await ledger.charge(order)
  if (order.method === 'pm_card_slow') await sleep(SLOW_MS)
  if (order.method === 'pm_card_timeout') await untilAborted(signal)
  return record
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

function refuseMoreThanTaken(records: LedgerRecord[], charge: string, amount: string): void {
  let left_cents = 0
  for (const record of records) {
    if (record.charge !== charge) continue
    if (record.type === 'refund') left_cents -= centsOf(record.amount)
    else if (record.outcome === 'paid') left_cents += centsOf(record.amount)
  }
  if (centsOf(amount) > left_cents) throw new LedgerRefusal(`of charge ${charge} only ${dollarsOf(left_cents)} can go back`)
}

function countRecords(records: LedgerRecord[]): Counts {
  const byCharge = new Map<string, { key: string; count: number; captured_cents: number; refunded_cents: number }>()
  for (const record of records) {
    if (record.type === 'refund') continue
    const entry = byCharge.get(record.charge) ?? { key: record.key, count: 0, captured_cents: 0, refunded_cents: 0 }
    entry.count += 1
    if (record.outcome === 'paid') entry.captured_cents += centsOf(record.amount)
    byCharge.set(record.charge, entry)
  }
  for (const record of records) {
    const entry = byCharge.get(record.charge)
    if (record.type === 'refund' && entry) entry.refunded_cents += centsOf(record.amount)
  }
  const entries = [...byCharge.values()]
  return {
    charges: Object.fromEntries(
      entries.map((entry) => [
        entry.key,
        { count: entry.count, captured: dollarsOf(entry.captured_cents), refunded: dollarsOf(entry.refunded_cents) },
      ]),
    ),
    captured: dollarsOf(entries.reduce((sum, entry) => sum + entry.captured_cents, 0)),
    refunded: dollarsOf(entries.reduce((sum, entry) => sum + entry.refunded_cents, 0)),
  }
}
