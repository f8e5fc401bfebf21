import { createHash } from 'node:crypto'
import type { CacheKind } from '../../platform/cache/cache.ts'
import type { SearchEngines, SearchRequest } from './backend.ts'
import { packPage, searchKey } from './cached_page.ts'
import { suggestPlaces } from './statements.ts'

/** A page of search results without a user. Stale after a change of any listing or shop, the vocabulary, the synonyms, the index. */
export function searchPage(engines: SearchEngines): CacheKind<SearchRequest> {
  return {
    type: 'search',
    has_own_limits: true,
    key: searchKey,
    ttl_s: 120,
    generation: 'searches',
    load: async ({ sql, reads, is_lagging }, request) => {
      // With Elasticsearch, PostgreSQL only shows what was found: that page is worth its whole lifetime.
      const is_read_late = is_lagging && engines.state().engine !== 'elasticsearch'
      const page = await engines.search(request, is_read_late ? reads : sql)
      const ttl_s = is_read_late ? LAGGING_TTL_S : page.degraded ? DEGRADED_TTL_S : undefined
      return { text: packPage(page), ...(ttl_s && { ttl_s }) }
    },
  }
}
/** 0.4 s, 0.8 s of lag and 0.7 s for the read (replica.ts) stay below the promised 2 s. */
const LAGGING_TTL_S = 0.4
/** Long enough to spare the fallback engine under load, and short enough to end soon after the main engine is back. */
const DEGRADED_TTL_S = 2

/**
 * GET /v1/search/suggest. Many users type the same beginnings, and completing them costs PostgreSQL more than a search. They may
 * be this old, so they only expire.
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
      // An empty list may be temporary; do not cache it.
      return { text, ...(items.length === 0 && { ttl_s: 0 }) }
    },
  }
}
/** The most categories, and the most shops. There is no room for more beside the queries. */
const MAX_PLACES = 3
