import { type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss'
import { expireReservations } from './domains/cart/expire_reservations.ts'
import { settlePendingCheckout } from './domains/checkout/settle_pending_checkout.ts'
import { sweepPendingCheckouts } from './domains/checkout/sweep_pending_checkouts.ts'
import { releaseDue } from './domains/ledger/release_earnings.ts'
import { sendMails } from './domains/mails/send_mails.ts'
import { markLate } from './domains/orders/mark_late_orders.ts'
import type { PaymentGateway } from './domains/payments/gateway.ts'
import { reconcilePayments } from './domains/payments/reconcile_payments.ts'
import { reconcileProvider } from './domains/payments/reconcile_provider.ts'
import { refundLateCharge, refundPayment } from './domains/payments/refund_payment.ts'
import { planDue } from './domains/payouts/plan_payouts.ts'
import type { PayoutProvider } from './domains/payouts/provider.ts'
import { reconcilePayouts } from './domains/payouts/reconcile_payouts.ts'
import { sendPayout } from './domains/payouts/send_payout.ts'
import { removePictures } from './domains/pictures/remove_pictures.ts'
import type { PictureStore } from './domains/pictures/store.ts'
import { eraseUser } from './domains/privacy/erase_user.ts'
import { rebuildNeighbors } from './domains/recommendations/rebuild_neighbors.ts'
import { turnDueVacations } from './domains/shops/turn_vacations.ts'
import { rebuildStatistics } from './domains/statistics/rebuild_statistics.ts'
import { rebuildPopularity } from './domains/trending/rebuild_popularity.ts'
import { forgetExpired } from './platform/jobs/forget_expired.ts'
import type { JobContext, JobHandler } from './platform/jobs/job.ts'
import { type QueueName, SENT_AT_START } from './platform/jobs/queues.ts'
import { type Repeated, repeat } from './platform/jobs/repeat.ts'
import type { WaitingWork } from './platform/jobs/waiting_work.ts'
import type { Mailer } from './platform/mail/mailer.ts'
import type { LabelsOf } from './platform/metrics/declarations.ts'
import type { Metrics } from './platform/metrics/metrics.ts'
import { activeSpan, failSpan, inJobSpan, traceId } from './platform/tracing/trace.ts'

/** The dependencies of all jobs besides the context. */
type Needs = {
  metrics: Metrics
  payments: PaymentGateway
  payouts: PayoutProvider
  mailer: Mailer
  quota_scale: string
  pictures: PictureStore
}

const handlers: Record<QueueName, JobHandler<Needs>> = {
  expire_reservations: expireReservations,
  forget_expired: forgetExpired,
  send_mails: sendMails,
  erase_user: eraseUser,
  remove_pictures: removePictures,
  release_earnings: releaseDue,
  plan_payouts: planDue,
  send_payout: sendPayout,
  reconcile_payouts: reconcilePayouts,
  mark_late_orders: markLate,
  turn_vacations: turnDueVacations,
  rebuild_neighbors: rebuildNeighbors,
  rebuild_popularity: rebuildPopularity,
  rebuild_statistics: rebuildStatistics,
  reconcile_payments: reconcilePayments,
  reconcile_provider: reconcileProvider,
  settle_checkout: settlePendingCheckout,
  refund_payment: refundPayment,
  refund_late_charge: refundLateCharge,
}

/** Each job of a batch has its own outcome. Otherwise one failing job would repeat the others. */
const WORK = {
  // A heartbeat wakes the queue much sooner.
  pollingIntervalSeconds: 600,
  batchSize: 5,
  burstWhenBatchFull: true,
  includeMetadata: true,
  perJobResults: true,
} as const

/** How soon a due schedule starts. */
const WATCH = { cronMonitorIntervalSeconds: 20, cronWorkerIntervalSeconds: 45, monitorIntervalSeconds: 1 } as const
/** How often pg-boss counts and deletes jobs. The jobs of a dead worker do not wait for this. */
const SUPERVISE_EVERY_MS = 60_000
/** The least time between two looks for the jobs of dead workers. */
const SUPERVISE_AGAIN_MS = 5000

export type Worker = { stop: () => Promise<void> }

/** Works every queue on pg-boss's own connections. `stop` waits for running jobs, at most 10 s. */
export async function startWorker(url: string, waiting: WaitingWork, context: JobContext & Needs): Promise<Worker> {
  // pg-boss has a pool of its own, so that jobs go on while requests use every connection of the API.
  const boss = new PgBoss({
    connectionString: url,
    max: 4,
    migrate: false,
    // superviseQueues does this.
    supervise: false,
    ...WATCH,
    application_name: 'stallwright worker',
    // pg-boss makes one span per batch; workJob makes one per job.
    openTelemetry: { enabled: false },
  })
  // Without a listener an error event would end the process. pg-boss reconnects by itself.
  boss.on('error', (err) => context.log.warn({ err }, 'job queue'))
  await boss.start()
  await boss.schedule('expire_reservations', '* * * * *', {}, { missed: 'once' })
  await boss.schedule('reconcile_payments', '* * * * *', {}, { missed: 'once' })
  await boss.schedule('reconcile_payouts', '* * * * *', {}, { missed: 'once' })
  // The minutes are unlike those of other jobs. A provider reports most refunds and disputes by webhook within seconds, and a refund
  // can fail for 30 days.
  await boss.schedule('reconcile_provider', '40 * * * *', { days: 2 }, { key: 'hourly', missed: 'once' })
  await boss.schedule('reconcile_provider', '50 4 * * *', { days: 30 }, { key: 'daily', missed: 'once' })
  await boss.schedule('mark_late_orders', '2 * * * *', {}, { missed: 'once' })
  await boss.schedule('release_earnings', '22 * * * *', {}, { missed: 'once' })
  await boss.schedule('plan_payouts', '20 5 * * *', {}, { missed: 'once' })
  await boss.schedule('turn_vacations', '*/5 * * * *', {}, { missed: 'once' })
  await boss.schedule('rebuild_popularity', '*/15 * * * *', {}, { missed: 'once' })
  await boss.schedule('rebuild_statistics', '5-59/15 * * * *', {}, { missed: 'once' })
  await boss.schedule('forget_expired', '17 * * * *', {}, { missed: 'once' })
  await boss.schedule('rebuild_neighbors', '30 3 * * *', {}, { missed: 'once' })
  await boss.schedule('remove_pictures', '10 4 * * *', {}, { missed: 'once' })
  for (const queue of Object.keys(handlers)) {
    await boss.work(queue, WORK, (jobs: JobWithMetadata<Record<string, unknown>>[]) =>
      Promise.all(
        jobs.map((job) =>
          inJobSpan(queue, job.data?.traceparent, { 'messaging.message.id': job.id }, () =>
            workJob(job, queue as QueueName, {
              ...context,
              log: context.log.child({ job_id: job.id, queue, attempt: job.retryCount + 1, trace_id: traceId() }),
            }),
          ),
        ),
      ),
    )
  }
  // Includes the queue of pg-boss's own schedules.
  for (const { id, name } of boss.getWipData({ includeInternal: true })) waiting.on(name, () => boss.notifyWorker(id))
  const supervision = superviseQueues(boss, waiting, (err) => context.log.warn({ err }, 'job queue'))
  for (const queue of SENT_AT_START) await boss.send(queue, {})
  const sweep = sweepPendingCheckouts(context, waiting)
  const stop = async () => {
    await Promise.all([supervision.stop(), sweep.stop()])
    await boss.stop({ graceful: true, timeout: 10_000, close: true })
  }
  return { stop }
}

/** Fails the jobs that a dead worker holds, as soon as they expire, so that they are tried again. Counts and deletes jobs. */
function superviseQueues(boss: PgBoss, waiting: WaitingWork, onError: (error: unknown) => void): Repeated {
  const supervise = async () => {
    await boss.supervise()
    return SUPERVISE_EVERY_MS
  }
  const failed = (error: unknown) => {
    onError(error)
    return SUPERVISE_EVERY_MS
  }
  const supervision = repeat(supervise, failed, SUPERVISE_AGAIN_MS)
  waiting.on('expired_jobs', supervision.wake)
  return supervision
}

async function workJob(
  job: JobWithMetadata<Record<string, unknown>>,
  queue: QueueName,
  context: JobContext & Needs,
): Promise<JobResult> {
  const { metrics, log } = context
  const started = performance.now()
  const count = (outcome: LabelsOf<'jobs_total'>['outcome']) => {
    metrics.add('jobs_total', { queue, outcome })
    metrics.observe('job_duration_seconds', { queue }, (performance.now() - started) / 1000)
  }
  try {
    await handlers[queue](job.data ?? {}, context)
    count('completed')
    return { id: job.id, status: 'completed' }
  } catch (error) {
    failSpan(activeSpan(), error)
    const last = job.retryCount >= job.retryLimit
    count(last ? 'dead' : 'retried')
    log[last ? 'error' : 'warn'](
      { err: error },
      last ? 'job failed for good: see dead_letters' : 'job failed, will be tried again',
    )
    return { id: job.id, status: 'failed', output: { message: (error as Error).message } }
  }
}
