import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Json, Nullable, Timestamptz, Void } from '../../platform/db/types.ts'

const line = { user_id: Type.Integer(), product_id: Type.Integer() }
export const reserveItem = routine(
  'reserve_item',
  { ...line, quantity: Type.Integer() },
  { success: Type.Boolean(), reserved_until: Nullable(Timestamptz), is_new_hold: Type.Boolean() },
)
export const changeCartItem = routine(
  'change_cart_item',
  { ...line, quantity: Type.Integer() },
  { body: Json, is_new_hold: Type.Boolean() },
)
export const removeCartItem = routine('remove_cart_item', line, { remove_cart_item: Void })
/** `kept_lines` as they were kept, or null to read them. */
export const showCart = routine(
  'show_cart',
  { user_id: Type.Integer(), kept_lines: Nullable(Type.String()) },
  { lines: Type.String(), body: Json },
)
