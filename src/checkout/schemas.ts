import { Type } from '@sinclair/typebox'
import { Id, Money, MoneyInput, Nullable, OneOf, Strict, Timestamp, withExample } from '../http/schemas.ts'
import { Text } from '../http/text.ts'
import { Order } from '../orders/schemas.ts'

export const ShippingAddress = Strict({
  name: withExample(Text(1, 200), 'Ann Lee'),
  line1: withExample(Text(1, 200), '1 Mill Lane'),
  line2: Type.Optional(Nullable(withExample(Text(0, 200), 'Back door'))),
  city: withExample(Text(1, 100), 'Portland'),
  region: Type.Optional(Nullable(withExample(Text(0, 100), 'OR'))),
  postal_code: withExample(Text(1, 20), '97201'),
  country: withExample(Text(2, 100, 'ISO 3166-1 alpha-2 code, such as "US", or the name.'), 'US'),
})

export const NewCheckout = Strict({
  shipping_address: ShippingAddress,
  payment_method: withExample(
    Text(1, 255, "A token of the payment provider, such as the simulated one's pm_card_visa."),
    'pm_card_visa',
  ),
  // No example: whoever tries one has another total.
  expected_total: Type.Optional(withExample(Nullable(MoneyInput), null)),
})

export const CheckoutStatus = OneOf(['pending', 'paid', 'cancelled'])

export const Checkout = Strict(
  {
    checkout_id: Id,
    status: withExample(CheckoutStatus, 'paid'),
    subtotal: Money,
    shipping: Money,
    total: Money,
    payment: Strict({
      id: Id,
      status: withExample(OneOf(['pending', 'paid', 'declined', 'failed', 'refunded']), 'paid'),
    }),
    shipping_address: withExample(Type.Unknown({ description: 'As it was sent.' }), {
      name: 'Ann Lee',
      line1: '1 Mill Lane',
      city: 'Portland',
      postal_code: '97201',
      country: 'US',
    }),
    orders: Type.Array(Order),
    created_at: Timestamp,
  },
  { $id: 'Checkout' },
)
