import { Type } from '@sinclair/typebox'
import { Id, Nullable, Strict, Timestamp } from '../http/schemas.ts'
import { Text } from '../http/text.ts'

const Rating = Type.Integer({ minimum: 1, maximum: 5 })

export const NewReview = Strict({ rating: Rating, comment: Type.Optional(Text(0, 5000)) })

/** What the shop says to a review, in public. */
export const NewReply = Strict({ comment: Text(1, 5000) })

const Reply = Strict({ comment: Type.String(), created_at: Timestamp })

export const Review = Strict(
  {
    id: Id,
    order_id: Id,
    shop_id: Id,
    reviewer: Strict({ id: Id, display_name: Type.String() }),
    rating: Rating,
    comment: Type.String(),
    reply: Nullable(Reply),
    created_at: Timestamp,
  },
  { $id: 'Review' },
)
