import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { session } from '../platform/cache/kinds.ts'
import { Problem } from '../platform/problem.ts'
import type { Env } from './env.ts'
import { sourcesOf } from './sources.ts'

/** Sets `user_id` and `token_hash` from `Authorization: Bearer <token>`; throws 401 for no, a wrong or an ended session. */
export async function authenticate(c: Context<Env>): Promise<void> {
  const token = /^Bearer +([\w-]{20,200})$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (!token) throw unauthorized()
  const token_hash = hashToken(token)
  const user_id = Number((await c.get('cache').get(session, { token_hash }, sourcesOf(c)))?.text ?? 0)
  if (!user_id) throw unauthorized()
  c.set('user_id', user_id)
  c.set('token_hash', token_hash)
}

/** What is kept of a token: its SHA-256. A token has 256 random bits, so a slow hash would add nothing. */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

function unauthorized(): Problem {
  return new Problem('unauthorized', 'Send "Authorization: Bearer <token>" with the token of POST /v1/sessions.')
}
