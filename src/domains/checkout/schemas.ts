import { type Static, Type } from '@sinclair/typebox'
import { exampleOf } from '../../http/openapi/example_of.ts'
import { Amounts, CheckoutId, Id, MoneyInput, OneOf, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'
import { AddressInput } from '../addresses/schemas.ts'
import { Address, Order } from '../orders/schemas.ts'
import { CheckoutStatus } from '../payments/checkout_status.ts'
import { CheckoutRefund } from '../refunds/schemas.ts'

/** What the buyer tells one shop. */
const NoteInput = Strict(
  {
    shop_id: { ...Id, description: 'A shop of the cart. Each shop can come once.' },
    note: Type.Optional(Nullable(withExample(Text(1, 500, 'For the shop.'), 'Please ring twice.'))),
    is_gift: Type.Optional(
      Type.Boolean({ description: 'Whether to pack the order as a gift. Default: whether there is a `gift_message`.' }),
    ),
    gift_message: Type.Optional(Nullable(withExample(Text(1, 500, 'For the card of the gift.'), 'Happy birthday!'))),
  },
  { $id: 'NoteInput' },
)

/** How one shop is to send its order. */
const ShippingOptionInput = Strict(
  {
    shop_id: { ...Id, description: 'A shop of the cart. Each shop can come once.' },
    upgrade_id: { ...Id, description: 'One of the `upgrades` that the cart shows for the shop and the country.' },
  },
  { $id: 'ShippingOptionInput' },
)

export const CheckoutInput = withExample(
  Strict(
    {
      shipping_address: Type.Optional(AddressInput),
      shipping_address_id: Type.Optional({
        ...Id,
        description: 'An address of your address book, in place of `shipping_address`. The orders keep a copy.',
      }),
      payment_method: withExample(
        Text(1, 255, 'A payment method of the payment provider, such as `pm_card_visa` of the simulated one.'),
        'pm_card_visa',
      ),
      // No example, because every cart has another total.
      expected_total: Type.Optional(
        withExample(
          Nullable(
            Type.String({
              ...MoneyInput,
              description:
                'The total that the buyer has seen. If the total differs, the call returns 409 `price_changed` with the ' +
                'current total. Without `expected_total`, the call returns 409 `price_changed` if a seller raised the price ' +
                'or the shipping of a line, or if a line left the cart because its hold ended, and the buyer has not seen ' +
                'that. To continue, show the new total and send it.',
            }),
          ),
          null,
        ),
      ),
      // A cart has at most 200 lines, so at most 200 shops.
      notes: Type.Optional(withExample(Type.Array(NoteInput, { maxItems: 200 }), [])),
      shipping_options: Type.Optional(withExample(Type.Array(ShippingOptionInput, { maxItems: 200 }), [])),
    },
    {
      $id: 'CheckoutInput',
      // chosen_address refuses these with the name of the field.
      not: {
        anyOf: [
          {
            required: ['shipping_address', 'shipping_address_id'],
            properties: { shipping_address: {}, shipping_address_id: {} },
          },
          // Not the schema `false`, which some generators of clients cannot read.
          {
            not: {
              anyOf: [
                { required: ['shipping_address'], properties: { shipping_address: {} } },
                { required: ['shipping_address_id'], properties: { shipping_address_id: {} } },
              ],
            },
          },
        ],
      },
    },
  ),
  { shipping_address: exampleOf(AddressInput) as Static<typeof AddressInput>, payment_method: 'pm_card_visa' },
)

/** What the buyer has to do before the provider charges, such as 3-D Secure. */
export const NextAction = Strict(
  {
    type: withExample(Type.String({ description: "The kind of action, in the provider's words." }), 'redirect_to_url'),
    url: Type.Optional(
      withExample(Type.String({ description: 'Send the buyer to this page.' }), 'https://bank.example/3d-secure/1'),
    ),
    client_secret: Type.Optional(
      withExample(
        Type.String({ description: "Without `url`: for the provider's own library in the buyer's browser." }),
        'pi_1_secret',
      ),
    ),
  },
  { $id: 'NextAction' },
)

export const CheckoutPayment = withExample(
  Strict(
    {
      id: Id,
      status: OneOf(['pending', 'requires_action', 'paid', 'declined', 'cancelled', 'failed', 'refunded']),
      next_action: Type.Optional(NextAction),
    },
    { $id: 'CheckoutPayment' },
  ),
  { id: 1, status: 'paid' },
)

export const Checkout = Strict(
  {
    checkout_id: CheckoutId,
    status: withExample(CheckoutStatus, 'paid'),
    ...Amounts,
    payment: CheckoutPayment,
    shipping_address: Address,
    orders: Type.Array(Order),
    refunds: withExample(Type.Array(CheckoutRefund), []),
    created_at: Timestamp,
  },
  { $id: 'Checkout' },
)
