import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Bytes, Json, Nullable, Numeric, Void } from '../../platform/db/types.ts'
import type { Locale } from './words.ts'

export const takeMail = routine(
  'take_mail',
  { mail_id: Type.Integer(), token_hash: Bytes, limit_scale: Numeric },
  {
    kind: Type.String(),
    email: Type.String(),
    locale: Type.Unsafe<Locale>(Type.String()),
    token_purpose: Nullable(Type.String()),
    facts: Json,
  },
)
export const finishMail = routine(
  'finish_mail',
  { mail_id: Type.Integer(), outcome: Type.String(), failure: Nullable(Type.String()) },
  { finish_mail: Void },
)
