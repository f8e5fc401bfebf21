import { Type } from '@sinclair/typebox'
import { Amounts, Id, Money, Nullable, OneOf, ShopSummary, Strict, Timestamp, withExample } from '../http/schemas.ts'

/** 15 minutes after the moment that is the example of others. */
const ReservedUntil = Nullable(
  withExample(
    Type.String({ ...Timestamp, description: 'When the hold ends, or ended; null for a line that is not held.' }),
    '2026-11-23T09:45:00.000Z',
  ),
)
const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000, examples: [1] })

export const CartItemInput = Strict({ product_id: Id, quantity: Quantity }, { $id: 'CartItemInput' })
export const CartItemChanges = Strict({ quantity: Quantity }, { $id: 'CartItemChanges' })
export const CartItemParam = Strict({ product_id: Id })

export const CartItemAdded = Strict(
  {
    success: withExample(Type.Boolean({ description: 'Always true; on a refusal it is false.' }), true),
    reserved_until: ReservedUntil,
  },
  { $id: 'CartItemAdded' },
)

export const CartLine = Strict(
  {
    product_id: Id,
    title: withExample(Type.String(), 'A blue bowl'),
    quantity: withExample(Type.Integer(), 1),
    unit_price: Money,
    price_when_added: Nullable(Money),
    reserved_until: ReservedUntil,
    price_changed: withExample(
      Nullable(
        Strict({ from: Money, to: Money }, { $id: 'PriceChange', description: 'Since the item was added; null if it has not.' }),
      ),
      null,
    ),
    available: withExample(Type.Boolean({ description: 'Whether this line could be ordered now.' }), true),
    available_quantity: Type.Integer({
      minimum: 0,
      description: 'How many of it this buyer could order now.',
      examples: [1],
    }),
    unavailable_reason: withExample(
      Nullable(OneOf(['archived', 'own_item', 'shop_on_vacation', 'sold_out', 'insufficient_stock', 'item_reserved'])),
      null,
    ),
  },
  { $id: 'CartLine' },
)

export const CartShop = Strict({ shop: ShopSummary, items: Type.Array(CartLine), ...Amounts }, { $id: 'CartShop' })

const LapsedLine = Strict(
  { product_id: Id, title: withExample(Type.String(), 'A blue bowl'), lapsed_at: Timestamp },
  { $id: 'LapsedLine' },
)

export const Cart = Strict(
  {
    shops: Type.Array(CartShop),
    ...Amounts,
    lapsed: Type.Array(LapsedLine, {
      description: 'What left the cart within a day because its hold had lapsed, the latest first.',
    }),
  },
  { $id: 'Cart', description: 'Subtotals, shipping and totals count the lines that can be ordered now.' },
)
