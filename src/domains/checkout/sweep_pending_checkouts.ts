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
  let swept_at_ms = Number.NEGATIVE_INFINITY
  const sweep = async () => {
    swept_at_ms = performance.now()
    const checkouts = await enqueueStuckCheckouts.many(sql, {})
    if (checkouts.length > 0) log.info({ checkouts }, 'settling pending checkouts')
    return REST_MS
  }
  const sweeping = repeat(sweep, (error) => {
    log.warn({ err: error }, 'cannot look for pending checkouts')
    return SWEEP_PAUSE_MS
  })
  waiting.on('pending_checkouts', () => {
    if (performance.now() - swept_at_ms > SWEEP_PAUSE_MS) sweeping.wake()
  })
  return sweeping
}
