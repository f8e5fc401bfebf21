import { randomUUID } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import type { Logger } from 'pino'
import { type Reader, routine } from '../../platform/db/statement.ts'
import { Nullable, Numeric } from '../../platform/db/types.ts'
import { claimLease, releaseLease } from '../../platform/jobs/lease.ts'
import { repeat } from '../../platform/jobs/repeat.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'

const gauges = {
  stuck_payouts: Type.Integer(),
  unknown_payouts: Type.Integer(),
  failing_shops: Type.Integer(),
  overdue_earnings: Type.Integer(),
}
const names = Object.keys(gauges) as (keyof typeof gauges)[]
const countLateMoney = routine('count_late_money', {}, gauges)
const fault = { what: Type.String(), id: Nullable(Type.Integer()), expected: Nullable(Numeric), actual: Nullable(Numeric) }
const findWrongLedger = routine('find_wrong_ledger', {}, fault)

/** Reads all orders that wait for their release, so not each scrape runs it. */
const COUNT_EVERY_MS = 60_000
/** Reads the whole ledger, which takes seconds. */
const CHECK_EVERY_MS = 6 * 3_600_000
/** One worker checks. The next one follows within this time after that worker died. */
const LEASE = { name: 'ledger_check', ttl_s: 600 }
/** So soon a worker renews its lease, asks for the lease again, or tries again after a failure, such as a lost connection. */
const AGAIN_MS = 60_000

/**
 * Shows the money that is late, and whether the ledger adds up: one of the workers checks it. The returned function ends the checks,
 * and waits for none.
 */
export function watchLedger(metrics: Metrics, sql: Reader, log: Logger): () => void {
  const count = countAtMost(() => countLateMoney.one(sql, {}))
  for (const name of names) metrics.watch(name, async () => [{ labels: {}, value: (await count())[name] }])
  let faults: number | undefined
  metrics.watch('ledger_faults', () => (faults === undefined ? [] : [{ labels: {}, value: faults }]))
  const lease = { name: LEASE.name, holder: randomUUID() }
  let checked_at_ms: number | undefined
  const check = async () => {
    const { claim_lease: is_mine } = await claimLease.one(sql, { ...lease, ttl_s: LEASE.ttl_s })
    if (!is_mine) faults = checked_at_ms = undefined
    const is_due = checked_at_ms === undefined || performance.now() - checked_at_ms >= CHECK_EVERY_MS
    if (!is_mine || !is_due) return AGAIN_MS
    checked_at_ms = performance.now()
    const found = await findWrongLedger.many(sql, {})
    faults = found.length
    for (const wrong of found.slice(0, 20)) log.error(wrong, 'the ledger does not add up')
    return AGAIN_MS
  }
  const failed = (err: unknown) => {
    checked_at_ms = undefined
    log.warn({ err }, 'check of the ledger')
    return AGAIN_MS
  }
  const checks = repeat(check, failed)
  return () => {
    void checks.stop()
    void releaseLease.one(sql, lease).catch((err) => log.debug({ err }, 'lease of the check of the ledger'))
  }
}

/** Returns a function that reads at most once a minute. Calls in between get the last value. */
function countAtMost<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { value: Promise<T>; at_ms: number } | undefined
  return () => {
    if (!last || performance.now() - last.at_ms > COUNT_EVERY_MS) {
      const reading = { value: read(), at_ms: performance.now() }
      reading.value.catch(() => {
        if (last === reading) last = undefined
      })
      last = reading
    }
    return last.value
  }
}
