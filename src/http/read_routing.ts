/** Chooses where a request reads: on the primary, or on a replica that shows everything that the same user wrote. */
import type { Context } from 'hono'
import type { CacheKind, LoaderContext } from '../platform/cache/cache.ts'
import { recordInvalidations } from '../platform/changes/invalidations.ts'
import type { ReplicaReader } from '../platform/replica/replica.ts'
import { showPosition, type WalPosition } from '../platform/replica/statements.ts'
import type { Env } from './env.ts'

/** A position that no replica reaches. */
const UNREACHABLE: WalPosition = { timeline: 0, position: 0 }

/** The end of the primary's log after a user's last write, or a later position. Stale after each write (recordLastWrite). */
const lastWrite: CacheKind<{ user_id: number }> = {
  type: '',
  key: ({ user_id }) => lastWriteKey(user_id),
  ttl_s: 300,
  generation: 'pages',
  load: async ({ sql }) => ({ text: JSON.stringify(await showPosition.one(sql, {})) }),
}
const lastWriteKey = (user_id: number) => `last_write:${user_id}`

/** Whether a call with this method cannot change anything. */
export const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * Returns the reader for a signed-in user: the replica, once it shows everything that the same user wrote. Other users' changes
 * can be missing for a moment. For money, stock and cached pages read the primary, `c.get('sql')`.
 */
export async function readerOf(c: Context<Env>): Promise<ReplicaReader> {
  const replica = c.get('replica')
  if (!replica) return c.get('sql')
  const cached = await c.get('cache').get(lastWrite, { user_id: c.get('user_id') }, loaderContext(c))
  return replica.after(JSON.parse(cached?.text ?? 'null') ?? UNREACHABLE)
}

/**
 * Makes the user's later reads show at least the primary's state at the end of this call. Needed without a replica too, because
 * another process can read on one.
 */
export function recordLastWrite(c: Context<Env>): void {
  recordInvalidations(lastWriteKey(c.get('user_id')))
}

/** Returns the context for loaders of cached things. Hono's `c.var` would build an object of all variables each time. */
export function loaderContext(c: Context<Env>): LoaderContext {
  const [sql, replica] = [c.get('sql'), c.get('replica')]
  return { sql, reads: replica?.after(null) ?? sql, is_lagging: replica?.isRead() ?? false }
}
