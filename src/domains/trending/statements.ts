import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Nullable } from '../../platform/db/types.ts'

export const listTrending = routine(
  'list_trending',
  { category: Nullable(Type.String()), page_size: Type.Integer() },
  { product_id: Type.Integer() },
)
