import { Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Nullable, Numeric } from '../../platform/db/types.ts'

export const openShop = routine(
  'open_shop',
  {
    owner_id: Type.Integer(),
    name: Type.String(),
    description: Nullable(Type.String()),
    banner: Nullable(Type.String()),
    logo: Nullable(Type.String()),
    shipping: Jsonb,
    quota_scale: Numeric,
    requires_verified: Type.Boolean(),
  },
  { id: Type.Integer(), body: Json },
)
export const updateShop = routine(
  'update_shop',
  { shop_id: Type.Integer(), user_id: Type.Integer(), changes: Jsonb, versions: Nullable(Type.Array(Type.String())) },
  { body: Json, version: Type.String() },
)
export const showShop = query('shops/show_shop', { shop_id: Type.Integer() }, { body: Json, version: Type.String() })
const listArguments = { shop_id: Type.Integer(), after: Jsonb, page_size: Type.Integer() }
export const listShopProducts = query('shops/list_shop_products', listArguments, { item: Json, cursor: Json })
export const listSectionProducts = query(
  'shops/list_section_products',
  { shop_id: Type.Integer(), section_id: Type.Integer(), after: Jsonb, page_size: Type.Integer() },
  { item: Json, cursor: Json },
)
export const listOwnShops = query(
  'shops/list_own_shops',
  { owner_id: Type.Integer(), after: Jsonb, page_size: Type.Integer() },
  { item: Json, cursor: Json },
)
export const listShopReviews = query('shops/list_shop_reviews', listArguments, { item: Json, cursor: Json })
