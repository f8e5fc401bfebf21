import { Type } from '@sinclair/typebox'
import { Id, Money, Nullable, OneOf, Strict, Timestamp } from '../http/schemas.ts'
import { Text } from '../http/text.ts'

export const OrderStatus = OneOf(['pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded'])

export const Tracking = Strict({ carrier: Text(1, 100), tracking_number: Text(1, 100) })

export const Order = Strict(
  {
    id: Id,
    checkout_id: Id,
    shop_id: Id,
    buyer_id: Id,
    status: OrderStatus,
    subtotal: Money,
    shipping: Money,
    total: Money,
    tracking: Nullable(Tracking),
    items: Type.Array(Strict({ product_id: Id, title: Type.String(), quantity: Type.Integer(), price_at_purchase: Money })),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'Order' },
)

export const OrderEvent = Strict(
  {
    id: Id,
    order_id: Id,
    status: OrderStatus,
    actor_id: Nullable(Id),
    detail: Type.Record(Type.String(), Type.Unknown(), { description: 'What the move brought with it: tracking, a reason.' }),
    created_at: Timestamp,
  },
  { $id: 'OrderEvent' },
)
