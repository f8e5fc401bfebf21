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
