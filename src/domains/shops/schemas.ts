import { Type } from '@sinclair/typebox'
import { AverageRating, Day, DayInput, Id, Money, MoneyInput, Strict, Timestamp, Url, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'

const Days = Type.Integer({ minimum: 0, maximum: 365, examples: [3] })

const ProcessingDays = { processing_days_min: Days, processing_days_max: withExample(Days, 5) }
const BASE = '5.00'
const PER_EXTRA_ITEM = '1.50'
const BANNER = 'https://example.com/banner.jpg'
const LOGO = 'https://example.com/logo.jpg'

/** Shipping prices as input: `base` once for an order, `per_extra_item` for each further unit. */
export const ShopShippingInput = Strict(
  { base: withExample(MoneyInput, BASE), per_extra_item: withExample(MoneyInput, PER_EXTRA_ITEM), ...ProcessingDays },
  { $id: 'ShopShippingInput' },
)

export const ShopShipping = Strict(
  { base: withExample(Money, BASE), per_extra_item: withExample(Money, PER_EXTRA_ITEM), ...ProcessingDays },
  { $id: 'ShopShipping' },
)

export const ShopInput = Strict(
  {
    name: withExample(Text(1, 100), 'Kiln & Loom'),
    description: Type.Optional(withExample(Text(0, 5000), 'Bowls and blankets.')),
    banner_url: Type.Optional(Nullable(withExample(Url, BANNER))),
    logo_url: Type.Optional(Nullable(withExample(Url, LOGO))),
    shipping: ShopShippingInput,
  },
  { $id: 'ShopInput' },
)

const days_off = Type.Array(withExample(Type.Integer({ minimum: 1, maximum: 7 }), 7), {
  maxItems: 6,
  uniqueItems: true,
  description: 'The weekdays on which the shop does not work, 1 (Monday) to 7 (Sunday). `ship_by` of orders skips them.',
})
const FIRST_DAY = 'The first day of the vacation. On this day `is_on_vacation` becomes true.'
const LAST_DAY = 'The last day of the vacation. On the next day `is_on_vacation` becomes false.'

/** Whether buyers can return or exchange what they bought, and for how long. */
export const ReturnPolicy = Strict(
  {
    accepts_returns: withExample(Type.Boolean(), true),
    accepts_exchanges: withExample(Type.Boolean(), false),
    days: Nullable(
      Type.Integer({
        minimum: 1,
        maximum: 365,
        description: 'Days after the arrival. Null if the shop accepts neither.',
        examples: [14],
      }),
    ),
  },
  { $id: 'ReturnPolicy' },
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
      vacation_from: withExample(Nullable({ ...DayInput, description: FIRST_DAY }), null),
      vacation_until: withExample(Nullable({ ...DayInput, description: LAST_DAY }), null),
      days_off,
      return_policy: Nullable(ReturnPolicy),
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
    vacation_from: withExample(Nullable({ ...Day, description: FIRST_DAY }), null),
    vacation_until: withExample(Nullable({ ...Day, description: LAST_DAY }), null),
    days_off,
    return_policy: Nullable(ReturnPolicy),
    shipping: ShopShipping,
    created_at: Timestamp,
  },
  { $id: 'Shop' },
)
