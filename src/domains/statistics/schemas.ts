import { Type } from '@sinclair/typebox'
import { Day, DayInput, Id, Money, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Nullable } from '../../platform/db/types.ts'

/** Days, both inclusive, unlike the times created_from and created_to. */
export const StatisticsQuery = Strict({
  from: Type.Optional({ ...DayInput, description: 'The first day, in UTC. Default: 29 days before `to`.' }),
  to: Type.Optional({
    ...DayInput,
    description: 'The last day, in UTC, inclusive. Default: today. The range is at most 366 days. Future days have no entry.',
  }),
})

const Count = (example: number, description: string) => Type.Integer({ minimum: 0, description, examples: [example] })

const figures = {
  views: Count(340, "The number of reads of the shop's product pages."),
  favorites: Count(
    12,
    'Favorites of the shop and its products that were added on that day and still existed at the last computation.',
  ),
  carts: Count(
    9,
    'New cart lines with products of the shop, bought or not. A higher quantity is not a new line. ' +
      'An item that was removed and added again is a new line.',
  ),
  orders: Count(3, 'Orders paid on that day, including those cancelled or refunded later.'),
  units: Count(4, 'Units in these orders.'),
  revenue: {
    ...withExample(Money, '88.50'),
    description: 'The totals of these orders with shipping, in US dollars. Excludes refunds, see `refunded`.',
  },
  refunded: {
    ...withExample(Money, '29.50'),
    description:
      'The refunds of that day, whole or in part, without failed ones, in US dollars, whenever their orders were paid.',
  },
}

const StatisticsTotals = Strict(figures, { $id: 'StatisticsTotals', description: 'The sums over all days in `items`.' })
const StatisticsDay = Strict({ day: Day, ...figures }, { $id: 'StatisticsDay' })

export const ShopStatistics = Strict(
  {
    shop_id: Id,
    from: { ...Day, description: 'The first day, in UTC.' },
    to: { ...Day, description: 'The last day, in UTC, inclusive.' },
    computed_at: Nullable({
      ...Timestamp,
      description: 'The time of the last computation, which runs every 15 minutes. Null before the first one.',
    }),
    totals: StatisticsTotals,
    items: Type.Array(StatisticsDay, {
      description:
        'One entry for each UTC day, including days without events, oldest first. The last three days can still change.',
    }),
  },
  { $id: 'ShopStatistics' },
)
