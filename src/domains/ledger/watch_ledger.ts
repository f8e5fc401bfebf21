import { Type } from '@sinclair/typebox'
import type { Logger } from 'pino'
import { type Reader, routine } from '../../platform/db/statement.ts'
import { Nullable, Numeric } from '../../platform/db/types.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import { watchByOne } from '../../platform/metrics/watch_by_one.ts'

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
const CHECK = { gauge: 'ledger_faults', lease: 'ledger_check', every_ms: 6 * 3_600_000 } as const

/**
 * Shows the money that is late, and whether the ledger adds up: one of the workers checks it. The returned function ends the checks,
 * and waits for none.
 */
export function watchLedger(metrics: Metrics, sql: Reader, log: Logger): () => void {
  const count = countAtMost(() => countLateMoney.one(sql, {}))
  for (const name of names) metrics.watch(name, async () => [{ labels: {}, value: (await count())[name] }])
  return watchByOne(CHECK, { metrics, sql, log }, async () => {
    const found = await findWrongLedger.many(sql, {})
    for (const wrong of found.slice(0, 20)) log.error(wrong, 'the ledger does not add up')
    return found.length
  })
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
