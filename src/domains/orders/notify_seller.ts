import { Type } from '@sinclair/typebox'
import { query } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
import type { Mailer } from '../../platform/mail/mailer.ts'

const showNotification = query(
  'orders/show_notification',
  { order_id: Type.Integer() },
  {
    order_id: Type.Integer(),
    seller_email: Type.String(),
    shop_name: Type.String(),
    total: Type.String(),
    item_count: Type.Integer(),
    items: Type.String(),
  },
)

/** Mails a paid order to its seller. */
export const notifySeller: JobHandler<{ mailer: Mailer }> = async ({ order_id }, { sql, mailer }) => {
  const order = await showNotification.maybe(sql, { order_id: Number(order_id) })
  if (!order) return
  await mailer.send({
    to: order.seller_email,
    subject: `New order ${order.order_id} for ${order.shop_name}: $${order.total}`,
    text: `You have a new order at ${order.shop_name}:\n\n${order.items}\n\nTotal: $${order.total}\n\n${mailer.link(`/v1/orders/${order.order_id}`)}\n`,
    message_id: `<order-${order.order_id}@stallwright.invalid>`,
  })
}
