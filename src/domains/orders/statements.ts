import { Type } from '@sinclair/typebox'
import { OrderStatus } from '../../http/schemas.ts'
import { query, routine } from '../../platform/db/statement.ts'
import { Bytes, Day, Json, Jsonb, Nullable, Timestamptz } from '../../platform/db/types.ts'

const mover = { order_id: Type.Integer(), user_id: Type.Integer() }
const undoer = { ...mover, traceparent: Nullable(Type.String()) }
const page = { after: Jsonb, page_size: Type.Integer() }
const filters = {
  status: Nullable(Type.String()),
  created_from: Nullable(Timestamptz),
  created_to: Nullable(Timestamptz),
}

/** Of a shop's orders. */
const deadlines = { ship_by_before: Nullable(Day), is_late: Nullable(Type.Boolean()) }

export const shipOrder = routine(
  'ship_order',
  { ...mover, carrier: Type.String(), tracking_number: Type.String() },
  { body: Json },
)
export const receiveOrder = routine('receive_order', mover, { body: Json })
export const deliverOrder = routine('deliver_order', mover, { body: Json })
export const cancelOrder = routine('cancel_order', undoer, { body: Json })
export const refundOrder = routine('refund_order', undoer, {
  body: Json,
  order_status: OrderStatus,
  moved_totals: Nullable(Type.Array(Type.String())),
})
export const showOrder = query('orders/show_order', mover, { body: Json })
export const listBuyerOrders = query(
  'orders/list_buyer_orders',
  { user_id: Type.Integer(), ...filters, ...page },
  { item: Json, cursor: Json },
)
export const showOrderAccess = routine(
  'show_order_access',
  { token_hash: Bytes },
  { item: Json, shop_name: Type.String(), is_guest: Type.Boolean(), expires_at: Type.String() },
)
export const listOrderEvents = query('orders/list_order_events', { ...mover, ...page }, { item: Json, cursor: Json })
export const listShopOrders = routine(
  'list_shop_orders',
  { shop_id: Type.Integer(), user_id: Type.Integer(), ...filters, buyer_id: Nullable(Type.Integer()), ...page, ...deadlines },
  { item: Json, cursor: Json },
)
