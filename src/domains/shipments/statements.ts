import { Type } from '@sinclair/typebox'
import { OrderStatus } from '../../http/schemas.ts'
import { routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Nullable } from '../../platform/db/types.ts'

export const shipLines = routine(
  'ship_lines',
  {
    order_id: Type.Integer(),
    user_id: Type.Integer(),
    carrier: Type.String(),
    tracking_number: Type.String(),
    items: Nullable(Jsonb),
  },
  { body: Json, order_status: OrderStatus, moved_totals: Nullable(Type.Array(Type.String())) },
)
export const correctTracking = routine(
  'correct_tracking',
  {
    shipment_id: Type.Integer(),
    user_id: Type.Integer(),
    carrier: Nullable(Type.String()),
    tracking_number: Nullable(Type.String()),
  },
  { body: Json },
)
