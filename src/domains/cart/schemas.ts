import { Type } from '@sinclair/typebox'
import { Amounts, Id, Money, OneOf, ShopSummary, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'
import { Country } from '../addresses/schemas.ts'

/** 15 minutes after the other example times. */
const ReservedUntil = Nullable(
  withExample(
    Type.String({ ...Timestamp, description: 'The end of the hold, past or future. Null for a line without a hold.' }),
    '2026-11-23T09:45:00.000Z',
  ),
)
const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000, examples: [1] })

export const CartItemInput = Strict(
  {
    product_id: Id,
    variant_id: Type.Optional(
      Nullable({ ...Id, description: 'The chosen variant. Required for a listing with variants, and only for such a listing.' }),
    ),
    quantity: Quantity,
    personalization: Type.Optional(
      Nullable(
        withExample(
          Text(1, 1024, 'The text to put on the item, if the listing takes one. Another text is another line.'),
          'A & B',
        ),
      ),
    ),
  },
  { $id: 'CartItemInput' },
)
/** What a line of the cart, or of an order, names beside its listing. */
export const LineChoice = {
  variant_id: Nullable({ ...Id, description: 'The chosen variant; null for a listing without variants.' }),
  option_values: withExample(
    Type.Array(Type.String(), { description: 'The values of the variant, in the order of the listing’s options.' }),
    ['M', 'Blue'],
  ),
  sku: withExample(
    Nullable(Type.String({ description: 'The seller’s own reference of the variant, else of the listing.' })),
    'BOWL-M',
  ),
  personalization: withExample(Nullable(Type.String({ description: 'The text of the buyer to put on the item.' })), 'A & B'),
}

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
    ...LineChoice,
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
      Nullable(
        OneOf([
          'archived',
          'own_item',
          'shop_on_vacation',
          'variant_gone',
          'sold_out',
          'insufficient_stock',
          'item_reserved',
          'personalization_required',
          'not_shippable',
        ]),
      ),
      null,
    ),
  },
  { $id: 'CartLine' },
)

/** A better way to send an order, which the buyer can choose at the checkout. */
const CartUpgrade = Strict(
  {
    id: Id,
    name: withExample(Type.String(), 'Express'),
    price: withExample(Type.String({ ...Money, description: 'What it adds to the shipping.' }), '8.00'),
    per_extra_item: withExample(Type.String({ ...Money, description: 'What it adds for each further unit.' }), '0.00'),
  },
  { $id: 'CartUpgrade' },
)

/** The days between which an order is likely to arrive. */
export const Delivery = Strict(
  {
    from: Type.String({ format: 'date', examples: ['2026-11-28'] }),
    to: Type.String({ format: 'date', examples: ['2026-12-05'] }),
  },
  { $id: 'Delivery', description: 'The days between which the order is likely to arrive. Null: a rate has no delivery days.' },
)

export const CartShop = Strict(
  {
    shop: ShopSummary,
    items: Type.Array(CartLine),
    ...Amounts,
    upgrades: withExample(
      Type.Array(CartUpgrade, {
        description: 'Better ways to send the order. Choose one in `shipping_options` of the checkout.',
      }),
      [],
    ),
    delivery: Nullable(Delivery),
  },
  { $id: 'CartShop' },
)

export const CartQuery = Strict({
  country: Type.Optional({
    ...Country,
    description: 'The country to quote for, ISO 3166-1 alpha-2. Without it, that of your default address, else the world.',
  }),
})

const LapsedLine = Strict(
  {
    product_id: Id,
    title: withExample(Type.String(), 'A blue bowl'),
    option_values: withExample(
      Type.Array(Type.String(), { description: 'The values of the variant, if it had a stock of its own.' }),
      [],
    ),
    lapsed_at: Timestamp,
  },
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
