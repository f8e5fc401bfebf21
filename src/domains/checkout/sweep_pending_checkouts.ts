import type { JobContext } from '../../platform/jobs/job.ts'
import { type Repeated, repeat } from '../../platform/jobs/repeat.ts'
import type { WaitingWork } from '../../platform/jobs/waiting_work.ts'
import { enqueueStuckCheckouts } from './statements.ts'

/** A checkout stays due while its job runs, so the sweep pauses at least this long. */
const SWEEP_PAUSE_MS = 2000
/** A heartbeat ends this pause when a checkout is due. A call that dies leaves its checkout pending for 10 s. */
const REST_MS = 60_000

/** Enqueues a settlement for each pending checkout that is due, until `stop`. */
export function sweepPendingCheckouts({ sql, log }: JobContext, waiting: WaitingWork): Repeated {
  const sweep = async () => {
    const checkouts = await enqueueStuckCheckouts.many(sql, {})
    if (checkouts.length > 0) log.info({ checkouts }, 'settling pending checkouts')
    return REST_MS
  }
  const failed = (error: unknown) => {
    log.warn({ err: error }, 'cannot look for pending checkouts')
    return SWEEP_PAUSE_MS
  }
  const sweeping = repeat(sweep, failed, SWEEP_PAUSE_MS)
  waiting.on('pending_checkouts', sweeping.wake)
  return sweeping
}
