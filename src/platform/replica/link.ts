/** The connections to one running replica, and its state in this process. */

import { openPool, type Pool } from '../db/client.ts'
import { showSecret } from '../db/secrets.ts'
import { inTime } from '../in_time.ts'
import type { WalPosition } from './statements.ts'
import { hasCaughtUp, showPosition, showReplay } from './statements.ts'

/** If one connection is lost, all of them are closed, because a restarted server can show an older state for a while. */
export type Link = {
  reads: Pool
  watch: Pool
  primary_watch: Pool
  /** The replica shows at least this much of the primary's log. */
  shown: WalPosition
  /** The last time when the end of the primary's log was not beyond `shown`, by performance.now(). */
  fresh_at_ms: number
  /** Earlier ends of the primary's log that the replica has not reached, oldest first. */
  awaited: (WalPosition & { at_ms: number })[]
  /** The replica is not read before this time, because a read timed out or failed. */
  rests_until_ms: number
  /** A read has asked for the replica since the last look. */
  is_wanted: boolean
  is_lost: boolean
}

/** The same size as the primary's pool, which would otherwise serve these reads. */
export const READS_POOL_SIZE = 10
/** A server that does not respond in this time counts as gone, and is no longer read. */
const LOOK_TIMEOUT_MS = 500
/** A replica that is behind by more looks than this lags too much for any read. */
const MAX_AWAITED = 50
/** The connection to the primary can be a dead one, to a server that was replaced. */
const PRIMARY_AWAY_MS = 5000

/** Creates the pools, which connect at their first statement. The state of the replica is still unknown. */
export function openLink(url: string, primary_url: string, read_timeout_ms: number): Link {
  const link: Omit<Link, 'reads' | 'watch' | 'primary_watch'> = {
    shown: { timeline: 0, position: 0 },
    fresh_at_ms: Number.NEGATIVE_INFINITY,
    awaited: [],
    rests_until_ms: Number.NEGATIVE_INFINITY,
    is_wanted: false,
    is_lost: false,
  }
  const onClose = () => {
    link.is_lost = true
  }
  const watch = { name: 'stallwright replica watch', max: 1, statement_timeout_ms: LOOK_TIMEOUT_MS, has_arrays: false }
  return Object.assign(link, {
    reads: openPool(url, { name: 'stallwright reads', max: READS_POOL_SIZE, statement_timeout_ms: read_timeout_ms, onClose }),
    watch: openPool(url, { ...watch, onClose }),
    primary_watch: openPool(primary_url, watch),
  })
}

/** Closes the connections at once. Running statements fail. */
export async function closeLink({ reads, watch, primary_watch }: Link): Promise<void> {
  await Promise.all([reads, watch, primary_watch].map((pool) => pool.end({ timeout: 0 }))).catch(() => {})
}

/** Throws unless the replica and the primary belong to the same installation. */
export async function expectSameDatabase({ watch, primary_watch }: Link): Promise<void> {
  const ask = (sql: Pool, who: string) =>
    inTime(showSecret.one(sql, { name: 'installation' }), LOOK_TIMEOUT_MS).catch((error: Error) => {
      throw new Error(`${who}: ${error.message}`)
    })
  const [copy, original] = await Promise.all([ask(watch, 'the replica'), ask(primary_watch, 'the primary')])
  if (Buffer.compare(copy.secret, original.secret) !== 0)
    throw new Error('READ_DATABASE_URL is another database than DATABASE_URL')
}

/**
 * Measures how far the replica is. Throws if the replica does not respond, lost a connection or follows no primary, or if the
 * primary has not responded for 5 s.
 */
export async function look(link: Link): Promise<void> {
  const at_ms = performance.now()
  const written = await inTime(showPosition.one(link.primary_watch, {}), LOOK_TIMEOUT_MS).catch(() => null)
  if (written) link.awaited.push({ at_ms, ...written })
  const { is_following, ...shown } = await inTime(showReplay.one(link.watch, {}), LOOK_TIMEOUT_MS)
  if (link.is_lost) throw new Error('a connection was lost')
  if (!is_following) throw new Error('it follows no primary, perhaps because it was promoted')
  if (!written && at_ms - link.fresh_at_ms > PRIMARY_AWAY_MS) throw new Error('the primary does not respond')
  link.shown = shown
  link.fresh_at_ms = link.awaited.findLast((position) => hasCaughtUp(shown, position))?.at_ms ?? link.fresh_at_ms
  link.awaited = link.awaited.filter((position) => !hasCaughtUp(shown, position)).slice(-MAX_AWAITED)
}
