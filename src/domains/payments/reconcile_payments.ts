import type { JobHandler } from '../../platform/jobs/job.ts'
import type { PaymentGateway } from './gateway.ts'
import { enqueueReconciliations, enqueueStuckRefunds } from './statements.ts'

/**
 * Enqueues a job for each refund that is owed and has no live job, and a question to the provider for each payment with an open
 * refund or dispute. Only payments that this worker's provider took. It reads the current state, so a missed run only delays
 * them. Runs at every start and every minute.
 */
export const reconcilePayments: JobHandler<{ payments: PaymentGateway }> = async (_data, { sql, log, payments }) => {
  const provider = payments.provider.name
  const refunds = await enqueueStuckRefunds.many(sql, { provider })
  if (refunds.length > 0) log.warn({ refunds }, 'enqueued stuck refunds again')
  await enqueueReconciliations.many(sql, { provider })
}
