import { Type } from '@sinclair/typebox'
import { Id, Money, MoneyInput, Strict, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'
import { Country } from '../addresses/schemas.ts'

const NAME = 'Small parcels'
const UPGRADE = 'Express'
const BASE = '5.00'
const PER_EXTRA_ITEM = '1.50'
const PRICE = '8.00'

const Destination = Type.String({
  pattern: '^([A-Z]{2}|eu|world)$',
  hint: 'must be a country of ISO 3166-1, as two capital letters such as "US", or "eu" or "world"',
  description: 'A country of ISO 3166-1, `eu` (the members of the European Union) or `world`.',
  examples: ['world'],
})
const Days = Type.Integer({
  minimum: 0,
  maximum: 365,
  description: 'Days from the shipment to the delivery. Null: unknown.',
  examples: [3],
})
const days_min = Nullable(Days)
const days_max = Nullable(withExample(Days, 7))

const ShippingRateInput = Strict(
  {
    to: Destination,
    base: withExample(MoneyInput, BASE),
    per_extra_item: withExample(MoneyInput, PER_EXTRA_ITEM),
    days_min: Type.Optional(days_min),
    days_max: Type.Optional(days_max),
  },
  { $id: 'ShippingRateInput' },
)
const ShippingUpgradeInput = Strict(
  {
    id: Type.Optional(
      withExample(
        Nullable(
          Type.Integer({ ...Id, description: 'The upgrade to change, if its name or destination changes. Null: a new one.' }),
        ),
        null,
      ),
    ),
    name: withExample(Text(1, 100), UPGRADE),
    to: Destination,
    price: withExample(MoneyInput, PRICE),
    per_extra_item: withExample(MoneyInput, '0.00'),
  },
  { $id: 'ShippingUpgradeInput' },
)

const changeable = {
  name: withExample(Text(1, 100), NAME),
  origin_country: Nullable(Country),
  rates: Type.Array(ShippingRateInput, { minItems: 1, maxItems: 300 }),
  upgrades: Type.Array(ShippingUpgradeInput, { maxItems: 100 }),
}

export const ShippingProfileInput = Strict(
  {
    ...changeable,
    origin_country: Type.Optional(changeable.origin_country),
    upgrades: Type.Optional(changeable.upgrades),
  },
  { $id: 'ShippingProfileInput' },
)

/** Changed fields of a shipping profile. A list replaces the whole list. */
export const ShippingProfileChanges = Type.Partial(Strict(changeable), {
  $id: 'ShippingProfileChanges',
  additionalProperties: false,
  minProperties: 1,
})

const ShippingRate = Strict(
  {
    to: Destination,
    base: withExample(Money, BASE),
    per_extra_item: withExample(Money, PER_EXTRA_ITEM),
    days_min,
    days_max,
  },
  { $id: 'ShippingRate' },
)
const ShippingUpgrade = Strict(
  {
    id: Id,
    name: withExample(Type.String(), UPGRADE),
    to: Destination,
    price: withExample(Money, PRICE),
    per_extra_item: withExample(Money, '0.00'),
  },
  { $id: 'ShippingUpgrade' },
)

export const ShippingProfile = Strict(
  {
    id: Id,
    shop_id: Id,
    name: withExample(Type.String(), NAME),
    origin_country: Nullable(Country),
    is_default: withExample(Type.Boolean({ description: 'Whether products without a profile of their own use it.' }), false),
    rates: Type.Array(ShippingRate, { description: 'The postage by destination. The most exact destination wins.' }),
    upgrades: Type.Array(ShippingUpgrade, { description: 'Better ways to send an order.' }),
  },
  { $id: 'ShippingProfile' },
)
