import { Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Bytes, Json, Nullable, Numeric, Void } from '../../platform/db/types.ts'

/** How long a session lasts at most. It ends earlier after 30 days without use (session_idle_ttl). */
export const SESSION_TTL_S = 90 * 24 * 3600

export const startSession = routine(
  'start_session',
  {
    user_id: Type.Integer(),
    verified_password: Type.String(),
    token_hash: Bytes,
    ttl_s: Type.Integer(),
    address_hash: Bytes,
    quota_scale: Numeric,
    factor_step: Nullable(Type.Integer()),
    code_hash: Nullable(Bytes),
    device: Nullable(Type.String()),
  },
  { expires_at: Type.String(), user_body: Json },
)
export const endSession = routine('end_session', { token_hash: Bytes }, { end_session: Void })
export const endOwnSession = routine(
  'end_own_session',
  { user_id: Type.Integer(), session_id: Type.Integer() },
  { end_own_session: Void },
)
export const endSessions = routine('end_sessions', { user_id: Type.Integer() }, { token_hash: Bytes })
export const listSessions = query('sessions/list_sessions', { user_id: Type.Integer(), token_hash: Bytes }, { items: Json })
