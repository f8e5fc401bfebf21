import { Type } from '@sinclair/typebox'
import { Id, Money, Nullable, OneOf, Strict, Timestamp } from '../http/schemas.ts'

const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 })

export const NewCartItem = Strict({ product_id: Id, quantity: Quantity })
export const CartItemChanges = Strict({ quantity: Quantity })
export const CartItemParam = Strict({ product_id: Id })

export const CartItemAdded = Strict(
  { success: Type.Literal(true), reserved_until: Nullable(Timestamp) },
  { $id: 'CartItemAdded' },
)

export const Cart = Strict(
  {
    shops: Type.Array(
      Strict({
        shop: Strict({ id: Id, name: Type.String(), rating: Nullable(Type.Number()) }),
        items: Type.Array(
          Strict({
            product_id: Id,
            title: Type.String(),
            quantity: Type.Integer(),
            unit_price: Money,
            price_when_added: Nullable(Money),
            reserved_until: Nullable(Timestamp),
            price_changed: Nullable(
              Strict({ from: Money, to: Money }, { description: 'Since the item was added; null if it has not.' }),
            ),
            available: Type.Boolean({ description: 'Whether this line could be ordered now.' }),
            available_quantity: Type.Integer({ minimum: 0, description: 'How many of it this buyer could order now.' }),
            unavailable_reason: Nullable(
              OneOf(['archived', 'shop_on_vacation', 'sold_out', 'insufficient_stock', 'item_reserved']),
            ),
          }),
        ),
        subtotal: Money,
        shipping: Money,
        total: Money,
      }),
    ),
    subtotal: Money,
    shipping: Money,
    total: Money,
  },
  { $id: 'Cart' },
)
