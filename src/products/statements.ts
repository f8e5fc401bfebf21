import { Type } from '@sinclair/typebox'
import { query, routine } from '../db/statement.ts'
import { Json, Jsonb, Void } from '../db/types.ts'

export const listProduct = routine(
  'list_product',
  { shop_id: Type.Integer(), user_id: Type.Integer(), product: Jsonb },
  { id: Type.Integer(), body: Json },
)
export const updateProduct = routine(
  'update_product',
  { product_id: Type.Integer(), user_id: Type.Integer(), changes: Jsonb },
  { body: Json },
)
export const archiveProduct = routine(
  'archive_product',
  { product_id: Type.Integer(), user_id: Type.Integer() },
  { archive_product: Void },
)
export const showProduct = query('products/show_product', { product_id: Type.Integer() }, { body: Json })
export const showProducts = query('products/show_products', { product_ids: Type.Array(Type.Integer()) }, { item: Json })
export const recordViews = routine(
  'record_views',
  { product_ids: Type.Array(Type.Integer()), counts: Type.Array(Type.Integer()) },
  { record_views: Void },
)
