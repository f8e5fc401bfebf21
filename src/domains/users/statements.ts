import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Bytes, Json, Nullable } from '../../platform/db/types.ts'

export const registerUser = routine(
  'register_user',
  { email: Type.String(), password: Type.String(), display_name: Type.String() },
  { id: Type.Integer(), body: Json },
)
export const updateUser = routine(
  'update_user',
  { user_id: Type.Integer(), display_name: Nullable(Type.String()) },
  { body: Json },
)
export const changePassword = routine(
  'change_password',
  { user_id: Type.Integer(), verified_password: Type.String(), new_password: Type.String(), token_hash: Bytes },
  { ended_token_hash: Bytes },
)
export const showUser = routine('show_user', { user_id: Type.Integer() }, { body: Json })
export const showOwnCredentials = routine(
  'show_own_credentials',
  { user_id: Type.Integer() },
  {
    email: Type.String(),
    password: Type.String(),
    account: Type.String(),
    display_name: Type.String(),
    factor_secret: Nullable(Bytes),
  },
)
export const findCredentials = routine(
  'find_credentials',
  { email: Type.String(), address_hash: Bytes },
  {
    id: Nullable(Type.Integer()),
    password: Nullable(Type.String()),
    account: Type.String(),
    is_known_address: Type.Boolean(),
    factor_secret: Nullable(Bytes),
  },
)
