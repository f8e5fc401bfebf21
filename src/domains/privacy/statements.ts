import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Json, Nullable, Void } from '../../platform/db/types.ts'

export const requestErasure = routine(
  'request_erasure',
  { user_id: Type.Integer(), verified_password: Nullable(Type.String()) },
  { request_erasure: Void },
)
export const eraseUserData = routine('erase_user', { user_id: Type.Integer() }, { erase_user: Void })
export const exportUser = routine('export_user', { user_id: Type.Integer() }, { body: Json })
