/**
 * Reads by a replica of PostgreSQL, while one follows closely. What has been written is known by its place in the primary's log: whoever
 * must see it names that place, and is read to by the replica only once that is known to have come so far.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { countUse, type Pool, type PoolUse } from '../db/client.ts'
import { isFinal } from '../db/errors.ts'
import { withinDeadline } from '../db/patience.ts'
import type { Reader } from '../db/statement.ts'
import { inTime } from '../in_time.ts'
import { closeLink, expectSameDatabase, hasReached, type Link, look, openLink, READS_POOL_SIZE } from './link.ts'
import type { Place } from './statements.ts'

export type Replica = {
  /**
   * Who reads to somebody that must see all that was written up to a place; null: nothing in particular. What the replica refuses, fails at or has
   * no connection for, the primary is asked in the same read.
   */
  after: (place: Place | null) => Reader
  /** Whether it reads at all; not while it lags or is away. */
  isRead: () => boolean
  /** How old the state may be that it shows, in milliseconds; Infinity while it is not used. */
  lagMs: () => number
  readonly use: PoolUse
  stop: () => Promise<void>
}

type StatementText = Parameters<Pool['unsafe']>

/** When a read begins. With the time that it may take nothing that is read is older than 2 s. */
const MAX_LAG_MS = 800
/** A read that takes longer is asked of the primary, while its caller still waits (patience.ts). */
const READ_TIMEOUT_MS = 700
/** After one that did, the replica is left alone. */
const REST_MS = 2000
const LOOK_EVERY_MS = 100
const CONNECT_AGAIN_MS = 500
/** A replica that just keeps up would fill the log. */
const TELL_EVERY_MS = 1000
const NOT_USED: PoolUse = { max: READS_POOL_SIZE, count: 0 }

/** Follows the replica at `url` of the database at `primary_url`, whose pool is `primary`. `count` hears of each statement who answered it. Throws nothing: where the replica is of no use, the primary reads. */
export function openReplica(
  url: string,
  primary_url: string,
  primary: Pool,
  { log, count }: { log: Logger; count: (by: 'replica' | 'primary') => void },
): Replica {
  const followed = follow(url, primary_url, log)
  const lagMs = () => {
    const link = followed.link()
    return link && !link.is_lost ? performance.now() - link.fresh_at_ms : Number.POSITIVE_INFINITY
  }
  const isRead = () => lagMs() <= MAX_LAG_MS && performance.now() >= (followed.link()?.rests_until_ms ?? 0)
  const askPrimary = (...statement: StatementText) => {
    count('primary')
    return countUse(primary, () => primary.unsafe(...statement))
  }
  const askReplica = async (link: Link, statement: StatementText) => {
    try {
      const asked = countUse(link.reads, () => link.reads.unsafe(...statement))
      const rows = await withinDeadline(inTime(asked, READ_TIMEOUT_MS))
      // It may have been answered by a server that has started anew and shows an older state.
      if (link.is_lost) return askPrimary(...statement)
      count('replica')
      return rows
    } catch (err) {
      if (!isFinal(err)) {
        link.rests_until_ms = performance.now() + REST_MS
        log.warn({ err }, 'The replica did not respond: the primary serves the read.')
      }
      // What it refuses may only not be known to it yet.
      return askPrimary(...statement)
    }
  }
  const after = (place: Place | null): Reader => {
    const link = followed.link()
    const is_fit = link !== null && (place === null || hasReached(link.shown, place)) && isRead()
    // It may be asked much later, after a search by Elasticsearch.
    const isStillFit = () => is_fit && link === followed.link() && isRead() && link.reads.use.count < READS_POOL_SIZE
    const ask = (...statement: StatementText) => (link && isStillFit() ? askReplica(link, statement) : askPrimary(...statement))
    return {
      unsafe: ask as unknown as Reader['unsafe'],
      ...(is_fit && { ahead: { unsafe: askPrimary as unknown as Reader['unsafe'] } }),
    }
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
function follow(url: string, primary_url: string, log: Logger) {
  const stopping = new AbortController()
  let link: Link | null = null
  const tell = openTeller(log)
  const pause = (pause_ms: number) => wait(pause_ms, undefined, { signal: stopping.signal }).catch(() => {})
  const lookOn = async (own: Link) => {
    await expectSameDatabase(own)
    link = own
    while (!stopping.signal.aborted) {
      await look(own)
      const lags = performance.now() - own.fresh_at_ms > MAX_LAG_MS
      if (lags) tell('warn', 'The replica lags: the primary reads.')
      else tell('info', 'The replica follows, and reads.')
      await pause(LOOK_EVERY_MS)
    }
  }
  const run = async () => {
    while (!stopping.signal.aborted) {
      const own = openLink(url, primary_url, READ_TIMEOUT_MS)
      await lookOn(own).catch((error: Error) => tell('warn', `The replica is not used: ${error.message}.`))
      link = null
      await closeLink(own)
      await pause(CONNECT_AGAIN_MS)
    }
  }
  const running = run()
  const stop = async () => {
    stopping.abort()
    await running
  }
  return { link: () => link as Link | null, stop }
}

/** Says what is new, and not too often. */
function openTeller(log: Logger): (level: 'info' | 'warn', message: string) => void {
  let told = ''
  let told_at_ms = Number.NEGATIVE_INFINITY
  return (level, message) => {
    if (message === told || performance.now() - told_at_ms < TELL_EVERY_MS) return
    log[level](message)
    told = message
    told_at_ms = performance.now()
  }
}
