import { Type } from '@sinclair/typebox'
import { Id, OrderId, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'

const Rating = Type.Integer({ minimum: 1, maximum: 5, examples: [5] })

export const ReviewInput = Strict(
  {
    rating: Rating,
    comment: Type.Optional(withExample(Text(0, 5000), 'Even finer than in the picture.')),
  },
  { $id: 'ReviewInput' },
)

/** The public reply of the shop to a review. */
export const ReplyInput = Strict({ comment: withExample(Text(1, 5000), 'Thank you!') }, { $id: 'ReplyInput' })

const Reply = Strict({ comment: withExample(Type.String(), 'Thank you!'), created_at: Timestamp }, { $id: 'Reply' })

const Reviewer = Strict({ id: Id, display_name: withExample(Type.String(), 'Ann Lee') }, { $id: 'Reviewer' })

export const Review = Strict(
  {
    id: Id,
    order_id: OrderId,
    shop_id: Id,
    reviewer: Reviewer,
    rating: Rating,
    comment: withExample(Type.String(), 'Even finer than in the picture.'),
    reply: Nullable(Reply),
    created_at: Timestamp,
  },
  { $id: 'Review' },
)
