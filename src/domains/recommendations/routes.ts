import { Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PAGE_SIZE, PageOf, PageQuery, placeOf, sendRanked } from '../../http/pagination.ts'
import { readerOf } from '../../http/read_routing.ts'
import { Strict, withExample } from '../../http/schemas.ts'
import { routine } from '../../platform/db/statement.ts'
import { Json } from '../../platform/db/types.ts'
import { Product } from '../products/schemas.ts'

const recommendProducts = routine(
  'recommend_products',
  { user_id: Type.Integer(), page_size: Type.Integer(), place: Type.Integer() },
  { item: Json, product_id: Type.Integer() },
)

const Recommendation = Type.Composite(
  [
    Product,
    Type.Object({
      reason: withExample(
        Type.String({ description: 'The reason for the recommendation, as text.' }),
        'Liked together with A green bowl',
      ),
    }),
  ],
  {
    $id: 'Recommendation',
    additionalProperties: false,
  },
)

export const recommendations = new Hono<Env>().get(
  '/',
  operation({
    id: 'listRecommendations',
    summary: 'List recommendations, best first',
    description:
      'Based on the favorites of your account. Each item has a `reason` to show. An account without favorites gets ' +
      'popular products.',
    tag: 'Discovery',
    signed_in: true,
    query: Strict(PageQuery),
    answers: { 200: PageOf('RecommendationPage', Recommendation) },
  }),
  async (c) => {
    const { limit = PAGE_SIZE, cursor } = c.req.valid('query')
    const place = placeOf(c, cursor)
    const rows = await recommendProducts.many(await readerOf(c), { user_id: c.get('user_id'), page_size: limit + 1, place })
    return sendRanked(c, rows.slice(0, limit), rows.length > limit ? place + limit : null)
  },
)
