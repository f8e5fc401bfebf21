import { Type } from '@sinclair/typebox'
import type { Sql } from '../../platform/db/client.ts'
import { type Reader, routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Nullable, Numeric } from '../../platform/db/types.ts'
import type { SearchBackend } from './backend.ts'

const parameters = {
  q: Nullable(Type.String()),
  category: Nullable(Type.String()),
  price_min: Nullable(Numeric),
  price_max: Nullable(Numeric),
  is_vintage: Nullable(Type.Boolean()),
  sort: Type.String(),
  after: Jsonb,
  page_size: Type.Integer(),
  options: Nullable(Type.Array(Type.String())),
  ships_to: Nullable(Type.String()),
}
const shown = {
  items: Json,
  next: Jsonb,
  total: Type.Integer(),
  total_is_lower_bound: Type.Boolean(),
  facets: Json,
  did_you_mean: Nullable(Type.String()),
  showing_results_for: Nullable(Type.String()),
}
const searchProducts = routine(
  'search_products',
  { ...parameters, user_id: Nullable(Type.Integer()), exact: Type.Boolean() },
  shown,
)
const fallbackSearch = routine('fallback_search', parameters, shown)
const suggestSearches = routine(
  'suggest_searches',
  { q: Type.String(), page_size: Type.Integer() },
  { suggestion: Type.String() },
)

/** Search by PostgreSQL's full text. Each page is one read-only statement, so a replica can run it. */
export function openPostgresBackend(sql: Sql): SearchBackend {
  return {
    name: 'postgres',
    search: async ({ limit, ...request }, reads = sql) => {
      const page = await searchProducts.one(reads, { ...request, page_size: limit })
      return { ...page, next: page.next as unknown[] | null }
    },
  }
}

/** Returns completions from the vocabulary and the titles in stock. */
export async function suggest(sql: Reader, q: string, limit: number): Promise<string[]> {
  const rows = await suggestSearches.many(sql, { q, page_size: limit })
  return rows.map((row) => row.suggestion)
}

/**
 * The fallback for when full text fails too. It needs the tables and their plain indexes, and reads a bounded number of rows. It
 * does not correct or rank.
 */
export function openPlainBackend(sql: Sql): SearchBackend {
  return {
    name: 'plain',
    search: async ({ limit, user_id: _user_id, exact: _exact, ...request }, reads = sql) => {
      const page = await fallbackSearch.one(reads, { ...request, page_size: limit })
      return { ...page, next: page.next as unknown[] | null }
    },
  }
}
