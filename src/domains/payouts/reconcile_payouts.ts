import type { JobHandler } from '../../platform/jobs/job.ts'
import type { PayoutProvider } from './provider.ts'
import { enqueueStuckPayouts } from './statements.ts'

const MAX_PAYOUTS = 500

/**
 * Enqueues a job for each open payout of this worker's provider that waits without one. It reads the current state, so a missed run
 * only delays them. Scheduled every minute.
 */
export const reconcilePayouts: JobHandler<{ payouts: PayoutProvider }> = async (_data, { sql, log, payouts }) => {
  const stuck = await enqueueStuckPayouts.many(sql, { provider: payouts.name, max_payouts: MAX_PAYOUTS })
  if (stuck.length > 0) log.warn({ payouts: stuck.map(({ payout_id }) => payout_id) }, 'enqueued stuck payouts again')
}
