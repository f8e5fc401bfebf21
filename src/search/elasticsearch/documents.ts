import { Type } from '@sinclair/typebox'
import { routine } from '../../db/statement.ts'
import { Json } from '../../db/types.ts'

/** The documents of these listings as JSON text; an archived one has none. */
export const searchDocuments = routine(
  'search_documents',
  { product_ids: Type.Array(Type.Integer()) },
  { id: Type.Integer(), document: Json },
)
