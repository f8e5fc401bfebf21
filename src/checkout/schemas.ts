import { Type } from '@sinclair/typebox'
import { Id, Money, MoneyInput, Nullable, OneOf, Strict, Timestamp } from '../http/schemas.ts'
import { Text } from '../http/text.ts'
import { Order } from '../orders/schemas.ts'

export const ShippingAddress = Strict({
  name: Text(1, 200),
  line1: Text(1, 200),
  line2: Type.Optional(Nullable(Text(0, 200))),
  city: Text(1, 100),
  region: Type.Optional(Nullable(Text(0, 100))),
  postal_code: Text(1, 20),
  country: Text(2, 100, 'ISO 3166-1 alpha-2 code, such as "US", or the name.'),
})

export const NewCheckout = Strict({
  shipping_address: ShippingAddress,
  payment_method: Text(1, 255, "A token of the payment provider, such as the simulated one's pm_card_visa."),
  expected_total: Type.Optional(Nullable(MoneyInput)),
})

export const IdempotencyHeader = Type.Object({
  'Idempotency-Key': Type.String({
    minLength: 1,
    maxLength: 255,
    description: '1 to 255 printable ASCII characters, quoted or bare.',
  }),
})

export const CheckoutStatus = OneOf(['pending', 'paid', 'cancelled'])

export const Checkout = Strict(
  {
    checkout_id: Id,
    status: CheckoutStatus,
    subtotal: Money,
    shipping: Money,
    total: Money,
    payment: Strict({ id: Id, status: OneOf(['pending', 'paid', 'declined', 'failed', 'refunded']) }),
    shipping_address: Type.Unknown(),
    orders: Type.Array(Order),
    created_at: Timestamp,
  },
  { $id: 'Checkout' },
)
