/** The records of the simulated provider's ledger, and what follows from them now. */
import { centsOf, dollarsOf } from './cents.ts'

/** `at_ms` is the time of the record. Logs of earlier versions lack it. */
export type ChargeRecord = {
  type: 'charge'
  key: string
  charge: string
  amount: string
  method: string
  outcome: 'paid' | 'declined' | 'requires_action'
  at_ms?: number
}
/** `key` is null for a refund that was made in the provider's dashboard. */
export type RefundRecord = {
  type: 'refund'
  key: string | null
  refund: string
  charge: string
  amount: string
  fails_at_ms?: number | undefined
  at_ms?: number
}
/** The beginning of a dispute, or its end. */
export type DisputeRecord = {
  type: 'dispute'
  dispute: string
  charge: string
  amount: string
  outcome: 'open' | 'won' | 'lost'
  at_ms: number
}
export type LedgerRecord = ChargeRecord | RefundRecord | DisputeRecord
/** The state of a refund: `sent` becomes `failed` by time. */
export type RefundState = RefundRecord & { outcome: 'sent' | 'refunded' | 'failed' }
export type FollowUps = { refunds: RefundState[]; disputes: DisputeRecord[] }

/**
 * For fault injection: charges and refunds by key, and their sums. Amounts in US dollars. A failed refund does not count. `lost`: the
 * banks of buyers took it by a dispute.
 */
export type Counts = {
  charges: Record<string, { count: number; captured: string; refunded: string }>
  captured: string
  refunded: string
  lost: string
}

/** How long a refund of pm_card_refundFails is `sent`, and after which time a charge of pm_card_createDispute is disputed. */
export const FOLLOW_UP_MS = 1000

/** The id of a charge. It names a method with a consequence, so that another process of the same provider knows it. */
export function chargeId(key: string, method: string): string {
  const consequence = /^pm_card_(refundFails|createDispute)$/.exec(method)?.[1]
  return consequence ? `sim_${key}_${consequence}` : `sim_${key}`
}

/** The state of a refund now. */
export function stateOf(refund: RefundRecord): RefundState {
  const { fails_at_ms } = refund
  if (fails_at_ms === undefined) return { ...refund, outcome: 'refunded' }
  return { ...refund, outcome: Date.now() < fails_at_ms ? 'sent' : 'failed' }
}

export function refundsOf(records: LedgerRecord[]): RefundState[] {
  return records.filter((record) => record.type === 'refund').map(stateOf)
}

/** The last state of each dispute. */
export function disputesOf(records: LedgerRecord[]): DisputeRecord[] {
  const states = new Map<string, DisputeRecord>()
  for (const record of records) {
    if (record.type === 'dispute') states.set(record.dispute, record)
    else if (record.type === 'charge' && record.charge.endsWith('_createDispute')) {
      const dispute = disputeAfter(record)
      if (dispute.at_ms <= Date.now()) states.set(dispute.dispute, dispute)
    }
  }
  return [...states.values()]
}

/** The dispute that pm_card_createDispute opens a second after its charge. */
export function disputeAfter({ charge, amount, at_ms = 0 }: ChargeRecord): DisputeRecord {
  return { type: 'dispute', dispute: `dp_${charge}`, charge, amount, outcome: 'open', at_ms: at_ms + FOLLOW_UP_MS }
}

/** Returns why a refund of a charge is refused, or null. `knows_all`: an unknown charge has nothing left. */
export function refusalOf(records: LedgerRecord[], charge: string, amount: string, knows_all: boolean): string | null {
  const taken = records.filter((record) => record.type === 'charge' && record.charge === charge && record.outcome === 'paid')
  if (taken.length === 0 && !knows_all) return null
  const disputes = disputesOf(records).filter((dispute) => dispute.charge === charge)
  if (disputes.some(({ outcome }) => outcome === 'open')) return `charge ${charge} is disputed`
  const gone = [
    ...refundsOf(records).filter((refund) => refund.charge === charge && refund.outcome !== 'failed'),
    ...disputes.filter(({ outcome }) => outcome === 'lost'),
  ]
  const left_cents = Math.max(sumCents(taken) - sumCents(gone), 0)
  return centsOf(amount) > left_cents ? `of charge ${charge} only ${dollarsOf(left_cents)} can go back` : null
}

function sumCents(records: { amount: string }[]): number {
  return records.reduce((sum, { amount }) => sum + centsOf(amount), 0)
}

/** Sums the ledger by charge. */
export function countRecords(records: LedgerRecord[]): Counts {
  const byCharge = new Map<string, { key: string; count: number; captured_cents: number; refunded_cents: number }>()
  for (const record of records) {
    if (record.type !== 'charge') continue
    const entry = byCharge.get(record.charge) ?? { key: record.key, count: 0, captured_cents: 0, refunded_cents: 0 }
    entry.count += 1
    if (record.outcome === 'paid') entry.captured_cents += centsOf(record.amount)
    byCharge.set(record.charge, entry)
  }
  for (const refund of refundsOf(records)) {
    const entry = byCharge.get(refund.charge)
    if (entry && refund.outcome !== 'failed') entry.refunded_cents += centsOf(refund.amount)
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
    lost: dollarsOf(sumCents(disputesOf(records).filter(({ outcome }) => outcome === 'lost'))),
  }
}
