import { Type } from '@sinclair/typebox'
import { Id, Money, MoneyInput, Nullable, Strict, Timestamp, Url } from '../http/schemas.ts'
import { Text } from '../http/text.ts'

const Days = Type.Integer({ minimum: 0, maximum: 365 })

export const ShippingProfile = Strict({
  base: MoneyInput,
  per_extra_item: MoneyInput,
  processing_days_min: Days,
  processing_days_max: Days,
})

export const NewShop = Strict({
  name: Text(1, 100),
  description: Type.Optional(Text(0, 5000)),
  banner_url: Type.Optional(Nullable(Url)),
  logo_url: Type.Optional(Nullable(Url)),
  shipping: ShippingProfile,
})

export const ShopChanges = Type.Partial(
  Type.Composite([
    NewShop,
    Strict({
      is_on_vacation: Type.Boolean({ description: 'While true nothing of the shop is sold, and no list offers it.' }),
      vacation_message: Nullable(Text(1, 500, 'What the shop tells its visitors meanwhile.')),
    }),
  ]),
  { additionalProperties: false, minProperties: 1 },
)

export const Shop = Strict(
  {
    id: Id,
    owner_id: Id,
    name: Type.String(),
    description: Type.String(),
    banner_url: Nullable(Type.String()),
    logo_url: Nullable(Type.String()),
    rating: Nullable(Type.Number()),
    review_count: Type.Integer(),
    sales_count: Type.Integer(),
    favorites_count: Type.Integer({ minimum: 0, description: 'How many people like the shop.' }),
    product_count: Type.Integer({ minimum: 0, description: 'Listings on the shelf: active and sold out, not archived.' }),
    is_on_vacation: Type.Boolean(),
    vacation_message: Nullable(Type.String()),
    shipping: Strict({ base: Money, per_extra_item: Money, processing_days_min: Days, processing_days_max: Days }),
    created_at: Timestamp,
  },
  { $id: 'Shop' },
)
