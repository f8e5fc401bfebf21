import { type Static, Type } from '@sinclair/typebox'
import { PageQuery } from '../http/page.ts'
import { Id, Money, Nullable, OneOf, Strict, Timestamp, TimestampInput, withExample } from '../http/schemas.ts'
import { Text } from '../http/text.ts'

export const OrderStatus = OneOf(['pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded'])

/** How both sides narrow their lists of orders. */
const filters = {
  ...PageQuery,
  status: Type.Optional(OrderStatus),
  created_from: Type.Optional({ ...TimestampInput, description: 'Orders of this moment and later.' }),
  created_to: Type.Optional({ ...TimestampInput, description: 'Orders before this moment.' }),
}
export const PurchaseQuery = Strict(filters)
export const SaleQuery = Strict({ ...filters, buyer_id: Type.Optional(Id) })

/** The filters as the statements take them. */
export function orderFilters(query: Static<typeof PurchaseQuery>) {
  const { status = null, created_from, created_to } = query
  return { status, created_from: toDate(created_from), created_to: toDate(created_to) }
}

function toDate(time: string | undefined): Date | null {
  return time === undefined ? null : new Date(time)
}

export const Tracking = Strict({
  carrier: withExample(Text(1, 100), 'UPS'),
  tracking_number: withExample(Text(1, 100), '1Z999AA10123456784'),
})

export const Order = Strict(
  {
    id: Id,
    checkout_id: Id,
    shop_id: Id,
    buyer_id: Id,
    status: withExample(OrderStatus, 'shipped'),
    subtotal: Money,
    shipping: Money,
    total: Money,
    shipping_address: Type.Unknown({ description: 'Where it goes, as the buyer wrote it; for the seller, too.' }),
    tracking: Nullable(Tracking),
    items: Type.Array(
      Strict({
        product_id: Id,
        title: withExample(Type.String(), 'A blue bowl'),
        quantity: withExample(Type.Integer(), 1),
        price_at_purchase: Money,
      }),
    ),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'Order' },
)

export const OrderEvent = Strict(
  {
    id: Id,
    order_id: Id,
    status: withExample(OrderStatus, 'shipped'),
    actor_id: Nullable(Id),
    detail: Type.Record(Type.String(), Type.Unknown(), { description: 'What the move brought with it: tracking, a reason.' }),
    created_at: Timestamp,
  },
  { $id: 'OrderEvent' },
)
