import { Type } from '@sinclair/typebox'
import { routine } from '../db/statement.ts'
import { Json } from '../db/types.ts'

/** Categories and shops that begin like what is typed. */
export const suggestPlaces = routine(
  'suggest_places',
  { q: Type.String(), page_size: Type.Integer() },
  { categories: Json, shops: Json },
)
