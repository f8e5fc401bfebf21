import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { sendJson } from '../../http/respond.ts'
import { OrderParam } from '../../http/schemas.ts'
import { Shipment, ShipmentInput } from '../shipments/schemas.ts'
import { shipLines } from '../shipments/statements.ts'
import { countOrders } from './count_orders.ts'

const tag = 'Orders'

/** The shipments of an order. */
export const orderShipments = new Hono<Env>().post(
  '/:id/shipments',
  operation({
    id: 'makeShipment',
    summary: 'Ship an order in part, or all that is left',
    description:
      "For the shop's owner, while the order is `paid`, and later if a refund that failed left units to ship. A shipment is a parcel " +
      'of some lines, or without `items` of all that is left. The order is `shipped` when all that is not refunded has left. On ' +
      '`wrong_order_state`, `order_status` is the current status, and `errors` names each line of which fewer units are left.',
    tag,
    signed_in: true,
    idempotency: 'honored',
    params: OrderParam,
    body: ShipmentInput,
    links: { correctTracking: { id: '$response.body#/id' } },
    answers: { 201: Shipment },
    problems: ['not_found', 'not_owner', 'wrong_order_state'],
  }),
  async (c) => {
    const { carrier, tracking_number, items = null } = c.req.valid('json')
    const order_id = c.req.valid('param').id
    const { body, order_status, moved_totals } = await shipLines.one(c.get('sql'), {
      order_id,
      user_id: c.get('user_id'),
      carrier,
      tracking_number,
      items,
    })
    c.get('afterCommit')(() => countOrders(c.get('metrics'), order_status, moved_totals))
    return sendJson(c, body, 201, { Location: `/v1/orders/${order_id}` })
  },
)
