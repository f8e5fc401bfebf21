import { Type } from '@sinclair/typebox'
import { query } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import { applyEvent } from './apply_event.ts'
import type { PaymentGateway } from './gateway.ts'
import type { FollowUpFilter } from './provider.ts'
import { refuseOther } from './refuse_other.ts'

const showPayment = query(
  'payments/show_payment',
  { payment_id: Type.Integer() },
  { provider: Type.String(), reference: Type.String() },
)

/** All pages of a list. The queue's own limit is longer. */
const LIST_TIMEOUT_MS = 240_000

/**
 * Asks the provider for the refunds and disputes of one payment, or of all charges if they began in the last `days`, and applies
 * them like webhooks. So a lost webhook only delays a refund that failed, or was made at the provider, or a dispute. An event
 * that cannot be applied fails the job after all others.
 */
export const reconcileProvider: JobHandler<{ payments: PaymentGateway; metrics: Metrics }> = async (data, context) => {
  const { provider } = context.payments
  const filter = data.payment_id ? await chargeOf(Number(data.payment_id)) : { days: Number(data.days) }
  if (!filter) return
  const errors: unknown[] = []
  for (const event of await provider.listFollowUps(filter, AbortSignal.timeout(LIST_TIMEOUT_MS)))
    await applyEvent(provider.name, event, context).catch((err) => {
      context.log.error({ err, event }, 'cannot apply an event of the payment provider')
      errors.push(err)
    })
  if (errors.length > 0) throw new AggregateError(errors, `cannot apply ${errors.length} events of the payment provider`)

  async function chargeOf(payment_id: number): Promise<FollowUpFilter | null> {
    const payment = await showPayment.maybe(context.sql, { payment_id })
    if (payment) refuseOther(provider, payment.provider)
    return payment && { charge: payment.reference }
  }
}
