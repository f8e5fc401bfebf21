import { Type } from '@sinclair/typebox'
import type { Context } from 'hono'
import type { CacheKind } from '../../platform/cache/cache.ts'
import { query } from '../../platform/db/statement.ts'
import { Bytes } from '../../platform/db/types.ts'
import { Problem } from '../../platform/problem.ts'
import { hashToken } from '../../platform/token.ts'
import type { Env } from '../env.ts'
import { loaderContext } from '../read_routing.ts'

const findSession = query(
  'sessions/find_session',
  { token_hash: Bytes },
  { user_id: Type.Integer(), expires_in_s: Type.Number() },
)

/**
 * The user of a token. Stale after the end of the session. It lives for five minutes at most, so that the query, which notes the
 * use of a session once a day, runs while the session is used.
 */
const session: CacheKind<{ token_hash: Uint8Array }> = {
  type: '',
  key: ({ token_hash }) => `session:${Buffer.from(token_hash).toString('hex')}`,
  ttl_s: 300,
  generation: 'pages',
  load: async ({ sql }, { token_hash }) => {
    const found = await findSession.maybe(sql, { token_hash })
    return found && { text: String(found.user_id), ttl_s: Math.min(found.expires_in_s, 300) }
  },
}

/**
 * Sets `user_id` and `token_hash` from `Authorization: Bearer <token>`. Throws 401 without a token, and for an invalid or ended
 * one.
 */
export async function authenticate(c: Context<Env>): Promise<void> {
  const token = /^Bearer +([\w-]{20,200})$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (!token) throw unauthorized()
  const token_hash = hashToken(token)
  const user_id = Number((await c.get('cache').get(session, { token_hash }, loaderContext(c)))?.text ?? 0)
  if (!user_id) throw unauthorized()
  c.set('user_id', user_id)
  c.set('token_hash', token_hash)
}

function unauthorized(): Problem {
  return new Problem('unauthorized', 'Send "Authorization: Bearer <token>" with the token of POST /v1/sessions.')
}
