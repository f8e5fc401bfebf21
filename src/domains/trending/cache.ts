import type { CacheKind } from '../../platform/cache/cache.ts'
import { listTrending } from './statements.ts'

/** The ids that GET /v1/trending ranks, by category. Popularity is computed every 15 minutes, so the ids only expire. */
export const trendingIds: CacheKind<{ category: string | null }> = {
  type: 'trending',
  key: ({ category }) => `trending:${category ?? 'all'}`,
  ttl_s: 900,
  generation: 'pages',
  load: async ({ sql }, { category }) => {
    const rows = await listTrending.many(sql, { category, page_size: TRENDING_SIZE })
    return { text: JSON.stringify(rows.map((row) => row.product_id)) }
  },
}
/** The rank after which no listing counts as popular. */
const TRENDING_SIZE = 200
