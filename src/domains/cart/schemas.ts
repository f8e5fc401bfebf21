import { Type } from '@sinclair/typebox'
import { Amounts, Id, Money, OneOf, ShopSummary, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Nullable } from '../../platform/db/types.ts'

/** 15 minutes after the other example times. */
const ReservedUntil = Nullable(
  withExample(
    Type.String({ ...Timestamp, description: 'The end of the hold, past or future. Null for a line without a hold.' }),
    '2026-11-23T09:45:00.000Z',
  ),
)
const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000, examples: [1] })

export const CartItemInput = Strict({ product_id: Id, quantity: Quantity }, { $id: 'CartItemInput' })
export const CartItemChanges = Strict({ quantity: Quantity }, { $id: 'CartItemChanges' })
export const CartItemParam = Strict({ product_id: Id })
export const CartLineParam = Strict({ line_id: Id })

export const CartItemAdded = Strict(
  {
    success: withExample(Type.Boolean({ description: 'Always true. An error has `success` false.' }), true),
    reserved_until: ReservedUntil,
    line_id: Id,
  },
  { $id: 'CartItemAdded' },
)

export const CartLine = Strict(
  {
    line_id: Id,
    product_id: Id,
    title: withExample(Type.String(), 'A blue bowl'),
    quantity: withExample(Type.Integer(), 1),
    unit_price: Money,
    price_when_added: Nullable(Money),
    reserved_until: ReservedUntil,
    price_changed: withExample(
      Nullable(
        Strict(
          { from: Money, to: Money },
          { $id: 'PriceChange', description: 'The change since the buyer added the item, or null.' },
        ),
      ),
      null,
    ),
    available: withExample(Type.Boolean({ description: 'Whether the line can be ordered now.' }), true),
    available_quantity: Type.Integer({
      minimum: 0,
      description: 'The number of units that this buyer can order now.',
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
      description: 'Items that left the cart in the last day because their hold ended, newest first.',
    }),
  },
  { $id: 'Cart', description: 'Subtotals, shipping and totals cover the lines that can be ordered now.' },
)
