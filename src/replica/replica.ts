/**
 * Reads by a replica of PostgreSQL, while one follows closely. What has been written is known by its place in the primary's log: whoever
 * must see it names that place, and is read to by the replica only once that is known to have come so far.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { countUse, openPool, type Pool, type PoolUse } from '../db/client.ts'
import type { Reader } from '../db/statement.ts'
import { isOwnRefusal } from '../problem.ts'
import { bounded } from './bounded.ts'
import { closeLink, expectSameDatabase, type Link, LOOK_TIMEOUT_MS, look, openLink, READS_POOL_SIZE } from './link.ts'

export type Replica = {
  /**
   * Who reads to somebody that must see all that was written up to a position, in bytes of the log; 0: nothing in particular. What the
   * replica does not have, refuses or fails at, the primary is asked in the same read.
   */
  after: (position: number) => Reader
  /** Whether it reads at all; not while it lags or is away. */
  isRead: () => boolean
  /** How old the state may be that it shows, in milliseconds; Infinity while it is not used. */
  lagMs: () => number
  readonly use: PoolUse
  stop: () => Promise<void>
}

/** Nothing that is read is older, whoever reads. Together with the time between looks and that of one: noticed within 2 s. */
const MAX_LAG_MS = 1400
const LOOK_EVERY_MS = 100
const CONNECT_AGAIN_MS = 500
/** A read that takes longer is asked of the primary, while its caller still waits (patience.ts). */
const READ_TIMEOUT_MS = 1000
const NOT_USED: PoolUse = { max: READS_POOL_SIZE, count: 0 }

/** Follows the replica at `url` of the database at `primary_url`, whose pool is `primary`. `count` hears of each statement who answered it. Throws nothing: where the replica is of no use, the primary reads. */
export function openReplica(
  url: string,
  primary_url: string,
  primary: Pool,
  { log, count }: { log: Logger; count: (by: 'replica' | 'primary') => void },
): Replica {
  const followed = follow(url, primary_url, primary, log)
  const lagMs = () => {
    const link = followed.link()
    return link && !link.is_lost ? performance.now() - link.fresh_at_ms : Number.POSITIVE_INFINITY
  }
  const isRead = () => lagMs() <= MAX_LAG_MS
  const askPrimary = (statement: Parameters<Pool['unsafe']>) => {
    count('primary')
    return countUse(primary, () => primary.unsafe(...statement))
  }
  const askReplica = async (pool: Pool, statement: Parameters<Pool['unsafe']>) => {
    try {
      const rows = await bounded(
        countUse(pool, () => pool.unsafe(...statement)),
        READ_TIMEOUT_MS,
      )
      // What it does not have it may not have heard of yet.
      if (rows.length === 0) return askPrimary(statement)
      count('replica')
      return rows
    } catch (err) {
      if (!isOwnRefusal(err)) log.warn({ err }, 'a replica did not answer, the primary is asked')
      return askPrimary(statement)
    }
  }
  const after = (position: number): Reader => {
    const link = followed.link()
    const is_fit = link !== null && link.shown >= position && isRead()
    const ask = (...statement: Parameters<Pool['unsafe']>) => (is_fit ? askReplica(link.reads, statement) : askPrimary(statement))
    return { unsafe: ask as unknown as Reader['unsafe'] }
  }
  return {
    after,
    isRead,
    lagMs,
    get use() {
      return followed.link()?.reads.use ?? NOT_USED
    },
    stop: followed.stop,
  }
}

/** Looks at the replica again and again, and connects anew when that fails. `link` is null in between. */
function follow(url: string, primary_url: string, primary: Pool, log: Logger) {
  const watch = openPool(primary_url, { max: 1, name: 'stallwright replica watch', statement_timeout_ms: LOOK_TIMEOUT_MS })
  const stopping = new AbortController()
  let link: Link | null = null
  let told = ''
  const tell = (message: string) => {
    if (message !== told) log.warn(message)
    told = message
  }
  const pause = (pause_ms: number) => wait(pause_ms, undefined, stopping).catch(() => {})
  const lookOn = async (own: Link) => {
    await expectSameDatabase(own, primary)
    link = own
    while (!stopping.signal.aborted) {
      await look(own, watch)
      const lags = performance.now() - own.fresh_at_ms > MAX_LAG_MS
      tell(lags ? 'The replica lags: the primary reads.' : 'The replica follows, and reads.')
      await pause(LOOK_EVERY_MS)
    }
  }
  const run = async () => {
    while (!stopping.signal.aborted) {
      const own = openLink(url, READ_TIMEOUT_MS)
      await lookOn(own).catch((error: Error) => tell(`The replica is not used: ${error.message}.`))
      link = null
      await closeLink(own)
      await pause(CONNECT_AGAIN_MS)
    }
  }
  const running = run()
  const stop = async () => {
    stopping.abort()
    await running
    await watch.end({ timeout: 1 })
  }
  return { link: () => link as Link | null, stop }
}
