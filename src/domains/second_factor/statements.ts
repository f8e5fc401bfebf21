import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Bytes, Nullable, Void } from '../../platform/db/types.ts'

export const beginSecondFactor = routine(
  'begin_second_factor',
  { user_id: Type.Integer(), verified_password: Type.String(), secret: Bytes, recovery_code_hashes: Type.Array(Type.String()) },
  { begin_second_factor: Void },
)
export const confirmSecondFactor = routine(
  'confirm_second_factor',
  { user_id: Type.Integer(), factor_step: Nullable(Type.Integer()) },
  { confirm_second_factor: Void },
)
export const removeSecondFactor = routine(
  'remove_second_factor',
  {
    user_id: Type.Integer(),
    verified_password: Type.String(),
    factor_step: Nullable(Type.Integer()),
    code_hash: Nullable(Bytes),
  },
  { remove_second_factor: Void },
)
