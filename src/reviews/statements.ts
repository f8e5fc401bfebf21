import { Type } from '@sinclair/typebox'
import { routine } from '../db/statement.ts'
import { Json } from '../db/types.ts'

export const reviewOrder = routine(
  'review_order',
  { order_id: Type.Integer(), user_id: Type.Integer(), rating: Type.Integer(), comment: Type.String() },
  { shop_id: Type.Integer(), body: Json },
)
