import { Type } from '@sinclair/typebox'
import { Id, Money, MoneyInput, OneOf, OrderId, PriceInput, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'

const Reason = OneOf([
  'changed_mind',
  'not_received',
  'damaged',
  'not_as_described',
  'wrong_item',
  'out_of_stock',
  'goodwill',
  'other',
])

/** Units of a line of an order. */
export const LineUnits = Strict(
  { line_id: Id, quantity: withExample(Type.Integer({ minimum: 1, maximum: 1_000_000 }), 1) },
  { $id: 'LineUnits' },
)

/** Units of lines in a request. An order has at most as many lines as a cart. */
export const LineUnitsInput = Type.Array(LineUnits, { minItems: 1, maxItems: 100 })

export const RefundInput = withExample(
  Strict(
    {
      amount: Type.Optional({
        ...PriceInput,
        examples: ['5.00'],
        description: 'An amount. It goes with neither `items`, `shipping` nor `restock: true`.',
      }),
      items: Type.Optional(LineUnitsInput),
      shipping: Type.Optional({ ...MoneyInput, examples: ['2.00'], description: 'A part of the postage.' }),
      restock: Type.Optional(
        Type.Boolean({
          description:
            'Whether the units of `items` return to the stock. Without it, those that are in no shipment return. With `true`, those ' +
            'in a shipment return too.',
        }),
      ),
      reason: withExample(Reason, 'damaged'),
      note: Type.Optional(withExample(Text(1, 1000, 'For the buyer and the seller.'), 'One cup was chipped.')),
    },
    {
      $id: 'RefundInput',
      // refund_part refuses these with the name of the field.
      not: {
        anyOf: [
          { required: ['amount', 'items'], properties: { amount: {}, items: {} } },
          { required: ['amount', 'shipping'], properties: { amount: {}, shipping: {} } },
          { required: ['amount', 'restock'], properties: { amount: {}, restock: { const: true } } },
          {
            required: ['shipping', 'restock'],
            properties: { shipping: {}, restock: { const: true } },
            not: { required: ['items'], properties: { items: {} } },
          },
        ],
      },
    },
  ),
  { amount: '5.00', reason: 'damaged', note: 'One cup was chipped.' },
)

export const Refund = Strict(
  {
    id: Id,
    order_id: OrderId,
    amount: withExample(Money, '5.00'),
    status: withExample(
      OneOf(['pending', 'sent', 'refunded', 'failed'], {
        description:
          '`pending`: owed. `sent`: the payment provider took it. `refunded`: the provider says that the money has arrived. ' +
          '`failed`: the money did not arrive, and is owed again.',
      }),
      'pending',
    ),
    reason: withExample(Reason, 'damaged'),
    note: withExample(Nullable(Type.String()), 'One cup was chipped.'),
    items: withExample(Type.Array(LineUnits), []),
    restocked: withExample(Type.Integer({ description: 'Units that returned to the stock.' }), 0),
    created_at: Timestamp,
  },
  { $id: 'Refund' },
)

/** A refund in a checkout. That of a charge that came after the checkout was cancelled has no order. */
export const CheckoutRefund = Strict(
  {
    ...Refund.properties,
    id: Nullable({ ...Id, description: 'Null for the refund of a charge that came after the checkout was cancelled.' }),
    order_id: Nullable({ ...OrderId, description: 'Null like `id`.' }),
  },
  { $id: 'CheckoutRefund' },
)
