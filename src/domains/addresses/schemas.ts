import { Type } from '@sinclair/typebox'
import { Id, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'

/** The table `countries` has the codes. */
export const Country = Type.String({
  pattern: '^[A-Z]{2}$',
  hint: 'must be a country of ISO 3166-1, as two capital letters such as "US"',
  description: 'ISO 3166-1 alpha-2.',
  examples: ['US'],
})

/** The shipping address as input. */
export const AddressInput = Strict(
  {
    name: withExample(Text(1, 200), 'Ann Lee'),
    line1: withExample(Text(1, 200), '1 Mill Lane'),
    line2: Type.Optional(Nullable(withExample(Text(0, 200), 'Back door'))),
    city: withExample(Text(1, 100), 'Portland'),
    region: Type.Optional(Nullable(withExample(Text(0, 100), 'OR'))),
    postal_code: Type.Optional(Nullable(withExample(Text(1, 20, 'Can be missing if the country has no postal codes.'), '97201'))),
    country: Country,
  },
  { $id: 'AddressInput' },
)

const is_default = Type.Boolean({ description: 'Whether clients propose this address first.' })

/** An address for the address book. */
export const SavedAddressInput = Type.Composite([AddressInput, Strict({ is_default: Type.Optional(is_default) })], {
  $id: 'SavedAddressInput',
  additionalProperties: false,
})

/** Changed fields of an address. */
export const SavedAddressChanges = Type.Partial(SavedAddressInput, {
  $id: 'SavedAddressChanges',
  additionalProperties: false,
  minProperties: 1,
})

export const SavedAddress = Strict(
  {
    id: Id,
    name: withExample(Type.String(), 'Ann Lee'),
    line1: withExample(Type.String(), '1 Mill Lane'),
    line2: Nullable(withExample(Type.String(), 'Back door')),
    city: withExample(Type.String(), 'Portland'),
    region: Nullable(withExample(Type.String(), 'OR')),
    postal_code: Nullable(withExample(Type.String(), '97201')),
    country: Country,
    is_default: withExample(is_default, true),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'SavedAddress' },
)
