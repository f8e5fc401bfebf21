import type { Context } from 'hono'
import { cacheKeyOfLastWrite, lastWrite } from '../platform/cache/kinds.ts'
import { noteStale } from '../platform/changes/stale_keys.ts'
import type { Reader } from '../platform/db/statement.ts'
import type { Place } from '../platform/replica/statements.ts'
import type { Env } from './env.ts'
import { sourcesOf } from './sources.ts'

/** What no replica shows. */
const NOWHERE: Place = { timeline: 0, position: 0 }

/** Whether a call of this method can change nothing. */
export const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * Where somebody who is signed in reads what may lag behind others: the replica, if it has all that they wrote themselves. For money, stock and
 * what is kept for everybody, read `c.get('sql')`, the primary.
 */
export async function readsOf(c: Context<Env>): Promise<Reader> {
  const replica = c.get('replica')
  if (!replica) return c.get('sql')
  const kept = await c.get('cache').get(lastWrite, { user_id: c.get('user_id') }, sourcesOf(c))
  return replica.after(JSON.parse(kept?.text ?? 'null') ?? NOWHERE)
}

/**
 * Whatever this person reads from the answer of this call on shows what the primary shows now. Also where this process has no replica: another
 * one may.
 */
export function noteLastWrite(c: Context<Env>): void {
  noteStale(cacheKeyOfLastWrite(c.get('user_id')))
}
