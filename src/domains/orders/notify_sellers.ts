import { type Static, type TObject, Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Jsonb, Nullable, Uuid } from '../../platform/db/types.ts'
import type { JobContext, JobHandler } from '../../platform/jobs/job.ts'
import type { Mailer } from '../../platform/mail/mailer.ts'

const notification = {
  order_id: Type.Integer(),
  seller_email: Type.String(),
  shop_name: Type.String(),
  total: Type.String(),
  item_count: Type.Integer(),
  items: Type.String(),
}
const listNotifications = query('orders/list_notifications', { order_ids: Type.Array(Type.Integer()) }, notification)
const failedRefund = {
  order_id: Type.Integer(),
  seller_email: Type.String(),
  shop_name: Type.String(),
  amount: Type.String(),
  failure_reason: Nullable(Type.String()),
}
const showFailedRefund = query('orders/show_failed_refund', { refund_id: Type.Integer() }, failedRefund)
const enqueueJob = routine('enqueue_job', { queue: Type.String(), data: Jsonb }, { enqueue_job: Uuid })

/** Mails sellers: the paid orders of a checkout (`order_ids`), or a refund that failed (`refund_id`). */
export const notifySellers: JobHandler<{ mailer: Mailer }> = async (data, context) => {
  const { order_ids, refund_id, traceparent } = data
  if (order_ids) await mailOrders(order_ids as number[], traceparent, context)
  const failed = refund_id ? await showFailedRefund.maybe(context.sql, { refund_id: Number(refund_id) }) : null
  if (failed) await context.mailer.send(writeFailure(failed, Number(refund_id), context.mailer))
}

/**
 * Mails each paid order of a checkout to its seller. If some mails fail, a new job tries only those again: the failure of one
 * mailbox repeats no other mail. If all fail, the job fails and is retried. If the worker dies, the job expires and sends all
 * mails again, with the same message_id.
 */
async function mailOrders(
  order_ids: number[],
  traceparent: unknown,
  { sql, mailer, log }: JobContext & { mailer: Mailer },
): Promise<void> {
  const orders = await listNotifications.many(sql, { order_ids })
  const sent = await Promise.allSettled(orders.map((order) => mailer.send(writeMail(order, mailer))))
  const errors = sent.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  if (errors.length === 0) return
  if (errors.length === orders.length) throw errors[0]
  const unsent = orders.filter((_, place) => sent[place]?.status === 'rejected').map(({ order_id }) => order_id)
  log.warn({ err: errors[0], order_ids: unsent }, 'some mails failed, will be tried again')
  await enqueueJob.one(sql, { queue: 'notify_sellers', data: { order_ids: unsent, traceparent } })
}

const writeMail = (order: Static<TObject<typeof notification>>, mailer: Mailer) => ({
  to: order.seller_email,
  subject: `New order ${order.order_id} for ${order.shop_name}: $${order.total}`,
  text: [
    `You have a new order at ${order.shop_name}:`,
    order.items,
    `Total: $${order.total}`,
    `${mailer.link(`/v1/orders/${order.order_id}`)}\n`,
  ].join('\n\n'),
  message_id: `<order-${order.order_id}@stallwright.invalid>`,
})

const writeFailure = (failed: Static<TObject<typeof failedRefund>>, refund_id: number, mailer: Mailer) => ({
  to: failed.seller_email,
  subject: `A refund of order ${failed.order_id} failed: $${failed.amount}`,
  text: [
    `The payment provider could not give $${failed.amount} of order ${failed.order_id} of ${failed.shop_name} back to the buyer.`,
    failed.failure_reason ? `The provider's reason: ${failed.failure_reason}` : 'The provider gave no reason.',
    'The buyer is owed the amount again. You can refund the order once more.',
    `${mailer.link(`/v1/orders/${failed.order_id}`)}\n`,
  ].join('\n\n'),
  message_id: `<failed-refund-${refund_id}@stallwright.invalid>`,
})
