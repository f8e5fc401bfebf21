import type { JobHandler } from '../../platform/jobs/job.ts'
import { enqueueStuckRefunds } from './statements.ts'

/**
 * Enqueues a job for each refund that is owed and has no live job. It reads the current state, so a missed run only delays the
 * refund. Runs at every start and every minute.
 */
export const reconcilePayments: JobHandler = async (_data, { sql, log }) => {
  const refunds = await enqueueStuckRefunds.many(sql, {})
  if (refunds.length > 0) log.warn({ refunds }, 'enqueued stuck refunds again')
}
