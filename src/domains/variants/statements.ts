import { Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Nullable, Void } from '../../platform/db/types.ts'

const user_id = Type.Integer()
/** The variant must have one of `versions`; null accepts any. */
const change = { variant_id: Type.Integer(), user_id, versions: Nullable(Type.Array(Type.String())) }
const versioned = { body: Json, version: Type.String() }

export const addVariant = routine(
  'add_variant',
  { product_id: Type.Integer(), user_id, variant: Jsonb },
  { id: Type.Integer(), ...versioned },
)
export const updateVariant = routine('update_variant', { ...change, changes: Jsonb }, versioned)
export const archiveVariant = routine('archive_variant', change, { archive_variant: Void })
export const setVariantQuantity = routine('set_variant_quantity', { ...change, quantity: Type.Integer() }, versioned)
export const showVariant = query('variants/show_variant', { variant_id: Type.Integer(), user_id }, versioned)
export const showVariantQuantity = query('variants/show_variant_quantity', { variant_id: Type.Integer(), user_id }, versioned)
export const listVariants = query(
  'variants/list_variants',
  { product_id: Type.Integer(), user_id, after: Jsonb, page_size: Type.Integer() },
  { item: Json, cursor: Json },
)
