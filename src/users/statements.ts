import { Type } from '@sinclair/typebox'
import { query, routine } from '../db/statement.ts'
import { Json, Nullable } from '../db/types.ts'

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
export const showUser = query('users/show_user', { user_id: Type.Integer() }, { body: Json })
export const findCredentials = query(
  'users/find_credentials',
  { email: Type.String() },
  { id: Type.Integer(), password: Type.String() },
)
