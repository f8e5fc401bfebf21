import { type Static, type TObject, Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Jsonb, Uuid } from '../../platform/db/types.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
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
const enqueueJob = routine('enqueue_job', { queue: Type.String(), data: Jsonb }, { enqueue_job: Uuid })

/**
 * Mails each paid order of a checkout to its seller. If some mails fail, a new job tries only those again: the failure of one
 * mailbox repeats no other mail. If all fail, the job fails and is retried. If the worker dies, the job expires and sends all
 * mails again, with the same message_id.
 */
export const notifySellers: JobHandler<{ mailer: Mailer }> = async ({ order_ids, traceparent }, { sql, mailer, log }) => {
  const orders = await listNotifications.many(sql, { order_ids: order_ids as number[] })
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
