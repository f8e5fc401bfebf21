import { Type } from '@sinclair/typebox'
import { OneOf, Strict, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'

export const PayoutAccountInput = Strict(
  {
    country: Type.Optional(
      Type.String({
        pattern: '^[A-Z]{2}$',
        description: 'The country of the bank, ISO 3166-1 alpha-2. Final once the provider has opened the account.',
        examples: ['US'],
      }),
    ),
    holder_name: Type.Optional(
      withExample({ ...Text(1, 70), description: 'Whose bank account it is. Only where an operator pays by hand.' }, 'Ann Arbor'),
    ),
    iban: Type.Optional(
      Type.String({
        minLength: 15,
        maxLength: 42,
        description: 'The bank account, together with `holder_name`. No response shows it.',
        examples: ['DE89370400440532013000'],
      }),
    ),
  },
  { $id: 'PayoutAccountInput' },
)

export const PayoutAccountStatus = OneOf(['pending', 'active', 'restricted', 'rejected'], {
  description: 'Payouts go out while it is `active`. `restricted`: the provider asks for more. `rejected`: it never pays.',
})

export const PayoutAccount = Strict(
  {
    status: withExample(PayoutAccountStatus, 'pending'),
    onboarding_url: withExample(
      Nullable(
        Type.String({
          format: 'uri',
          description: 'Where the seller gives what the provider asks for. Null if it asks for nothing, or does not respond.',
        }),
      ),
      'https://connect.stripe.com/setup/e/acct_1/AbCdEf',
    ),
    requirements: withExample(Type.Array(Type.String({ description: 'What the provider asks for, in its own words.' })), [
      'external_account',
    ]),
  },
  { $id: 'PayoutAccount' },
)
