import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Json, Void } from '../../platform/db/types.ts'

export const reviewOrder = routine(
  'review_order',
  {
    order_id: Type.Integer(),
    user_id: Type.Integer(),
    rating: Type.Integer(),
    comment: Type.String(),
    requires_verified: Type.Boolean(),
  },
  { shop_id: Type.Integer(), body: Json },
)
export const replyToReview = routine(
  'reply_to_review',
  { review_id: Type.Integer(), user_id: Type.Integer(), comment: Type.String() },
  { body: Json },
)
export const removeReply = routine('remove_reply', { review_id: Type.Integer(), user_id: Type.Integer() }, { remove_reply: Void })
