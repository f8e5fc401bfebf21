import type { JobHandler } from '../../platform/jobs/job.ts'
import { enqueueReconciliations, enqueueStuckRefunds } from './statements.ts'

/**
 * Enqueues a job for each refund that is owed and has no live job, and a question to the provider for each payment with an open
 * refund or dispute. It reads the current state, so a missed run only delays them. Runs at every start and every minute.
 */
export const reconcilePayments: JobHandler = async (_data, { sql, log }) => {
  const refunds = await enqueueStuckRefunds.many(sql, {})
  if (refunds.length > 0) log.warn({ refunds }, 'enqueued stuck refunds again')
  await enqueueReconciliations.many(sql, {})
}
