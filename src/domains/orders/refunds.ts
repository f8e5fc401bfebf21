import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { readerOf } from '../../http/read_routing.ts'
import { orNotFound, sendJson } from '../../http/respond.ts'
import { OrderParam, Strict } from '../../http/schemas.ts'
import { findRow } from '../../platform/replica/replica.ts'
import { traceparent } from '../../platform/tracing/trace.ts'
import { Refund, RefundInput } from '../refunds/schemas.ts'
import { listRefunds, refundPart } from '../refunds/statements.ts'
import { countOrders } from './count_orders.ts'
import { showOrder } from './statements.ts'

const tag = 'Orders'

/** The refunds of an order. */
export const refunds = new Hono<Env>()
  .get(
    '/:id/refunds',
    operation({
      id: 'listRefunds',
      summary: 'List the refunds of an order, oldest first',
      description: "For the buyer and the shop's owner. `status` follows the payment provider.",
      tag,
      signed_in: true,
      params: OrderParam,
      query: Strict(PageQuery),
      answers: { 200: PageOf('RefundPage', Refund) },
      problems: ['not_found'],
    }),
    async (c) => {
      const { after, page_size } = pageArguments(c, c.req.valid('query'))
      const order = { order_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const reads = await readerOf(c)
      const rows = await listRefunds.many(reads, { ...order, after, page_size })
      if (rows.length === 0) orNotFound(await findRow(reads, showOrder, order), 'order')
      return sendPage(c, rows, page_size)
    },
  )
  .post(
    '/:id/refunds',
    operation({
      id: 'makeRefund',
      summary: 'Refund an order in part, or all that is left',
      description:
        "For the shop's owner, once the order is paid, any number of times. Refunds an `amount`; or `items` at their price and " +
        'a part of the postage, `shipping`; or, without these, all that is left. Units that are in no shipment return to ' +
        'the stock, unless `restock` is `false`; an `amount` returns none. The order is `refunded` when nothing is left, and ' +
        '`shipped` when all that is not refunded has left. On `refund_exceeds_order`, `refundable` is the amount that is left, and ' +
        '`errors` names each line of which fewer units are left. `order_disputed`: a dispute of the payment is ' +
        '`open`; or a `lost` one has given money back to the buyer, and the refund exceeds what that left of the payment.',
      tag,
      signed_in: true,
      idempotency: 'required',
      params: OrderParam,
      body: RefundInput,
      answers: { 201: Refund },
      problems: ['not_found', 'not_owner', 'wrong_order_state', 'refund_exceeds_order', 'order_disputed'],
    }),
    async (c) => {
      const { amount = null, items = null, shipping = null, restock = null, reason, note = null } = c.req.valid('json')
      const order = { order_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const asked = { amount, items, shipping, restock, reason, note }
      const { body, order_status, moved_totals } = await refundPart.one(c.get('sql'), {
        ...order,
        ...asked,
        traceparent: traceparent(),
      })
      c.get('afterCommit')(() => countOrders(c.get('metrics'), order_status, moved_totals))
      return sendJson(c, body, 201, { Location: `/v1/orders/${order.order_id}/refunds` })
    },
  )
