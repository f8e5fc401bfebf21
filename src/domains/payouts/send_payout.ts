import type { Static } from '@sinclair/typebox'
import type { Reader } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
import { NotSent, type PayoutProvider, type PayoutResult, payoutKey, type TransferResult, transferKey } from './provider.ts'
import { settlePayout, settleTransfer, showPayout } from './statements.ts'

const PROVIDER_TIMEOUT_MS = 10_000
/** Less than the 60 s after which the job counts as lost. reconcile_payouts enqueues the rest of a longer payout. */
const BUDGET_MS = 40_000
/** Stripe allows 25 requests a second and more. */
const AT_ONCE = 8

type PayoutRow = Static<typeof showPayout.row>
type TransferRow = PayoutRow & { transfer_id: number; transfer_amount: string }
/** The needs of one run. */
type Run = { sql: Reader; provider: PayoutProvider; payout: PayoutRow & { account: string }; timeout_ms: number }

/**
 * Brings the money of a payout to the account of its shop, and pays it to the bank. Each answer of the provider commits before the
 * next question. Without an answer the outcome is unknown, the money stays claimed, and the next try asks for it by its key.
 *
 * The provider is that of the payout. Those of `manual` have no job: an operator sends them by a payout file. A planned payout stays
 * here while PAYOUTS_PAUSED is true; reconcile_payouts enqueues it again.
 */
export const sendPayout: JobHandler<{ payouts: PayoutProvider }> = ({ payout_id }, { sql, payouts }) =>
  sendOnce(Number(payout_id), sql, payouts)

/** Does it once. `timeout_ms` is for each question to the provider. */
export async function sendOnce(
  payout_id: number,
  sql: Reader,
  provider: PayoutProvider,
  timeout_ms = PROVIDER_TIMEOUT_MS,
): Promise<void> {
  const rows = await showPayout.many(sql, { payout_id })
  const [payout] = rows
  if (!payout) return
  refuseOther(provider, payout.provider)
  const { account } = payout
  if (account === null) return settle(sql, payout, { outcome: 'failed', reference: null, failure_reason: 'no payout account' })
  const run: Run = { sql, provider, payout: { ...payout, account }, timeout_ms }
  const ends_at = performance.now() + BUDGET_MS
  const refused = (await moveAll(run, rows.filter(isPositive), ends_at, isRefusal)).find(isRefusal)
  if (refused) return settle(sql, payout, { ...refused, outcome: 'failed', reference: null })
  // Read again, because a reversal can be of a transfer that was just made.
  if (rows.some(isReversal)) await moveAll(run, (await showPayout.many(sql, { payout_id })).filter(isReversal), ends_at)
  if (performance.now() < ends_at) await pay(run)
}

/** Throws unless this process uses the provider of a payout. No other provider knows the account. */
function refuseOther(own: PayoutProvider, provider: string): void {
  if (provider !== own.name)
    throw new Error(`This process uses ${own.name}. Send the payout by a process that is configured for ${provider}.`)
}

const hasTransfer = (row: PayoutRow): row is TransferRow => row.transfer_id !== null && row.transfer_amount !== null
const isPositive = (row: PayoutRow): row is TransferRow => hasTransfer(row) && !row.is_reversal
const isReversal = (row: PayoutRow): row is TransferRow => hasTransfer(row) && row.is_reversal

/** Makes transfers, a few at once, until the time is over or a result is the last. Throws if an outcome is unknown. */
async function moveAll(
  run: Run,
  transfers: TransferRow[],
  ends_at: number,
  isLast: (result: TransferResult) => boolean = () => false,
): Promise<TransferResult[]> {
  const results: TransferResult[] = []
  for (let next = 0; next < transfers.length && !results.some(isLast) && performance.now() < ends_at; next += AT_ONCE) {
    const settled = await Promise.allSettled(transfers.slice(next, next + AT_ONCE).map((transfer) => move(run, transfer)))
    for (const result of settled) {
      if (result.status === 'rejected') throw result.reason
      results.push(result.value)
    }
  }
  return results
}

const isRefusal = ({ outcome }: TransferResult) => outcome === 'failed'

async function move({ sql, provider, payout, timeout_ms }: Run, row: TransferRow): Promise<TransferResult> {
  const transfer = {
    key: transferKey(row.transfer_id),
    payout_key: payoutKey(payout.payout_id),
    account: payout.account,
    amount: row.transfer_amount,
    source: row.source,
    group: row.checkout_id === null ? null : `checkout_${row.checkout_id}`,
    reversed: row.reversed,
    is_reversal: row.is_reversal,
  }
  const note = (outcome: string, reference: string | null, failure_reason: string | null) =>
    settleTransfer.one(sql, { transfer_id: row.transfer_id, outcome, provider_reference: reference, failure_reason })
  const result = await askOnce(
    row.transfer_status !== 'planned' && ((signal) => provider.findTransfer(transfer, signal)),
    (signal) => (row.is_reversal ? provider.reverse(transfer, signal) : provider.transfer(transfer, signal)),
    () => note('unknown', null, null),
    timeout_ms,
  )
  await note(result.outcome, result.reference, result.failure_reason)
  return result
}

async function pay({ sql, provider, payout, timeout_ms }: Run): Promise<void> {
  const order = { key: payoutKey(payout.payout_id), account: payout.account, amount: payout.amount, reference: payout.reference }
  const result = await askOnce(
    payout.status !== 'planned' && ((signal) => provider.findPayout(order, signal)),
    (signal) => provider.pay(order, signal),
    () => settle(sql, payout, { outcome: 'unknown', reference: null, failure_reason: null }),
    timeout_ms,
  )
  await settle(sql, payout, result)
}

type Outcome = Omit<PayoutResult, 'outcome'> & { outcome: PayoutResult['outcome'] | 'unknown' }

async function settle(sql: Reader, { payout_id }: PayoutRow, { reference, ...result }: Outcome): Promise<void> {
  await settlePayout.one(sql, { ...result, payout_id, provider_reference: reference })
}

type Ask<R> = (signal: AbortSignal) => Promise<R>

/**
 * Asks the provider for an earlier outcome, and otherwise acts, which is safe under the same key. Without an answer to the act it
 * calls `noteUnknown` and throws, so that the job is tried again.
 */
async function askOnce<R>(
  find: false | Ask<R | null>,
  act: Ask<R>,
  noteUnknown: () => Promise<unknown>,
  timeout_ms: number,
): Promise<R> {
  const found = find && (await find(AbortSignal.timeout(timeout_ms)))
  if (found) return found
  try {
    return await act(AbortSignal.timeout(timeout_ms))
  } catch (error) {
    if (!(error instanceof NotSent)) await noteUnknown()
    throw error
  }
}
