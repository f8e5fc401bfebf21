import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { exampleOf } from '../../http/openapi/example_of.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { readerOf } from '../../http/read_routing.ts'
import { orNotFound, sendJson } from '../../http/respond.ts'
import { OrderParam, Strict } from '../../http/schemas.ts'
import { findRow } from '../../platform/replica/replica.ts'
import { traceparent } from '../../platform/tracing/trace.ts'
import { Review, ReviewInput } from '../reviews/schemas.ts'
import { reviewOrder } from '../reviews/statements.ts'
import { Tracking } from '../shipments/schemas.ts'
import { countOrders } from './count_orders.ts'
import { Order, OrderEvent, orderFilters, PurchaseQuery } from './schemas.ts'
import {
  cancelOrder,
  deliverOrder,
  listBuyerOrders,
  listOrderEvents,
  receiveOrder,
  refundOrder,
  shipOrder,
  showOrder,
} from './statements.ts'

const tag = 'Orders'

/** The declaration that the five moves of an order share. */
const move = {
  tag,
  signed_in: true,
  idempotency: 'honored',
  params: OrderParam,
  answers: { 200: Order },
  problems: ['not_found', 'not_owner', 'wrong_order_state'],
} as const

export const orders = new Hono<Env>()
  .get(
    '/',
    operation({
      id: 'listOrders',
      summary: 'List your purchases, newest first',
      description: 'Your orders from all shops. `status`, `created_from` and `created_to` narrow the list.',
      tag,
      signed_in: true,
      query: PurchaseQuery,
      answers: { 200: PageOf('OrderPage', Order) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = pageArguments(c, query)
      const rows = await listBuyerOrders.many(await readerOf(c), { user_id: c.get('user_id'), ...orderFilters(query), ...page })
      return sendPage(c, rows, page.page_size)
    },
  )
  .get(
    '/:id',
    operation({
      id: 'getOrder',
      summary: 'Read an order',
      description: 'Prices are those at the time of purchase. For an order of another account the call returns `not_found`.',
      tag,
      signed_in: true,
      params: OrderParam,
      answers: { 200: Order },
      problems: ['not_found'],
    }),
    async (c) => {
      const order = orNotFound(
        await findRow(await readerOf(c), showOrder, { order_id: c.req.valid('param').id, user_id: c.get('user_id') }),
        'order',
      )
      return sendJson(c, order.body)
    },
  )
  .get(
    '/:id/events',
    operation({
      id: 'listOrderEvents',
      summary: 'List the events of an order, oldest first',
      description:
        'One event for each change of the status, of a refund, a shipment or its tracking, or of a dispute, with its author, time and ' +
        'details. `change` names what changed; it is null for the status alone. Events are never changed or deleted, so they hold no ' +
        'personal data.',
      tag,
      signed_in: true,
      params: OrderParam,
      query: Strict(PageQuery),
      answers: { 200: PageOf('OrderEventPage', OrderEvent) },
      problems: ['not_found'],
    }),
    async (c) => {
      const { after, page_size } = pageArguments(c, c.req.valid('query'))
      const order = { order_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const reads = await readerOf(c)
      const rows = await listOrderEvents.many(reads, { ...order, after, page_size })
      if (rows.length === 0) orNotFound(await findRow(reads, showOrder, order), 'order')
      return sendPage(c, rows, page_size)
    },
  )
  .post(
    '/:id/ship',
    operation({
      ...move,
      id: 'shipOrder',
      summary: 'Ship an order',
      description:
        "For the shop's owner, while the order is `paid`, and later if a refund that failed left units to ship. It ships all " +
        'that is left in one shipment. The order then shows the tracking number to the buyer. On `wrong_order_state`, ' +
        '`order_status` is the current status.',
      body: Tracking,
      shows: { 200: { status: 'shipped', tracking: exampleOf(Tracking) } },
    }),
    async (c) => {
      const { body } = await shipOrder.one(c.get('sql'), {
        order_id: c.req.valid('param').id,
        user_id: c.get('user_id'),
        ...c.req.valid('json'),
      })
      return sendMoved(c, body)
    },
  )
  .post(
    '/:id/deliver',
    operation({
      ...move,
      id: 'deliverOrder',
      summary: 'Mark an order as delivered',
      description: "For the shop's owner, once the order is `shipped`.",
      shows: { 200: { status: 'delivered', tracking: exampleOf(Tracking) } },
    }),
    async (c) => {
      const { body } = await deliverOrder.one(c.get('sql'), { order_id: c.req.valid('param').id, user_id: c.get('user_id') })
      return sendMoved(c, body)
    },
  )
  .post(
    '/:id/receive',
    operation({
      ...move,
      id: 'receiveOrder',
      summary: 'Say that an order has arrived',
      description: 'For the buyer, once the order is `shipped`. The order is then `delivered`.',
      shows: { 200: { status: 'delivered', tracking: exampleOf(Tracking) } },
    }),
    async (c) => {
      const { body } = await receiveOrder.one(c.get('sql'), { order_id: c.req.valid('param').id, user_id: c.get('user_id') })
      return sendMoved(c, body)
    },
  )
  .post(
    '/:id/cancel',
    operation({
      ...move,
      id: 'cancelOrder',
      summary: 'Cancel an order that is not shipped',
      description:
        "For the buyer or the shop's owner, until the first shipment has left. The items return to stock, and the money " +
        'returns to the buyer. The buyer can cancel an order with `is_made_to_order` only when it is late: otherwise ' +
        '`wrong_order_state` has the day in `cancellable_from`.',
      problems: [...move.problems, 'order_disputed'],
      shows: { 200: { status: 'cancelled' } },
    }),
    async (c) => {
      const moved = { order_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const { body } = await cancelOrder.one(c.get('sql'), { ...moved, traceparent: traceparent() })
      return sendMoved(c, body)
    },
  )
  .post(
    '/:id/refund',
    operation({
      ...move,
      id: 'refundOrder',
      summary: 'Refund all that is left of an order',
      description:
        "For the shop's owner, once the order is paid. Like `POST /v1/orders/{id}/refunds` without an amount or lines: units that " +
        'are in no shipment return to the stock.',
      problems: [...move.problems, 'order_disputed'],
      shows: { 200: { status: 'refunded' } },
    }),
    async (c) => {
      const moved = { order_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const { body, order_status, moved_totals } = await refundOrder.one(c.get('sql'), { ...moved, traceparent: traceparent() })
      c.get('afterCommit')(() => countOrders(c.get('metrics'), order_status, moved_totals))
      return sendJson(c, body)
    },
  )
  .post(
    '/:id/review',
    operation({
      id: 'reviewOrder',
      idempotency: 'honored',
      summary: 'Review an order, once',
      description:
        'For the buyer, once a shipment of the order has left, refunded or not. Updates the rating of the ' +
        'shop at once. A second review of an order returns `already_reviewed`.',
      tag: 'Reviews',
      signed_in: true,
      params: OrderParam,
      body: ReviewInput,
      links: { replyToReview: { id: '$response.body#/id' }, removeReply: { id: '$response.body#/id' } },
      answers: { 201: Review },
      problems: ['not_found', 'not_owner', 'already_reviewed', 'wrong_order_state', 'email_unverified'],
    }),
    async (c) => {
      const { rating, comment = '' } = c.req.valid('json')
      const [order_id, user_id, requires_verified] = [c.req.valid('param').id, c.get('user_id'), c.get('requires_verified')]
      const review = { order_id, user_id, rating, comment, requires_verified }
      const { body, shop_id } = await reviewOrder.one(c.get('sql'), review)
      return sendJson(c, body, 201, { Location: `/v1/shops/${shop_id}/reviews` })
    },
  )

/** Sends an order whose status the call has changed, and counts the move. */
function sendMoved(c: Context<Env>, body: string): Response {
  const { status, total } = JSON.parse(body)
  c.get('afterCommit')(() => countOrders(c.get('metrics'), status, [total]))
  return sendJson(c, body)
}
