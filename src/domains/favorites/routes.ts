import { Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { readerOf } from '../../http/read_routing.ts'
import { Id, OneOf, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { query, routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Nullable, Numeric, Void } from '../../platform/db/types.ts'
import { Product } from '../products/schemas.ts'
import { Shop } from '../shops/schemas.ts'

const favorite = { user_id: Type.Integer(), fav_type: Type.String(), fav_id: Type.Integer() }
const addFavorite = routine('add_favorite', { ...favorite, quota_scale: Numeric }, { add_favorite: Void })
const removeFavorite = routine('remove_favorite', favorite, { remove_favorite: Void })
const listFavorites = query(
  'favorites/list_favorites',
  { user_id: Type.Integer(), fav_type: Nullable(Type.String()), after: Jsonb, page_size: Type.Integer() },
  { item: Json, cursor: Json },
)

const tag = 'Favorites'
const FavoriteType = OneOf(['product', 'shop'])
const FavoriteParam = Strict({ fav_type: FavoriteType, fav_id: Id })
const Favorite = Strict(
  {
    fav_type: FavoriteType,
    fav_id: Id,
    created_at: Timestamp,
    product: Nullable(Product),
    shop: withExample(Nullable(Shop), null),
  },
  { $id: 'Favorite' },
)

export const favorites = new Hono<Env>()
  .get(
    '/',
    operation({
      id: 'listFavorites',
      summary: 'List your favorites, newest first',
      description: 'Each entry has the current `product` or `shop`; the other field is null. `fav_type` narrows the list.',
      tag,
      signed_in: true,
      query: Strict({ ...PageQuery, fav_type: Type.Optional(FavoriteType) }),
      answers: { 200: PageOf('FavoritePage', Favorite) },
    }),
    async (c) => {
      const { fav_type = null, ...page } = c.req.valid('query')
      const { after, page_size } = pageArguments(c, page)
      return sendPage(
        c,
        await listFavorites.many(await readerOf(c), { user_id: c.get('user_id'), fav_type, after, page_size }),
        page_size,
      )
    },
  )
  .put(
    '/:fav_type/:fav_id',
    operation({
      id: 'addFavorite',
      summary: 'Add a favorite',
      description: 'Adds a product or a shop. Adding it again changes nothing. Recommendations use favorites.',
      tag,
      signed_in: true,
      params: FavoriteParam,
      answers: { 204: null },
      problems: ['not_found', 'quota_exceeded'],
    }),
    async (c) => {
      const [user_id, quota_scale] = [c.get('user_id'), c.get('quota_scale')]
      await addFavorite.one(c.get('sql'), { user_id, quota_scale, ...c.req.valid('param') })
      return c.body(null, 204)
    },
  )
  .delete(
    '/:fav_type/:fav_id',
    operation({
      id: 'removeFavorite',
      summary: 'Remove a favorite',
      description: 'Returns 204 also if it was not a favorite.',
      tag,
      signed_in: true,
      params: FavoriteParam,
      answers: { 204: null },
    }),
    async (c) => {
      await removeFavorite.one(c.get('sql'), { user_id: c.get('user_id'), ...c.req.valid('param') })
      return c.body(null, 204)
    },
  )
