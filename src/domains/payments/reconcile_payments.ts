import type { JobHandler } from '../../platform/jobs/job.ts'
import { enqueueStuckCheckouts, enqueueStuckRefunds } from './statements.ts'

/**
 * Sees to it that no checkout stays pending and no refund owed, whatever became of their jobs. Looks at what is, so that a
 * missed run costs time and nothing else. Runs at every start and every minute.
 */
export const reconcilePayments: JobHandler = async (_data, { sql, log }) => {
  const checkouts = await enqueueStuckCheckouts.many(sql, {})
  const refunds = await enqueueStuckRefunds.many(sql, {})
  if (checkouts.length + refunds.length > 0) log.warn({ checkouts, refunds }, 'enqueued stuck payments again')
}
