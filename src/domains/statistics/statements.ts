import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Day, Json, Nullable } from '../../platform/db/types.ts'

export const showShopStatistics = routine(
  'show_shop_statistics',
  { shop_id: Type.Integer(), user_id: Type.Integer(), from_day: Nullable(Day), to_day: Nullable(Day) },
  { body: Json },
)
