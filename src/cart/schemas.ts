import { Type } from '@sinclair/typebox'
import { AverageRating, Id, Money, Nullable, OneOf, Strict, Timestamp, withExample } from '../http/schemas.ts'

const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000, examples: [1] })

export const NewCartItem = Strict({ product_id: Id, quantity: Quantity })
export const CartItemChanges = Strict({ quantity: Quantity })
export const CartItemParam = Strict({ product_id: Id })

export const CartItemAdded = Strict(
  {
    success: withExample(Type.Boolean({ description: 'Always true; on a refusal it is false.' }), true),
    reserved_until: Nullable(Timestamp),
  },
  { $id: 'CartItemAdded' },
)

export const Cart = Strict(
  {
    shops: Type.Array(
      Strict({
        shop: Strict({ id: Id, name: withExample(Type.String(), 'Kiln & Loom'), rating: Nullable(AverageRating) }),
        items: Type.Array(
          Strict({
            product_id: Id,
            title: withExample(Type.String(), 'A blue bowl'),
            quantity: withExample(Type.Integer(), 1),
            unit_price: Money,
            price_when_added: Nullable(Money),
            reserved_until: Nullable(Timestamp),
            price_changed: withExample(
              Nullable(Strict({ from: Money, to: Money }, { description: 'Since the item was added; null if it has not.' })),
              null,
            ),
            available: withExample(Type.Boolean({ description: 'Whether this line could be ordered now.' }), true),
            available_quantity: Type.Integer({
              minimum: 0,
              description: 'How many of it this buyer could order now.',
              examples: [1],
            }),
            unavailable_reason: withExample(
              Nullable(OneOf(['archived', 'shop_on_vacation', 'sold_out', 'insufficient_stock', 'item_reserved'])),
              null,
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
