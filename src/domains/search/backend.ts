/** The interface of a search engine. */
import { PAGE_SIZE } from '../../http/pagination.ts'
import type { Reader } from '../../platform/db/statement.ts'

declare module '../../http/env.ts' {
  interface Services {
    search: SearchEngines
  }
}

export type SearchSort = 'relevance' | 'newest' | 'price_asc' | 'price_desc'

/**
 * A validated search. Prices are decimal strings. `after` is the `next` of the previous page. `user_id` makes the order personal.
 */
export type SearchRequest = {
  q: string | null
  category: string | null
  price_min: string | null
  price_max: string | null
  is_vintage: boolean | null
  /** Texts `name:value`. One variant in stock must have a value of each name. */
  options: string[] | null
  /** A country, `eu` or `world`. */
  ships_to: string | null
  sort: SearchSort
  after: unknown[] | null
  limit: number
  user_id: number | null
  /** Searches the words as typed, without correction. */
  exact: boolean
}

/** The first page of all listings. */
export const EVERYTHING: SearchRequest = {
  q: null,
  category: null,
  price_min: null,
  price_max: null,
  is_vintage: null,
  options: null,
  ships_to: null,
  sort: 'relevance',
  after: null,
  limit: PAGE_SIZE,
  user_id: null,
  exact: false,
}

/** One page. `items` and `facets` are the JSON text that PostgreSQL rendered. `next` is the cursor of the next page, or null. */
export type SearchPage = {
  items: string
  next: unknown[] | null
  total: number
  total_is_lower_bound: boolean
  facets: string
  /** Another spelling of the query that finds something. */
  did_you_mean: string | null
  /** The words that were searched instead of the typed ones, which found nothing. */
  showing_results_for: string | null
}

/** The best engine first. `plain` is fallback_search, for when PostgreSQL's full text fails too. */
export type EngineName = 'elasticsearch' | 'postgres' | 'plain'

export type SearchBackend = {
  name: EngineName
  /** `reads` is the database to read from. The default is the database that the engine was opened with. */
  search: (request: SearchRequest, reads?: Reader) => Promise<SearchPage>
}

/** The engine that searches. `degraded` means that it replaces a better engine that failed. */
export type ActiveEngine = { engine: EngineName; degraded: boolean }
export type FoundPage = SearchPage & ActiveEngine

/** The engines behind the API. The best engine that responds runs the search. */
export type SearchEngines = {
  /** The engine that would run a search now. */
  state: () => ActiveEngine
  search: (request: SearchRequest, reads?: Reader) => Promise<FoundPage>
  suggest: (q: string, limit: number, reads?: Reader) => Promise<string[]>
}
