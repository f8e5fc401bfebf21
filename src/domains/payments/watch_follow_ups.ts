import { Type } from '@sinclair/typebox'
import { query, type Reader } from '../../platform/db/statement.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'

const countFollowUps = query('payments/count_follow_ups', {}, { failed_refunds: Type.Integer(), open_disputes: Type.Integer() })

/**
 * Shows the failed refunds that are still owed and the open disputes, which an operator must look at. Each scrape counts them.
 */
export function watchFollowUps(metrics: Metrics, sql: Reader): void {
  for (const name of ['failed_refunds', 'open_disputes'] as const)
    metrics.watch(name, async () => [{ labels: {}, value: (await countFollowUps.one(sql, {}))[name] }])
}
