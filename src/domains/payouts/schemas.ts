import { Type } from '@sinclair/typebox'
import { Id, Money, OneOf, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'
import { currency } from '../ledger/schemas.ts'

export const Payout = Strict(
  {
    id: withExample(Id, 202611000000007),
    shop_id: Id,
    amount: withExample(Money, '120.00'),
    currency,
    status: withExample(
      OneOf(['planned', 'sent', 'paid', 'returned', 'failed', 'unknown'], {
        description:
          '`planned`: not sent yet. `sent`: the provider took it. `paid`: the bank has it. `returned`: the bank sent it back, and ' +
          '`failed`: it never left; in both cases the money is available again. `unknown`: the provider has not answered clearly.',
      }),
      'paid',
    ),
    created_at: Timestamp,
    paid_at: Nullable({ ...Timestamp, description: 'When the bank had it; null before.' }),
  },
  { $id: 'Payout' },
)

export const PayoutParam = Strict({ id: Id, payout_id: withExample(Id, 202611000000007) })

export const PayoutAccountInput = Strict(
  {
    country: Type.Optional(
      Type.String({
        pattern: '^[A-Z]{2}$',
        description: 'The country of the bank, ISO 3166-1 alpha-2. Final once the provider has opened the account.',
        examples: ['DE'],
      }),
    ),
    holder_name: Type.Optional(
      withExample(
        {
          ...Text(1, 70),
          description:
            "Whose bank account it is: letters and digits of any script, spaces and . , ' - & ( ) / + :. Only where an operator " +
            'pays by hand.',
        },
        'Ann Arbor',
      ),
    ),
    iban: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9 ]{15,42}$',
        hint: 'must be an IBAN: letters, digits and spaces',
        description: 'The bank account, together with `holder_name`. No response shows it.',
        examples: ['DE89370400440532013000'],
      }),
    ),
  },
  { $id: 'PayoutAccountInput' },
)

export const PayoutAccountStatus = OneOf(['pending', 'active', 'restricted', 'rejected'], {
  description:
    '`pending`: the seller has not given all that the account needs. `active`: it can be paid. `restricted`: the provider asks for ' +
    'more. `rejected`: the provider never pays it. An operator who pays by hand can also pay an account that is not `active`.',
})

export const PayoutAccount = Strict(
  {
    status: withExample(PayoutAccountStatus, 'active'),
    onboarding_url: withExample(
      Nullable(
        Type.String({
          format: 'uri',
          description: 'Where the seller gives what the provider asks for. Null if it asks for nothing, or does not respond.',
        }),
      ),
      null,
    ),
    requirements: withExample(
      Type.Array(Type.String(), { description: 'What is missing: a provider names it in its own words.' }),
      [],
    ),
  },
  { $id: 'PayoutAccount' },
)
