/**
 * Keeps the search index in step with PostgreSQL: takes the changes that the relay queued, writes them, and makes them visible. Every
 * process with an Elasticsearch runs an indexer. The one that holds the lease works; the others only read the state of the index.
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
import { INDEX_FORMAT, type Layout } from './index.ts'
import { type Taken, takeSearchChanges, writeChanges } from './write_changes.ts'

const BATCH_SIZE = 1000
const IDLE_MS = 250
/** The pause after an error; doubled with each, up to a bound far below the 15 s that the breaker keeps searches away. */
const FAILED_MS = 250
const MAX_FAILED_MS = 2000
/** A refresh makes Elasticsearch write a segment: twice a second is often enough for changes that must be visible within two. */
const REFRESH_EVERY_MS = 500
const REFRESH_TIMEOUT_MS = 10_000
/** An index may be lost while nothing changes. */
const CHECK_EVERY_MS = 10_000
/** The pause after a build that failed. */
const BUILD_AGAIN_MS = 2000
/** The API promises that a search follows within 10 s; PostgreSQL is of more use than an index that does not. */
const MAX_LAG_S = 10

export type Indexer = {
  /** Whether searches may rely on the index: it has all changes but the newest. */
  isReady: () => boolean
  /** The age in seconds of the oldest change that the index does not have; null while it is unknown. */
  lag: () => number | null
  /** Resolves when the state of the index is known for the first time, or Elasticsearch does not answer. */
  looked: Promise<void>
  /** Has the index checked soon, because Elasticsearch seems to be unwell. */
  suspect: () => void
  stop: () => Promise<void>
}

export type IndexerOptions = {
  /** Connections whose commits reach the disk: a revision must not be given twice, even after a crash. */
  sql: Sql
  client: Client
  alias: string
  log: Logger
  /** Called when searches show more than before. */
  onVisible?: () => unknown
  /** Called when the index was checked for the first time, or after an error or a suspicion, and when a new one is built. */
  onRecovered?: () => unknown
  /** False: leaves the building of an index to other processes. */
  may_build?: boolean
  /** Of an index that is built. An existing index gets its replicas when it is checked for the first time. */
  layout?: Layout
  linger_ms?: number
}

/** What a turn of the loop did: nothing without the lease; checked; wrote a full batch, or all there was. */
type Turn = 'standby' | 'checked' | 'full' | 'worked'

export function openIndexer(options: IndexerOptions): Indexer {
  const { sql, alias, log, may_build = true } = options
  const holder = crypto.randomUUID()
  const looked = Promise.withResolvers<void>()
  const visibility = openVisibility(options)
  let state: 'standby' | 'unchecked' | 'following' = 'unchecked'
  /** What PostgreSQL says of the index. It is not believed before the first check: the index may be gone. */
  let known: Taken | null = null
  let has_checked = false
  let check_at_ms = 0
  let failures = 0
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
      await writeChanges(options, taken)
    }
    await visibility.show(taken.index_name)
    failures = 0
    return taken.product_ids.length === BATCH_SIZE ? 'full' : 'worked'
  }

  const work = async (): Promise<number> => {
    const done = await turn()
    if (done !== 'checked') looked.resolve()
    return { checked: 0, full: 0, standby: IDLE_MS, worked: visibility.pauseMs(known?.index_name ?? null) }[done]
  }
  const failed = (err: unknown): number => {
    state = 'unchecked'
    looked.resolve()
    // One line for an outage, not one for each try.
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
    },
    stop: async () => {
      builder.abort()
      await worked.stop()
      await builder.ended()
      await releaseLease.one(sql, { name: 'search indexer', holder }).catch(() => {})
    },
  }
}

/** Makes visible what was written: searches see nothing of it before a refresh. */
function openVisibility({ client, onVisible }: IndexerOptions) {
  let refresh_at_ms = 0
  // The process that worked before may have written without a refresh.
  let has_unseen = true
  return {
    /** Notes that something is written that searches do not see. */
    lose: () => {
      has_unseen = true
    },
    /** Refreshes the index if there is something to see, unless it was refreshed a moment ago. */
    show: async (index: string | null): Promise<void> => {
      if (!has_unseen || index === null || performance.now() < refresh_at_ms) return
      refresh_at_ms = performance.now() + REFRESH_EVERY_MS
      await client.indices.refresh({ index }, { requestTimeout: REFRESH_TIMEOUT_MS })
      has_unseen = false
      await onVisible?.()
    },
    /** How long there is nothing to do, unless something changes. */
    pauseMs: (index: string | null): number =>
      has_unseen && index !== null ? Math.max(0, Math.min(refresh_at_ms - performance.now(), IDLE_MS)) : IDLE_MS,
  }
}

/** Builds an index beside the loop, one at a time. `onEnd` gets whether an index was built, by this process or another. */
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
