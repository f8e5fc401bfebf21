/**
 * Keeps the search index in step with PostgreSQL: takes the changes that the relay queued, writes them, and makes them visible.
 * Every process with an Elasticsearch runs an indexer. The one that holds the lease works; the others only read the state of the
 * index.
 *
 *            lease taken              index is checked
 *   standby ─────────────▶ unchecked ──────────────────▶ following ──┐ writes and refreshes;
 *      ▲                     ▲    │                        │    ▲    │ checks again every 10 s
 *      │                     │    │ lease lost             │    └────┘
 *      │                     └────┼────────────────────────┤ an error, or suspect()
 *      └──────────────────────────┴────────────────────────┘ lease lost
 */
import type { Logger } from 'pino'
import type { Sql } from '../../../platform/db/client.ts'
import { releaseLease } from '../../../platform/jobs/lease.ts'
import { repeat } from '../../../platform/jobs/repeat.ts'
import { buildIndex } from './build_index.ts'
import { checkIndex, fitLayout } from './check_index.ts'
import type { Client } from './client.ts'
import { INDEX_FORMAT, type Layout } from './indices.ts'
import { type Taken, takeSearchChanges, writeChanges } from './write_changes.ts'

const BATCH_SIZE = 1000
const IDLE_MS = 250
/**
 * The pause of an indexer that a heartbeat wakes. It renews the lease, which lasts 5 s, and looks at the state of the index. The
 * first changes after a quiet time wait for a heartbeat, 0.5 s at most; for the next 2 s the indexer looks every 250 ms.
 */
const REST_MS = 2000
/**
 * The base of the pause after an error. Each further error doubles the pause, up to 2 s. That is far below the 15 s for which the
 * breaker keeps searches away.
 */
const FAILED_MS = 250
const MAX_FAILED_MS = 2000
/**
 * A refresh makes Elasticsearch write a segment. Two refreshes a second are enough for changes that must be visible within 2 s.
 */
const REFRESH_EVERY_MS = 500
const REFRESH_TIMEOUT_MS = 10_000
/** An index can be lost while nothing changes. */
const CHECK_EVERY_MS = 10_000
/** The pause after a failed build. */
const BUILD_AGAIN_MS = 2000
/** The API promises that a search follows within 10 s. An index that lags more is of less use than PostgreSQL. */
const MAX_LAG_S = 10

export type Indexer = {
  /** Whether searches can rely on the index: it has all changes except the newest. */
  isReady: () => boolean
  /** The age in seconds of the oldest change that the index lacks, or null while it is unknown. */
  lag: () => number | null
  /** Resolves when the state of the index is first known, or when Elasticsearch does not respond. */
  looked: Promise<void>
  /** Starts a check of the index soon, because Elasticsearch seems to be unhealthy. */
  suspect: () => void
  /** Starts the next turn at once, except after an error. */
  wake: () => void
  stop: () => Promise<void>
}

export type IndexerOptions = {
  /** Connections whose commits reach the disk. A revision must not be assigned twice, even after a crash. */
  sql: Sql
  client: Client
  alias: string
  log: Logger
  /** Called when searches show more than before. */
  onVisible?: () => unknown
  /** Called after the first check of the index, after the first check that follows an error or suspect(), and after a build. */
  onRecovered?: () => unknown
  /** False leaves the building of an index to other processes. */
  may_build?: boolean
  /** The layout of a new index. An existing index gets its replicas at its first check. */
  layout?: Layout
  linger_ms?: number
  /** True if a heartbeat calls `wake` when changes wait. */
  rests?: boolean
}

/** The result of one turn of the loop. It did nothing without the lease, checked, wrote a full batch, or wrote the rest. */
type Turn = 'standby' | 'checked' | 'full' | 'worked'

export function openIndexer(options: IndexerOptions): Indexer {
  const { sql, alias, log, may_build = true, rests = false } = options
  const holder = crypto.randomUUID()
  const looked = Promise.withResolvers<void>()
  const visibility = openVisibility(options)
  let state: 'standby' | 'unchecked' | 'following' = 'unchecked'
  /** PostgreSQL's record of the index. It counts only after the first check, because the index could be gone. */
  let known: Taken | null = null
  let has_checked = false
  let check_at_ms = 0
  let failures = 0
  let worked_at_ms = Number.NEGATIVE_INFINITY
  const builder = openBuilder(options, (is_built) => {
    if (is_built) options.onRecovered?.()
    else check_at_ms = performance.now() + BUILD_AGAIN_MS
  })

  const check = async (taken: Taken): Promise<void> => {
    const is_due = await checkIndex(options, taken, builder.isBuilding())
    if (is_due && may_build) builder.start()
    else if (may_build && !has_checked) await fitLayout(options, taken)
    if (state !== 'following') options.onRecovered?.()
    state = 'following'
    has_checked = true
    check_at_ms = performance.now() + CHECK_EVERY_MS
  }

  const turn = async (): Promise<Turn> => {
    const taken = await takeSearchChanges.one(sql, { alias, holder, batch_size: BATCH_SIZE })
    if (!taken.is_held || has_checked) known = taken
    if (!taken.is_held) {
      state = 'standby'
      visibility.lose()
      return 'standby'
    }
    if (state !== 'following' || performance.now() >= check_at_ms) {
      await check(taken)
      return 'checked'
    }
    if (taken.product_ids.length > 0) {
      visibility.lose()
      worked_at_ms = performance.now()
      await writeChanges(options, taken)
    }
    await visibility.show(taken.index_name)
    failures = 0
    return taken.product_ids.length === BATCH_SIZE ? 'full' : 'worked'
  }

  const work = async (): Promise<number> => {
    const done = await turn()
    if (done !== 'checked') looked.resolve()
    const idle_ms = rests && performance.now() - worked_at_ms > REST_MS ? REST_MS : IDLE_MS
    return { checked: 0, full: 0, standby: idle_ms, worked: visibility.pauseMs(known?.index_name ?? null, idle_ms) }[done]
  }
  const failed = (err: unknown): number => {
    state = 'unchecked'
    looked.resolve()
    // Logs one line for an outage, not one for each try.
    if (failures++ === 0) log.warn({ err }, 'the search index is not followed at the moment')
    return Math.min(FAILED_MS * 2 ** failures, MAX_FAILED_MS)
  }
  const worked = repeat(work, failed)
  return {
    isReady: () => known !== null && known.index_name !== null && known.format === INDEX_FORMAT && known.lag_s < MAX_LAG_S,
    lag: () => known?.lag_s ?? null,
    looked: looked.promise,
    suspect: () => {
      state = 'unchecked'
      worked.wake()
    },
    wake: () => {
      if (failures === 0) worked.wake()
    },
    stop: async () => {
      builder.abort()
      await worked.stop()
      await builder.ended()
      await releaseLease.one(sql, { name: 'search indexer', holder }).catch(() => {})
    },
  }
}

/** Makes writes visible. Searches see no write before a refresh. */
function openVisibility({ client, onVisible }: IndexerOptions) {
  let refresh_at_ms = 0
  // The previous holder of the lease could have written without a refresh.
  let has_unseen = true
  return {
    /** Records that searches do not see the last write yet. */
    lose: () => {
      has_unseen = true
    },
    /** Refreshes the index if a write is not visible yet and the last refresh is at least 500 ms old. */
    show: async (index: string | null): Promise<void> => {
      if (!has_unseen || index === null || performance.now() < refresh_at_ms) return
      refresh_at_ms = performance.now() + REFRESH_EVERY_MS
      await client.indices.refresh({ index }, { requestTimeout: REFRESH_TIMEOUT_MS })
      has_unseen = false
      await onVisible?.()
    },
    /** Returns the pause in milliseconds before the next turn, `idle_ms` if all writes are visible. */
    pauseMs: (index: string | null, idle_ms: number): number =>
      has_unseen && index !== null ? Math.max(0, Math.min(refresh_at_ms - performance.now(), IDLE_MS)) : idle_ms,
  }
}

/** Builds an index beside the loop, one at a time. `onEnd` receives whether this process or another process built an index. */
function openBuilder({ sql, client, alias, layout, log, linger_ms }: IndexerOptions, onEnd: (is_built: boolean) => void) {
  const ending = new AbortController()
  let building: Promise<void> | null = null
  const build = async (): Promise<boolean> => {
    const began_ms = performance.now()
    try {
      const given = { ...(layout && { layout }), ...(linger_ms !== undefined && { linger_ms }) }
      const documents = await buildIndex({ sql, client, alias, signal: ending.signal, ...given })
      const took_s = Number(((performance.now() - began_ms) / 1000).toFixed(1))
      if (documents !== null) log.info({ documents, took_s }, 'the search index is built')
      return true
    } catch (err) {
      if (!ending.signal.aborted) log.warn({ err }, 'the search index could not be built, it is tried again')
      return false
    }
  }
  return {
    isBuilding: () => building !== null,
    start: () => {
      building ??= build().then((is_built) => {
        building = null
        onEnd(is_built)
      })
    },
    abort: () => ending.abort(),
    ended: async () => {
      await building
    },
  }
}
