import { createHash } from 'node:crypto'
import type { CacheKind } from '../../platform/cache/cache.ts'
import type { SearchEngines, SearchRequest } from './backend.ts'
import { packPage, searchKey } from './cached_page.ts'
import { suggestPlaces } from './statements.ts'

/**
 * A page of search results without a user. A change of a listing, a shop, the vocabulary, the synonyms or the index makes it
 * stale.
 */
export function searchPageKind(engines: SearchEngines): CacheKind<SearchRequest> {
  return {
    type: 'search',
    has_own_limits: true,
    key: searchKey,
    ttl_s: 120,
    generation: 'searches',
    load: async ({ sql, reads, is_lagging }, request) => {
      // With Elasticsearch, PostgreSQL only renders the hits, so that page keeps its whole lifetime.
      const is_read_late = is_lagging && engines.state().engine !== 'elasticsearch'
      const page = await engines.search(request, is_read_late ? reads : sql)
      const ttl_s = is_read_late ? LAGGING_TTL_S : page.degraded ? DEGRADED_TTL_S : undefined
      return { text: packPage(page), ...(ttl_s && { ttl_s }) }
    },
  }
}
/** 0.4 s in the cache, 0.8 s of lag and 0.7 s for the read (replica.ts) stay below the promised 2 s. */
const LAGGING_TTL_S = 0.4
/**
 * Long enough to protect the fallback engine under load. Short enough that pages of the main engine return soon after it
 * recovers.
 */
const DEGRADED_TTL_S = 2

/**
 * GET /v1/search/suggest. Many users type the same beginnings, and a completion costs PostgreSQL more than a search. Suggestions
 * may be 15 s old, so they only expire.
 */
export function suggestions(engines: SearchEngines): CacheKind<{ q: string; limit: number }> {
  return {
    type: '',
    key: ({ q, limit }) => `suggestions:${limit}:${createHash('sha256').update(q).digest('hex')}`,
    ttl_s: 15,
    generation: 'pages',
    load: async ({ reads }, { q, limit }) => {
      const [items, places] = await Promise.all([
        engines.suggest(q, limit, reads),
        suggestPlaces.one(reads, { q, page_size: MAX_PLACES }),
      ])
      const text = `{"items":${JSON.stringify(items)},"categories":${places.categories},"shops":${places.shops}}`
      // An empty list can be temporary, so the cache does not keep it.
      return { text, ...(items.length === 0 && { ttl_s: 0 }) }
    },
  }
}
/** The limit for categories, and the limit for shops. The menu has no room for more beside the queries. */
const MAX_PLACES = 3
