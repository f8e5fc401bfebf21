import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Bytes, Json, Nullable, Void } from '../../platform/db/types.ts'

export const registerUser = routine(
  'register_user',
  { email: Type.String(), password: Type.String(), display_name: Type.String(), locale: Nullable(Type.String()) },
  { id: Type.Integer(), body: Json },
)
export const updateUser = routine(
  'update_user',
  {
    user_id: Type.Integer(),
    display_name: Nullable(Type.String()),
    locale: Nullable(Type.String()),
    receives_notices: Nullable(Type.Boolean()),
  },
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
export const requestPasswordReset = routine('request_password_reset', { email: Type.String() }, { request_password_reset: Void })
export const resetPassword = routine(
  'reset_password',
  { token_hash: Bytes, new_password: Type.String() },
  { user_id: Type.Integer() },
)
export const findTokenOwner = routine(
  'find_token_owner',
  { token_hash: Bytes, purpose: Type.String() },
  { user_id: Type.Integer(), email: Type.String(), display_name: Type.String() },
)
export const requestEmailVerification = routine(
  'request_email_verification',
  { user_id: Type.Integer() },
  { request_email_verification: Void },
)
export const requestEmailChange = routine(
  'request_email_change',
  { user_id: Type.Integer(), verified_password: Nullable(Type.String()), new_email: Type.String() },
  { body: Json },
)
export const confirmEmail = routine('confirm_email', { token_hash: Bytes }, { user_id: Type.Integer() })
export const unsubscribe = routine('unsubscribe', { token_hash: Bytes }, { locale: Type.String() })
