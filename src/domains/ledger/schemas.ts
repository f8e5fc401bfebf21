import { Type } from '@sinclair/typebox'
import { PageQuery } from '../../http/pagination.ts'
import { DayInput, Id, Money, OneOf, OrderId, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Nullable } from '../../platform/db/types.ts'

/** US dollars in a response, below 0 for a debt or a loss. */
const SignedMoney = Type.String({
  pattern: '^-?\\d+\\.\\d{2}$',
  description: 'US dollars as a decimal string with 2 decimals. It can be negative.',
  examples: ['24.50'],
})

export const currency = withExample(OneOf(['USD']), 'USD')

export const Balance = Strict(
  {
    pending: withExample(
      { ...SignedMoney, description: 'From sales whose earnings are not released yet, in US dollars.' },
      '29.50',
    ),
    available: withExample(
      {
        ...SignedMoney,
        description: 'Ready for the next payout, in US dollars. A negative amount is a debt, which the next sales pay.',
      },
      '120.00',
    ),
    in_transit: withExample({ ...Money, description: 'In a payout on its way to the bank, in US dollars.' }, '0.00'),
    currency,
  },
  { $id: 'Balance' },
)

export const LedgerQuery = Strict({
  ...PageQuery,
  from: Type.Optional({ ...DayInput, description: 'The first day, in UTC.' }),
  to: Type.Optional({ ...DayInput, description: 'The last day, in UTC, inclusive.' }),
})

export const LedgerEntry = Strict(
  {
    id: withExample(Id, 2611000000012001),
    kind: withExample(
      OneOf(
        [
          'sale',
          'refund',
          'refund_failed',
          'dispute_opened',
          'dispute_won',
          'dispute_lost',
          'release',
          'payout',
          'payout_paid',
          'payout_failed',
          'payout_returned',
          'provider_fee',
          'adjustment',
        ],
        { description: 'What moved the money.' },
      ),
      'sale',
    ),
    order_id: Nullable({ ...OrderId, description: 'The order that the money is of; null for payouts and adjustments.' }),
    amount: withExample({ ...SignedMoney, description: 'US dollars. A gain of the balance is positive.' }, '21.10'),
    balance_kind: withExample(
      OneOf(['pending', 'available', 'in_transit'], { description: 'The balance that the entry changed.' }),
      'pending',
    ),
    created_at: Timestamp,
  },
  { $id: 'LedgerEntry' },
)

/** Each line ends with CR LF. */
export const Statement = Type.String({
  pattern: '^id,created_at,kind,order_id,payout_id,balance,amount,sum_pending,sum_available,sum_in_transit\\r\\n',
  examples: [
    'id,created_at,kind,order_id,payout_id,balance,amount,sum_pending,sum_available,sum_in_transit\r\n' +
      '2611000000012001,2026-11-23T09:45:00.000Z,sale,202611000100004,,pending,21.10,21.10,0.00,0.00\r\n' +
      '2611000000019001,2026-11-28T05:20:00.000Z,payout,,202611000000007,available,-120.00,21.10,-120.00,0.00\r\n',
  ],
})

export const StatementQuery = Strict({
  month: Type.String({
    pattern: '^[1-9]\\d{3}-(0[1-9]|1[0-2])$',
    hint: 'must be a month, such as "2026-11"',
    description: 'The month, in UTC.',
    examples: ['2026-11'],
  }),
})
