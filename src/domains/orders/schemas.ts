import { type Static, Type } from '@sinclair/typebox'
import { PageQuery } from '../../http/pagination.ts'
import {
  Amounts,
  CheckoutId,
  DayInput,
  Id,
  Money,
  OneOf,
  OrderId,
  OrderStatus,
  Strict,
  Timestamp,
  TimestampInput,
  withExample,
} from '../../http/schemas.ts'
import { Nullable } from '../../platform/db/types.ts'
import { Delivery, LineChoice } from '../cart/schemas.ts'
import { Refund } from '../refunds/schemas.ts'
import { Shipment, Tracking } from '../shipments/schemas.ts'

/** The filters of order lists. */
const filters = {
  ...PageQuery,
  status: Type.Optional(OrderStatus),
  created_from: Type.Optional({ ...TimestampInput, description: 'Only orders created at this time or later.' }),
  created_to: Type.Optional({ ...TimestampInput, description: 'Only orders created before this time.' }),
}
export const PurchaseQuery = Strict(filters)
export const SaleQuery = Strict({
  ...filters,
  buyer_id: Type.Optional(Id),
  ship_by_before: Type.Optional({ ...DayInput, description: 'Only orders that the shop is to send before this day.' }),
  late: Type.Optional(
    Type.Boolean({
      description:
        'Only orders that are late: paid, with something to send, and the day of `ship_by` is over. `false`: the others.',
    }),
  ),
})

/** The filters as arguments of the statements. */
export function orderFilters(query: Static<typeof PurchaseQuery>) {
  const { status = null, created_from, created_to } = query
  return { status, created_from: toDate(created_from), created_to: toDate(created_to) }
}

function toDate(time: string | undefined): Date | null {
  return time === undefined ? null : new Date(time)
}

const AddressPart = (description: string, example: string) =>
  Type.Optional(Nullable(withExample(Type.String({ description }), example)))

/**
 * The shipping address of an order. Without the limits of `AddressInput`, because old orders keep their addresses. Only the country
 * is left when the buyer has deleted the account.
 */
export const Address = Strict(
  {
    name: AddressPart('The recipient. Missing, like all parts but the country, if the buyer deleted the account.', 'Ann Lee'),
    line1: AddressPart('Street and number.', '1 Mill Lane'),
    line2: AddressPart('Floor, unit, care of.', 'Back door'),
    city: AddressPart('City or town.', 'Portland'),
    region: AddressPart('State or province.', 'OR'),
    postal_code: AddressPart('Postal code.', '97201'),
    country: AddressPart('ISO 3166-1 alpha-2. Older orders contain free text.', 'US'),
  },
  { $id: 'Address' },
)

export const OrderItem = Strict(
  {
    line_id: Id,
    product_id: Id,
    ...LineChoice,
    title: withExample(Type.String(), 'A blue bowl'),
    quantity: withExample(Type.Integer(), 1),
    price_at_purchase: Money,
  },
  { $id: 'OrderItem' },
)

/** A dispute of the payment of an order at the buyer's bank. `amount` is the share of the order, by its total. */
export const Dispute = Strict(
  {
    id: Id,
    amount: withExample(Money, '29.50'),
    status: withExample(OneOf(['open', 'won', 'lost']), 'open'),
    reason: withExample(Nullable(Type.String({ description: "The reason in the provider's words." })), 'product_not_received'),
    created_at: Timestamp,
  },
  { $id: 'Dispute' },
)

export const Order = Strict(
  {
    id: OrderId,
    checkout_id: CheckoutId,
    shop_id: Id,
    buyer_id: Id,
    status: withExample(OrderStatus, 'paid'),
    ...Amounts,
    refunded: withExample(
      Type.String({ ...Money, description: 'What of the total was given back, or is owed to the buyer.' }),
      '0.00',
    ),
    ship_by: withExample(
      Nullable(Type.String({ format: 'date', description: 'The day by which the shop is to send it; null until it is paid.' })),
      '2026-11-26',
    ),
    shipping_address: Nullable(Address),
    note: withExample(Nullable(Type.String({ description: 'What the buyer wrote to the shop.' })), 'Please ring twice.'),
    is_gift: withExample(Type.Boolean({ description: 'Whether to pack the order as a gift.' }), true),
    gift_message: withExample(
      Nullable(Type.String({ description: 'What to write on the card of the gift. For the seller null until it is paid.' })),
      'Happy birthday!',
    ),
    tracking: withExample(Nullable(Tracking), null),
    is_made_to_order: withExample(
      Type.Boolean({
        description: 'Whether the seller makes a line of it after the sale. The buyer can cancel it only when it is late.',
      }),
      false,
    ),
    late_since: withExample(
      Nullable({ ...Timestamp, description: 'The end of `ship_by`, if the order was not on its way by then; otherwise null.' }),
      null,
    ),
    shipping_method: withExample(
      Nullable(Type.String({ description: 'The upgrade that the buyer chose, such as Express; null without one.' })),
      null,
    ),
    delivery: Nullable(Delivery),
    items: Type.Array(OrderItem),
    refunds: withExample(Type.Array(Refund), []),
    shipments: withExample(Type.Array(Shipment), []),
    disputes: withExample(Type.Array(Dispute), []),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'Order' },
)

/** The orders of a mail. */
export const OrderAccess = Strict({ orders: Type.Array(Order) }, { $id: 'OrderAccess' })

export const OrderEvent = Strict(
  {
    id: Id,
    order_id: OrderId,
    status: withExample(OrderStatus, 'shipped'),
    change: withExample(Nullable(OneOf(['refund', 'shipment', 'tracking', 'dispute', 'adoption', 'late'])), 'shipment'),
    actor_id: Nullable(Id),
    detail: Type.Record(Type.String(), Type.Unknown(), {
      description:
        'Details of the event: the `refund`, `shipment` or `dispute` as it was then, `refunded` of the order, or the reason of a ' +
        'cancellation. Events hold no address, note, personalization or tracking; the order has them.',
    }),
    created_at: Timestamp,
  },
  { $id: 'OrderEvent' },
)
