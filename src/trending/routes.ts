import { Type } from '@sinclair/typebox'
import { type Context, Hono } from 'hono'
import { routine } from '../db/statement.ts'
import { Nullable } from '../db/types.ts'
import type { Env } from '../http/env.ts'
import { operation } from '../http/operation.ts'
import { PageOf, PageQuery, placeOf, sendRanked } from '../http/page.ts'
import { Strict } from '../http/schemas.ts'
import { Text } from '../http/text.ts'
import { remember } from '../kv/remember.ts'
import { Product } from '../products/schemas.ts'
import { showProducts } from '../products/statements.ts'

const listTrending = routine(
  'list_trending',
  { category: Nullable(Type.String()), page_size: Type.Integer() },
  { product_id: Type.Integer() },
)

/** Popularity moves slowly: 15 minutes, the brief's lifetime. */
const TRENDING_TTL_S = 900
/** Beyond that nothing is popular. */
const TRENDING_SIZE = 200

export const trending = new Hono<Env>().get(
  '/',
  operation({
    id: 'listTrending',
    summary: 'What is popular now',
    tag: 'Discovery',
    query: Strict({ ...PageQuery, category: Type.Optional(Text(1, 200, 'A category slug; its descendants are included.')) }),
    answers: { 200: PageOf(Product) },
  }),
  async (c) => {
    const { category = null, limit = 24, cursor } = c.req.valid('query')
    const place = placeOf(c, cursor)
    const popular = await findTrending(c, category)
    const items = await showProducts.many(c.var.sql, { product_ids: popular.slice(place, place + limit) })
    return sendRanked(c, items, popular.length > place + limit ? place + limit : null)
  },
)

/** The ranking is remembered; what the listings cost, and whether they can still be bought, is read each time. */
async function findTrending(c: Context<Env>, category: string | null): Promise<number[]> {
  const ids = await remember(c.var.kv, `trending:${category ?? 'all'}`, TRENDING_TTL_S, async () => {
    const rows = await listTrending.many(c.var.sql, { category, page_size: TRENDING_SIZE })
    return JSON.stringify(rows.map((row) => row.product_id))
  })
  return JSON.parse(ids)
}
