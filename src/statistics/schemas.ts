import { Type } from '@sinclair/typebox'
import { Day, DayInput, Id, Money, Nullable, Strict, Timestamp, withExample } from '../http/schemas.ts'

/** Days, not moments: unlike created_from and created_to, both ends are included, as people say it. */
export const StatisticsQuery = Strict({
  from: Type.Optional({ ...DayInput, description: 'The first day, in UTC; unless given, 29 days before `to`.' }),
  to: Type.Optional({
    ...DayInput,
    description: 'The last day, in UTC, included; unless given, today. At most 366 days in all. Days to come have no entry.',
  }),
})

const Count = (example: number, description: string) => Type.Integer({ minimum: 0, description, examples: [example] })

const figures = {
  views: Count(340, 'How often product pages of the shop were read, by anybody.'),
  favorites: Count(
    12,
    'Favorites of its products and of the shop itself that began that day and still stood when the day was last worked out.',
  ),
  carts: Count(
    9,
    'Lines of its products that were added to carts, bought or not. More of what a cart holds already is no new line; an item that was removed and added again is.',
  ),
  orders: Count(3, 'Orders that were paid that day, those included that were cancelled or refunded later.'),
  units: Count(4, 'Units in these orders.'),
  revenue: {
    ...withExample(Money, '88.50'),
    description: 'Totals of these orders, with shipping, in US dollars. Refunds are not subtracted: see `refunded`.',
  },
  refunded: {
    ...withExample(Money, '29.50'),
    description:
      'Totals of paid orders that were cancelled or refunded that day, in US dollars, whichever day they had been paid: old days stay as they were.',
  },
}

const StatisticsTotals = Strict(figures, { $id: 'StatisticsTotals', description: 'The sums of all days in `items`.' })
const StatisticsDay = Strict({ day: Day, ...figures }, { $id: 'StatisticsDay' })

export const ShopStatistics = Strict(
  {
    shop_id: Id,
    from: { ...Day, description: 'The first day, in UTC.' },
    to: { ...Day, description: 'The last day, in UTC, included.' },
    computed_at: Nullable({
      ...Timestamp,
      description: 'When the figures of these days were last worked out, which happens every 15 minutes; null: not yet.',
    }),
    totals: StatisticsTotals,
    items: Type.Array(StatisticsDay, {
      description: 'An entry a day in UTC, oldest first, days of nothing included. The last three days may still change.',
    }),
  },
  { $id: 'ShopStatistics' },
)
