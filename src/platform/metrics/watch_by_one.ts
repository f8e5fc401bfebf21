import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Reader } from '../db/statement.ts'
import { claimLease, releaseLease } from '../jobs/lease.ts'
import { repeat } from '../jobs/repeat.ts'
import type { GaugeName } from './declarations.ts'
import type { Metrics } from './metrics.ts'

/** The next process follows within this time after the one that checked died. A check takes less. */
const LEASE_S = 600
/** So soon a process renews its lease, asks for the lease again, or tries again after a failure, such as a lost connection. */
const AGAIN_MS = 60_000

/** `lease`: the name that only this check has. */
type Checked = {
  gauge: Extract<GaugeName, 'ledger_faults' | 'provider_book_differences'>
  lease: string
  every_ms: number
}

/**
 * Checks something in one of the processes, at once and then again and again. Its gauge has the result, and that of the others is
 * missing. The returned function ends the checks, and waits for none.
 */
export function watchByOne(
  { gauge, lease: name, every_ms }: Checked,
  { metrics, sql, log }: { metrics: Metrics; sql: Reader; log: Logger },
  check: () => Promise<number>,
): () => void {
  let found: number | undefined
  metrics.watch(gauge, () => (found === undefined ? [] : [{ labels: {}, value: found }]))
  const lease = { name, holder: randomUUID() }
  let checked_at_ms: number | undefined
  const checkIfDue = async () => {
    const { claim_lease: is_mine } = await claimLease.one(sql, { ...lease, ttl_s: LEASE_S })
    if (!is_mine) found = checked_at_ms = undefined
    const is_due = checked_at_ms === undefined || performance.now() - checked_at_ms >= every_ms
    if (!is_mine || !is_due) return AGAIN_MS
    checked_at_ms = performance.now()
    found = await check()
    return AGAIN_MS
  }
  const failed = (err: unknown) => {
    checked_at_ms = undefined
    log.warn({ err, lease: name }, 'a check failed')
    return AGAIN_MS
  }
  const checks = repeat(checkIfDue, failed)
  return () => {
    void checks.stop()
    void releaseLease.one(sql, lease).catch((err) => log.debug({ err, lease: name }, 'lease of a check'))
  }
}
