import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Json } from '../../platform/db/types.ts'

/** Returns categories and shops whose names begin like the typed text. */
export const suggestPlaces = routine(
  'suggest_places',
  { q: Type.String(), page_size: Type.Integer() },
  { categories: Json, shops: Json },
)
