import { Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Numeric, Void } from '../../platform/db/types.ts'

const address = { address_id: Type.Integer(), user_id: Type.Integer() }

export const addAddress = routine(
  'add_address',
  { user_id: Type.Integer(), address: Jsonb, quota_scale: Numeric },
  { body: Json },
)
export const changeAddress = routine('change_address', { ...address, changes: Jsonb }, { body: Json })
export const removeAddress = routine('remove_address', address, { remove_address: Void })
export const listAddresses = query(
  'addresses/list_addresses',
  { user_id: Type.Integer(), after: Jsonb, page_size: Type.Integer() },
  { item: Json, cursor: Json },
)
