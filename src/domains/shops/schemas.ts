import { Type } from '@sinclair/typebox'
import { AverageRating, Id, Money, MoneyInput, Strict, Timestamp, Url, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'

const Days = Type.Integer({ minimum: 0, maximum: 365, examples: [3] })

const ProcessingDays = { processing_days_min: Days, processing_days_max: withExample(Days, 5) }
const BASE = '5.00'
const PER_EXTRA_ITEM = '1.50'
const BANNER = 'https://example.com/banner.jpg'
const LOGO = 'https://example.com/logo.jpg'

/** Shipping prices as input: `base` once for an order, `per_extra_item` for each further unit. */
export const ShippingProfileInput = Strict(
  { base: withExample(MoneyInput, BASE), per_extra_item: withExample(MoneyInput, PER_EXTRA_ITEM), ...ProcessingDays },
  { $id: 'ShippingProfileInput' },
)

export const ShippingProfile = Strict(
  { base: withExample(Money, BASE), per_extra_item: withExample(Money, PER_EXTRA_ITEM), ...ProcessingDays },
  { $id: 'ShippingProfile' },
)

export const ShopInput = Strict(
  {
    name: withExample(Text(1, 100), 'Kiln & Loom'),
    description: Type.Optional(withExample(Text(0, 5000), 'Bowls and blankets.')),
    banner_url: Type.Optional(Nullable(withExample(Url, BANNER))),
    logo_url: Type.Optional(Nullable(withExample(Url, LOGO))),
    shipping: ShippingProfileInput,
  },
  { $id: 'ShopInput' },
)

export const ShopChanges = Type.Partial(
  Type.Composite([
    ShopInput,
    Strict({
      is_on_vacation: Type.Boolean({
        description: 'While true, nothing of the shop can be ordered, and no list shows its products.',
      }),
      vacation_message: Nullable(
        withExample(Text(1, 500, 'The message for visitors during the vacation.'), 'Back on the first of May.'),
      ),
    }),
  ]),
  { $id: 'ShopChanges', additionalProperties: false, minProperties: 1 },
)

export const Shop = Strict(
  {
    id: Id,
    owner_id: Id,
    name: withExample(Type.String(), 'Kiln & Loom'),
    description: withExample(Type.String(), 'Bowls and blankets.'),
    banner_url: Nullable(withExample(Type.String(), BANNER)),
    logo_url: Nullable(withExample(Type.String(), LOGO)),
    rating: Nullable(AverageRating),
    review_count: withExample(Type.Integer(), 12),
    sales_count: withExample(Type.Integer(), 40),
    favorites_count: Type.Integer({ minimum: 0, description: 'The number of accounts that like the shop.', examples: [25] }),
    product_count: Type.Integer({
      minimum: 0,
      description: 'The number of products, including sold-out and excluding archived ones.',
      examples: [18],
    }),
    is_on_vacation: Type.Boolean(),
    vacation_message: Nullable(Type.String()),
    shipping: ShippingProfile,
    created_at: Timestamp,
  },
  { $id: 'Shop' },
)
