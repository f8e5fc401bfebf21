import { Type } from '@sinclair/typebox'
import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PAGE_SIZE, PageOf, PageQuery, placeOf, sendRanked } from '../../http/pagination.ts'
import { loaderContext } from '../../http/read_routing.ts'
import { Strict, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Product } from '../products/schemas.ts'
import { showProducts } from '../products/statements.ts'
import { trendingIds } from './cache.ts'

export const trending = new Hono<Env>().get(
  '/',
  operation({
    id: 'listTrending',
    summary: 'List popular products',
    description:
      'Ranks products by views, favorites and sales of the last 14 days. The server updates the ranking every 15 minutes.',
    tag: 'Discovery',
    query: Strict({
      ...PageQuery,
      category: Type.Optional(withExample(Text(1, 200, 'A category slug. Includes its descendants.'), 'jewelry')),
    }),
    etag: 'revalidated',
    answers: { 200: PageOf('ProductPage', Product) },
  }),
  async (c) => {
    const { category = null, limit = PAGE_SIZE, cursor } = c.req.valid('query')
    const place = placeOf(c, cursor)
    const popular = await findTrending(c, category)
    const items = await showProducts.many(c.get('sql'), { product_ids: popular.slice(place, place + limit) })
    return sendRanked(c, items, popular.length > place + limit ? place + limit : null)
  },
)

/** The ranking is precomputed. Prices and stock are read at each request. */
async function findTrending(c: Context<Env>, category: string | null): Promise<number[]> {
  const ids = await c.get('cache').get(trendingIds, { category }, loaderContext(c))
  return JSON.parse(ids?.text ?? '[]')
}
