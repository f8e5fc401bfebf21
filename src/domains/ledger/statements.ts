import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Day, Json, Jsonb, Nullable } from '../../platform/db/types.ts'

const owned = { shop_id: Type.Integer(), user_id: Type.Integer() }
const page = { after: Jsonb, page_size: Type.Integer() }

export const showBalance = routine('show_balance', owned, { body: Json })
export const listLedger = routine(
  'list_ledger',
  { ...owned, from_day: Nullable(Day), to_day: Nullable(Day), ...page },
  { item: Json, cursor: Json },
)
export const showStatement = routine('show_statement', { ...owned, month: Type.String() }, { body: Type.String() })
