import type { Context } from 'hono'
import { cacheKeyOfLastWrite, lastWrite } from '../platform/cache/kinds.ts'
import { noteStale } from '../platform/changes/stale_keys.ts'
import type { Reader } from '../platform/db/statement.ts'
import type { Place } from '../platform/replica/statements.ts'
import type { Env } from './env.ts'
import { sourcesOf } from './sources.ts'

/** A position that no replica reaches. */
const UNREACHABLE: WalPosition = { timeline: 0, position: 0 }

/** Whether a call with this method cannot change anything. */
export const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * Where a signed-in user reads: the replica, once it shows everything that the same user wrote. Other users' changes may be
 * missing for a moment. For money, stock and cached pages read the primary, `c.get('sql')`.
 */
export async function readsOf(c: Context<Env>): Promise<ReplicaReader> {
  const replica = c.get('replica')
  if (!replica) return c.get('sql')
  const kept = await c.get('cache').get(lastWrite, { user_id: c.get('user_id') }, sourcesOf(c))
  return replica.after(JSON.parse(kept?.text ?? 'null') ?? UNREACHABLE)
}

/**
 * After this call the user reads nothing older than the primary's state at its end. Needed without a replica, too: another
 * process may read on one.
 */
export function noteLastWrite(c: Context<Env>): void {
  recordInvalidations(cacheKeyOfLastWrite(c.get('user_id')))
}
