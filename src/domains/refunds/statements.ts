import { Type } from '@sinclair/typebox'
import { OrderStatus } from '../../http/schemas.ts'
import { query, routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Nullable, Numeric } from '../../platform/db/types.ts'

export const refundPart = routine(
  'refund_part',
  {
    order_id: Type.Integer(),
    user_id: Type.Integer(),
    amount: Nullable(Numeric),
    items: Nullable(Jsonb),
    shipping: Nullable(Numeric),
    restock: Nullable(Type.Boolean()),
    reason: Type.String(),
    note: Nullable(Type.String()),
    traceparent: Nullable(Type.String()),
  },
  { body: Json, order_status: OrderStatus, moved_totals: Nullable(Type.Array(Type.String())) },
)
export const listRefunds = query(
  'refunds/list_refunds',
  { order_id: Type.Integer(), user_id: Type.Integer(), after: Jsonb, page_size: Type.Integer() },
  { item: Json, cursor: Json },
)
