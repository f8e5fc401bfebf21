/** What any search engine behind the API must answer; PostgreSQL and Elasticsearch share it. */
import { PAGE_SIZE } from '../../http/page.ts'
import type { Reader } from '../../platform/db/statement.ts'

declare module '../../http/env.ts' {
  interface Services {
    search: SearchEngines
  }
}

export type SearchSort = 'relevance' | 'newest' | 'price_asc' | 'price_desc'

/** A validated search. Prices are decimal strings; `after` is the `next` of the page before; `user_id` makes the order personal. */
export type SearchRequest = {
  q: string | null
  category: string | null
  price_min: string | null
  price_max: string | null
  is_vintage: boolean | null
  sort: SearchSort
  after: unknown[] | null
  limit: number
  user_id: number | null
  /** Search the words as they were typed: correct nothing. */
  exact: boolean
}

/** What somebody asks who asks for nothing: the first page of everything. */
export const EVERYTHING: SearchRequest = {
  q: null,
  category: null,
  price_min: null,
  price_max: null,
  is_vintage: null,
  sort: 'relevance',
  after: null,
  limit: PAGE_SIZE,
  user_id: null,
  exact: false,
}

/** One page. `items` and `facets` are JSON text as PostgreSQL rendered it; `next` is the place to go on from, or null. */
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

/** The best first: `plain` is what is left when PostgreSQL has no full text either. */
export type EngineName = 'elasticsearch' | 'postgres' | 'plain'

export type SearchBackend = {
  name: EngineName
  /** `reads`: what PostgreSQL has to say comes from there; unless given, from where the engine was opened on. */
  search: (request: SearchRequest, reads?: Reader) => Promise<SearchPage>
}

/** Who answers; `degraded`: another engine should have. */
export type Standing = { engine: EngineName; degraded: boolean }
export type FoundPage = SearchPage & Standing

/** What the API asks: the best engine that answers. */
export type SearchEngines = {
  /** Who would answer now. */
  state: () => Standing
  search: (request: SearchRequest, reads?: Reader) => Promise<FoundPage>
  suggest: (q: string, limit: number, reads?: Reader) => Promise<string[]>
}
