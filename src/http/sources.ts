import type { Context } from 'hono'
import type { Sources } from '../platform/cache/cache.ts'
import type { Env } from './env.ts'

/** What cached things are loaded from. Hono's own `c.var` would make an object of everything there is, each time it is asked. */
export function sourcesOf(c: Context<Env>): Sources {
  const [sql, search, replica] = [c.get('sql'), c.get('search'), c.get('replica')]
  return { sql, search, reads: replica?.after(null) ?? sql, is_lagging: replica?.isRead() ?? false }
}
