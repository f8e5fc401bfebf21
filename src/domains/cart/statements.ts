import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Json, Nullable, Timestamptz, Void } from '../../platform/db/types.ts'

const item = { user_id: Type.Integer(), product_id: Type.Integer() }
const line = { user_id: Type.Integer(), line_id: Type.Integer() }

export const reserveItem = routine(
  'reserve_item',
  { ...item, quantity: Type.Integer(), variant_id: Nullable(Type.Integer()), personalization: Nullable(Type.String()) },
  { success: Type.Boolean(), reserved_until: Nullable(Timestamptz), is_new_hold: Type.Boolean(), line_id: Type.Integer() },
)
export const changeCartItem = routine(
  'change_cart_item',
  { ...item, quantity: Type.Integer() },
  { body: Json, is_new_hold: Type.Boolean() },
)
export const changeCartLine = routine(
  'change_cart_line',
  { ...line, quantity: Type.Integer() },
  { body: Json, is_new_hold: Type.Boolean() },
)
export const removeCartItem = routine('remove_cart_item', item, { remove_cart_item: Void })
export const removeCartLine = routine('remove_cart_line', line, { remove_cart_line: Void })
/** `cached_lines`: the lines that an earlier call returned, or null to read them. */
export const showCart = routine(
  'show_cart',
  { user_id: Type.Integer(), cached_lines: Nullable(Type.String()), country: Nullable(Type.String()) },
  { lines: Type.String(), body: Json },
)
