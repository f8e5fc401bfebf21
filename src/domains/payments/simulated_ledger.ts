/** The ledger of the simulated provider: every charge, refund and dispute, in memory and in an `append` store. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type FollowUpFilter, NotCharged } from './provider.ts'
import {
  type ChargeRecord,
  type Counts,
  chargeId,
  countRecords,
  type DisputeRecord,
  disputesOf,
  FOLLOW_UP_MS,
  type FollowUps,
  type LedgerRecord,
  type RefundRecord,
  type RefundState,
  refundsOf,
  refusalOf,
  stateOf,
} from './simulated_records.ts'

export type ChargeOrder = { key: string; amount: string; method: string }
export type RefundOrder = { key: string | null; charge: string; amount: string }

export type Ledger = {
  /** The same key returns the same record, also while the first write is in progress. */
  charge: (order: ChargeOrder) => Promise<ChargeRecord>
  find: (key: string) => Promise<ChargeRecord | null>
  /** Ends a charge that requires an action. The first call decides; each call returns that charge, null for an unknown one. */
  complete: (key: string, is_confirmed: boolean) => Promise<ChargeRecord | null>
  /** The same key returns the same refund. */
  refund: (order: RefundOrder) => Promise<RefundState>
  /** Opens a dispute of a charge now. `pm_card_createDispute` opens one a second after its charge. */
  dispute: (charge: string) => Promise<DisputeRecord>
  endDispute: (dispute: string, outcome: 'won' | 'lost') => Promise<DisputeRecord>
  list: (filter: FollowUpFilter) => FollowUps
  count: () => Counts
}

/** The request contradicts the ledger: another amount for a known key, a refund above the charge, or of a disputed charge. */
export class LedgerRefusal extends Error {}

const PAID = /^pm_card_(visa|mastercard|amex|discover|timeout|slow|refundFails|createDispute)$/
/** The buyer has to act, and the bank pays or declines then. */
export const NEEDS_ACTION = /^pm_card_threeDSecure2(Required|Declined)$/
const SLOW_MS = 1000
/**
 * Opens the ledger with its earlier records. `append` makes a record durable before the call returns. `knows_all`: it refunds no
 * charge that it does not know.
 */
export function openLedger(
  written: LedgerRecord[] = [],
  append: (record: LedgerRecord) => Promise<void> = async () => {},
  knows_all = true,
): Ledger {
  const charges = new Map<string, Promise<ChargeRecord>>()
  const refunds = new Map<string, Promise<RefundRecord>>()
  const actions = new Map<string, Promise<void>>()
  const records = lastRecords(written)
  for (const record of records) {
    if (record.type === 'charge') charges.set(record.key, Promise.resolve(record))
    else if (record.type === 'refund' && record.key) refunds.set(record.key, Promise.resolve(record))
  }
  const write = <R extends LedgerRecord>(record: R, known?: Map<string, Promise<R>>, key?: string | null): Promise<R> => {
    // Counted before the write, so that concurrent refunds see each other.
    records.push(record)
    const writing = append(record).then(() => record)
    if (known && key) known.set(key, writing)
    return writing
  }
  const dispute = (charge: string, outcome: DisputeRecord['outcome'], known?: DisputeRecord) => {
    const amount = known?.amount ?? records.find((record) => record.type === 'charge' && record.charge === charge)?.amount
    if (amount === undefined) throw new LedgerRefusal(`there is no charge ${charge}`)
    const id = known?.dispute ?? `dp_${charge}`
    return write<DisputeRecord>({ type: 'dispute', dispute: id, charge, amount, outcome, at_ms: Date.now() })
  }
  return {
    charge: async ({ key, amount, method }) => {
      const outcome = NEEDS_ACTION.test(method) ? 'requires_action' : PAID.test(method) ? 'paid' : 'declined'
      const charge = chargeId(key, method)
      const record = await (charges.get(key) ??
        write<ChargeRecord>({ type: 'charge', key, charge, amount, method, outcome, at_ms: Date.now() }, charges, key))
      if (record.amount !== amount) throw new LedgerRefusal(`key ${key} was charged ${record.amount}`)
      return record
    },
    find: async (key) => (await charges.get(key)) ?? null,
    complete: async (key, is_confirmed) => {
      const charge = await charges.get(key)
      if (charge?.outcome === 'requires_action') {
        charge.outcome = is_confirmed && charge.method === 'pm_card_threeDSecure2Required' ? 'paid' : 'declined'
        actions.set(key, append(charge))
      }
      await actions.get(key)
      return charge ?? null
    },
    refund: async ({ key, charge, amount }) => {
      const known = key === null ? undefined : refunds.get(key)
      if (known !== undefined) return stateOf(await known)
      const refusal = refusalOf(records, charge, amount, knows_all)
      if (refusal) throw new LedgerRefusal(refusal)
      const refund = `sim_${key ?? `dashboard_${crypto.randomUUID()}`}`
      const at_ms = Date.now()
      const fails_at_ms = charge.endsWith('_refundFails') ? at_ms + FOLLOW_UP_MS : undefined
      return stateOf(await write<RefundRecord>({ type: 'refund', key, refund, charge, amount, fails_at_ms, at_ms }, refunds, key))
    },
    dispute: async (charge) => disputesOf(records).find((known) => known.charge === charge) ?? dispute(charge, 'open'),
    endDispute: async (id, outcome) => {
      const known = disputesOf(records).find((one) => one.dispute === id)
      if (!known) throw new LedgerRefusal(`there is no dispute ${id}`)
      return known.outcome === 'open' ? dispute(known.charge, outcome, known) : known
    },
    list: (filter) => listRecords(records, filter),
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

/** Rejects when the signal aborts. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

/** A charge that required an action has a second record, with its outcome. */
function lastRecords(written: LedgerRecord[]): LedgerRecord[] {
  const last = new Map(written.map((record, place) => [record.type === 'charge' ? `charge ${record.key}` : place, record]))
  return [...last.values()]
}

function listRecords(records: LedgerRecord[], filter: FollowUpFilter): FollowUps {
  const since_ms = 'days' in filter ? Date.now() - filter.days * 24 * 3600 * 1000 : 0
  const fits = ({ charge, at_ms = 0 }: RefundRecord | DisputeRecord) =>
    'charge' in filter ? charge === filter.charge : at_ms >= since_ms
  return { refunds: refundsOf(records).filter(fits), disputes: disputesOf(records).filter(fits) }
}
