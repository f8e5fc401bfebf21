import type { JobContext, JobHandler } from '../../platform/jobs/job.ts'
import { type Repeated, repeat } from '../../platform/jobs/repeat.ts'
import { enqueueStuckCheckouts, enqueueStuckRefunds } from './statements.ts'

/** A call that dies leaves its checkout pending for 10 s and at most this time. */
const SWEEP_PAUSE_MS = 2000

/** Enqueues a settlement for each pending checkout that is due, until `stop`. */
export function sweepPendingCheckouts({ sql, log }: JobContext): Repeated {
  const sweep = async () => {
    const checkouts = await enqueueStuckCheckouts.many(sql, {})
    if (checkouts.length > 0) log.info({ checkouts }, 'settling pending checkouts')
    return SWEEP_PAUSE_MS
  }
  return repeat(sweep, (error) => {
    log.warn({ err: error }, 'cannot look for pending checkouts')
    return SWEEP_PAUSE_MS
  })
}

/**
 * Enqueues a job for each refund that is owed and has none, whatever became of its job. It reads the current state, so a missed
 * run only delays the refund. Runs at every start and every minute.
 */
export const reconcilePayments: JobHandler = async (_data, { sql, log }) => {
  const refunds = await enqueueStuckRefunds.many(sql, {})
  if (refunds.length > 0) log.warn({ refunds }, 'enqueued stuck refunds again')
}
