/**
 * Reads on a streaming replica of PostgreSQL. A position in the primary's write-ahead log identifies a change. A reader that must
 * see the change names that position. It reads on the replica only after the replica has replayed that position.
 *
 *     connecting ── same installation ──▶ following: read while it lags at most 0.8 s, is not resting and has a free connection
 *         ▲                                   │
 *         └── 0.5 s ── no response, a lost connection, or a promoted server
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Static, TObject, TProperties } from '@sinclair/typebox'
import type { Logger } from 'pino'
import { isFinal } from '../database_errors.ts'
import { countUse, type Pool, type PoolUse } from '../db/client.ts'
import { withinDeadline } from '../db/deadline.ts'
import type { Reader, Statement } from '../db/statement.ts'
import { inTime } from '../in_time.ts'
import { closeLink, expectSameDatabase, type Link, look, openLink, READS_POOL_SIZE } from './link.ts'
import { hasCaughtUp, type WalPosition } from './statements.ts'

/** `fallback` reads on the primary. It is set while the replica can be read. */
export type ReplicaReader = Reader & { fallback?: Reader }

export type Replica = {
  /**
   * Returns a reader that shows everything written up to `position`. Null means that any state is enough. If the replica refuses
   * a statement, fails or has no free connection, the statement runs on the primary.
   */
  after: (position: WalPosition | null) => ReplicaReader
  /** Whether reads use the replica. False while it lags or is away. */
  isRead: () => boolean
  /** The age of the replica's state in milliseconds, at most. Infinity while it is not used. */
  lagMs: () => number
  readonly use: PoolUse
  stop: () => Promise<void>
}

/**
 * Returns the row that a statement finds. A row that the replica lacks can be newer than its state, so the primary then runs the
 * statement.
 */
export async function findRow<A extends TProperties, R extends TProperties>(
  reader: ReplicaReader,
  statement: Statement<A, R>,
  args: Static<TObject<A>>,
): Promise<Static<TObject<R>> | null> {
  const row = await statement.maybe(reader, args)
  return row === null && reader.fallback ? statement.maybe(reader.fallback, args) : row
}

type StatementText = Parameters<Pool['unsafe']>

/** Checked when a read begins. With the time limit of the read, its result is at most 2 s old. */
const MAX_LAG_MS = 800
/** A slower read runs again on the primary, within the caller's deadline (deadline.ts). */
const READ_TIMEOUT_MS = 700
/** How long reads avoid the replica after a read that failed or timed out. */
const REST_MS = 2000
const LOOK_EVERY_MS = 100
/** The pause while no read asks for a replica that has caught up. Its state is then young enough for the next read. */
const LOOK_AT_REST_MS = 500
const CONNECT_AGAIN_MS = 500
/** Without this bound, a replica that barely keeps up would fill the log. */
const LOG_EVERY_MS = 1000
const NOT_USED: PoolUse = { max: READS_POOL_SIZE, count: 0 }

/**
 * Follows the replica at `url` of the database at `primary_url`, whose pool is `primary`. `count` receives the server that ran
 * each statement. Does not throw: while the replica is unusable, the primary reads.
 */
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
      const rows = await withinDeadline(inTime(run(link, statement), READ_TIMEOUT_MS))
      // The response can come from a server that restarted and shows an older state.
      if (link.is_lost) return askPrimary(...statement)
      count('replica')
      return rows
    } catch (err) {
      // A rule can refuse because the replica does not have a row yet.
      if (!isFinal(err)) {
        link.rests_until_ms = performance.now() + REST_MS
        log.warn({ err }, 'The replica did not respond: the primary serves the read.')
      }
      return askPrimary(...statement)
    }
  }
  const after = (position: WalPosition | null): ReplicaReader => {
    const link = followed.link()
    if (link) link.is_wanted = true
    if (!link || !isRead() || (position && !hasCaughtUp(link.shown, position))) return { unsafe: asUnsafe(askPrimary) }
    // The statement can run much later, after a search by Elasticsearch.
    const isStillFit = () => link === followed.link() && isRead() && link.reads.use.count < READS_POOL_SIZE
    const ask = (...statement: StatementText) => (isStillFit() ? askReplica(link, statement) : askPrimary(...statement))
    return { unsafe: asUnsafe(ask), fallback: { unsafe: asUnsafe(askPrimary) } }
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

function run({ reads }: Link, statement: StatementText) {
  return countUse(reads, () => reads.unsafe(...statement))
}

/** Passes a promise of rows as the driver's query, because statements only await it. */
function asUnsafe(ask: (...statement: StatementText) => PromiseLike<unknown>): Reader['unsafe'] {
  return ask as unknown as Reader['unsafe']
}

/** Measures the replica again and again, and reconnects if that fails. `link` is null during a reconnect. */
function follow(url: string, primary_url: string, log: Logger) {
  const stopping = new AbortController()
  let link: Link | null = null
  const report = createReporter(log)
  const pause = (pause_ms: number) => wait(pause_ms, undefined, { signal: stopping.signal }).catch(() => {})
  const watch = async (own: Link) => {
    await expectSameDatabase(own)
    link = own
    while (!stopping.signal.aborted) {
      const looked_at_ms = performance.now()
      own.is_wanted = false
      await look(own)
      if (performance.now() - own.fresh_at_ms > MAX_LAG_MS) report('warn', 'The replica lags: the primary reads.')
      else report('info', 'The replica follows, and reads.')
      const isAtRest = () => !own.is_wanted && own.fresh_at_ms >= looked_at_ms && !own.is_lost
      do await pause(LOOK_EVERY_MS)
      while (isAtRest() && performance.now() - looked_at_ms < LOOK_AT_REST_MS && !stopping.signal.aborted)
    }
  }
  const run = async () => {
    while (!stopping.signal.aborted) {
      const own = openLink(url, primary_url, READ_TIMEOUT_MS)
      await watch(own).catch((error: Error) => report('warn', `The replica is not used: ${error.message}.`))
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

/** Logs a message that differs from the last one, at most once a second. */
function createReporter(log: Logger): (level: 'info' | 'warn', message: string) => void {
  let last = ''
  let last_at_ms = Number.NEGATIVE_INFINITY
  return (level, message) => {
    if (message === last || performance.now() - last_at_ms < LOG_EVERY_MS) return
    log[level](message)
    last = message
    last_at_ms = performance.now()
  }
}
