import { Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Nullable, Numeric, Void } from '../../platform/db/types.ts'

export const listProduct = routine(
  'list_product',
  { shop_id: Type.Integer(), user_id: Type.Integer(), product: Jsonb, quota_scale: Numeric, requires_verified: Type.Boolean() },
  { id: Type.Integer(), body: Json },
)
export const copyProduct = routine(
  'copy_product',
  { product_id: Type.Integer(), user_id: Type.Integer(), quota_scale: Numeric, requires_verified: Type.Boolean() },
  { id: Type.Integer(), body: Json },
)
/** The listing must have one of `versions`; null accepts any. */
const change = { product_id: Type.Integer(), user_id: Type.Integer(), versions: Nullable(Type.Array(Type.String())) }
const versioned = { body: Json, version: Type.String() }
export const updateProduct = routine('update_product', { ...change, changes: Jsonb }, versioned)
export const archiveProduct = routine('archive_product', change, { archive_product: Void })
export const restoreProduct = routine('restore_product', change, versioned)
export const setQuantity = routine('set_quantity', { ...change, quantity: Type.Integer() }, versioned)
export const showQuantity = query('products/show_quantity', { product_id: Type.Integer(), user_id: Type.Integer() }, versioned)
export const showPostage = routine(
  'show_postage',
  { product_id: Type.Integer(), country: Nullable(Type.String()), variant_id: Nullable(Type.Integer()) },
  { body: Json },
)
export const listOwnProducts = query(
  'products/list_own_products',
  {
    owner_id: Type.Integer(),
    shop_id: Nullable(Type.Integer()),
    state: Nullable(Type.String()),
    after: Jsonb,
    page_size: Type.Integer(),
  },
  { item: Json, cursor: Json },
)
export const showProduct = query(
  'products/show_product',
  { product_id: Type.Integer() },
  { body: Json, category: Nullable(Type.String()), version: Type.String() },
)
export const showDraft = query('products/show_draft', { product_id: Type.Integer(), user_id: Type.Integer() }, versioned)
export const showProducts = query('products/show_products', { product_ids: Type.Array(Type.Integer()) }, { item: Json })
export const recordViews = routine(
  'record_views',
  { product_ids: Type.Array(Type.Integer()), counts: Type.Array(Type.Integer()) },
  { record_views: Void },
)
