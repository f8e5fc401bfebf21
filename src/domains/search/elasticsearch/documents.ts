/** The statements that return the documents of listings. */
import { Type } from '@sinclair/typebox'
import { query, routine } from '../../../platform/db/statement.ts'
import { Json } from '../../../platform/db/types.ts'

const ids = { product_ids: Type.Array(Type.Integer()) }
const documents = { id: Type.Integer(), document: Json }

/** Returns the documents of these listings as JSON text. An archived listing has no document. */
export const searchDocuments = routine('search_documents', ids, documents)

/** Returns the parts of these documents that change with every sale. */
export const searchFacts = routine('search_facts', ids, documents)

/** Returns the documents after an id, and the revision to write them with. */
export const readSearchPage = routine(
  'read_search_page',
  { after_id: Type.Integer(), page_size: Type.Integer() },
  { revision: Type.Integer(), ...documents },
)

/** Counts the listings that have a document. */
export const countListings = query('search_index/count_listings', {}, { listings: Type.Integer() })
