/**
 * Keeps the search index in step with PostgreSQL: takes what the relay queued, writes it, shows it. Every process with an
 * Elasticsearch runs one; the one that holds the lease works, the others only hear what the index is.
 */
import { Type } from '@sinclair/typebox'
import type { Logger } from 'pino'
import type { Sql } from '../../../platform/db/client.ts'
import { routine } from '../../../platform/db/statement.ts'
import { Nullable, Uuid, Void } from '../../../platform/db/types.ts'
import { releaseLease } from '../../../platform/jobs/lease.ts'
import { repeat } from '../../../platform/jobs/repeat.ts'
import { abandonSearchBuild, buildIndex, clearDeadBuild } from './build_index.ts'
import type { Client } from './client.ts'
import { searchDocuments, searchFacts } from './documents.ts'
import { findIndex, fitReplicas, INDEX_FORMAT, type Layout, PLAIN_LAYOUT } from './index.ts'
import { archived, IndexGone, type Outcome, sendWrites, type Write } from './writes.ts'

const integers = Type.Array(Type.Integer())
const takeSearchChanges = routine(
  'take_search_changes',
  { alias: Type.String(), holder: Uuid, batch_size: Type.Integer() },
  {
    index_name: Nullable(Type.String()),
    index_uuid: Nullable(Type.String()),
    format: Nullable(Type.Integer()),
    next_index_name: Nullable(Type.String()),
    lag_s: Type.Integer(),
    is_held: Type.Boolean(),
    revision: Nullable(Type.Integer()),
    product_ids: integers,
    stock_ids: integers,
    versions: integers,
  },
)
const acknowledgeSearchChanges = routine(
  'acknowledge_search_changes',
  { product_ids: integers, versions: integers },
  { acknowledge_search_changes: Type.Integer() },
)
const deadLetterSearchChanges = routine(
  'dead_letter_search_changes',
  { product_ids: integers, versions: integers, reasons: Type.Array(Type.String()) },
  { dead_letter_search_changes: Void },
)
const queueSearchChanges = routine(
  'queue_search_changes',
  { product_ids: integers, stock_ids: integers, sales_shop_ids: integers },
  { queue_search_changes: Void },
)
const checkSearchIndex = routine(
  'check_search_index',
  {
    alias: Type.String(),
    index_name: Nullable(Type.String()),
    index_uuid: Nullable(Type.String()),
    last_revision: Nullable(Type.Integer()),
  },
  { check_search_index: Type.Boolean() },
)
const forgetSearchIndex = routine('forget_search_index', { alias: Type.String() }, { forget_search_index: Void })

type Taken = Awaited<ReturnType<typeof takeSearchChanges.one>>

const BATCH_SIZE = 1000
/** What does not come back is tried again soon: a hung call must not outlast an outage by much. */
const TIMEOUT_MS = 10_000
const IDLE_MS = 250
/** After a failure; doubled with each, up to a bound far below the 15 s that searches stay away. */
const FAILED_MS = 250
const MAX_FAILED_MS = 2000
/** A refresh makes Elasticsearch write a segment: twice a second is often enough for what must be seen within two. */
const REFRESH_EVERY_MS = 500
/** An index may be lost while nothing changes. */
const CHECK_EVERY_MS = 10_000
/** After a build that failed. */
const BUILD_AGAIN_MS = 2000
/** The API promises that a search follows within 10 s: an index that does not is of less use than PostgreSQL. */
const MAX_LAG_S = 10

export type Indexer = {
  /** Whether searches may rely on the index: it has heard of all but the newest changes. */
  isReady: () => boolean
  /** How old the oldest change is that it has not heard of, in seconds; null while that is not known. */
  lag: () => number | null
  /** Done when it is known for the first time what the index is, or that Elasticsearch does not answer. */
  looked: Promise<void>
  /** Says that Elasticsearch seems to be unwell: it is looked at soon. */
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
  /** Called when Elasticsearch answers for the first time, again after it did not or was suspected, and with a new index. */
  onRecovered?: () => unknown
  /** False: leaves an index that is due to be built to others. */
  may_build?: boolean
  /** Of an index that is built; of one that is there its replicas follow as soon as it is looked at for the first time. */
  layout?: Layout
  linger_ms?: number
}

export function openIndexer(options: IndexerOptions): Indexer {
  const { sql, alias, log, may_build = true } = options
  const holder = crypto.randomUUID()
  const looked = Promise.withResolvers<void>()
  const ending = new AbortController()
  let state: Taken | null = null
  let is_checked = false
  let has_looked = false
  let checked_at_ms = -CHECK_EVERY_MS
  const sight = openSight(options)
  let failures = 0
  let building: Promise<void> | null = null

  const check = async (taken: Taken) => {
    const is_due = await checkIndex(options, taken, building !== null)
    if (is_due && may_build)
      building ??= build(options, ending.signal).then((is_built) => {
        building = null
        if (is_built) options.onRecovered?.()
        else checked_at_ms = performance.now() - CHECK_EVERY_MS + BUILD_AGAIN_MS
      })
    else if (may_build && !has_looked) await fitLayout(options, taken)
    if (!is_checked) options.onRecovered?.()
    checked_at_ms = performance.now()
    is_checked = true
    has_looked = true
  }

  /** Answers after how many milliseconds there may be something to do. */
  const work = async (): Promise<number> => {
    const taken = await takeSearchChanges.one(sql, { alias, holder, batch_size: BATCH_SIZE })
    // Who works looks first: what PostgreSQL says of the index may be about one that is gone.
    if (!taken.is_held || has_looked) state = taken
    if (!taken.is_held) {
      is_checked = false
      sight.lose()
      return IDLE_MS
    }
    if (performance.now() - checked_at_ms >= CHECK_EVERY_MS || !is_checked) {
      await check(taken)
      return await work()
    }
    if (taken.product_ids.length > 0) {
      sight.lose()
      await write(options, taken)
    }
    const pause_ms = await sight.show(taken.index_name)
    failures = 0
    return taken.product_ids.length === BATCH_SIZE ? 0 : pause_ms
  }

  const failed = (err: unknown): number => {
    is_checked = false
    // Once for an outage, not once for each try.
    if (failures++ === 0) log.warn({ err }, 'the search index is not followed at the moment')
    looked.resolve()
    return Math.min(FAILED_MS * 2 ** failures, MAX_FAILED_MS)
  }
  const worked = repeat(async () => {
    const pause_ms = await work()
    looked.resolve()
    return pause_ms
  }, failed)
  return {
    isReady: () => state !== null && state.index_name !== null && state.format === INDEX_FORMAT && state.lag_s < MAX_LAG_S,
    lag: () => state?.lag_s ?? null,
    looked: looked.promise,
    suspect: () => {
      is_checked = false
    },
    stop: async () => {
      ending.abort()
      await worked.stop()
      await building
      await releaseLease.one(sql, { name: 'search indexer', holder }).catch(() => {})
    },
  }
}

/** What searches do not see yet, in one index. */
function openSight({ client, onVisible }: IndexerOptions) {
  let refreshed_at_ms = 0
  // Whoever worked before may have written without showing it.
  let has_unseen = true
  return {
    lose: () => {
      has_unseen = true
    },
    /** Shows what was written, unless something was a moment ago. Answers after how many milliseconds to come again. */
    show: async (index: string | null): Promise<number> => {
      if (!has_unseen || index === null) return IDLE_MS
      const wait_ms = refreshed_at_ms + REFRESH_EVERY_MS - performance.now()
      if (wait_ms > 0) return Math.min(wait_ms, IDLE_MS)
      refreshed_at_ms = performance.now()
      await client.indices.refresh({ index }, { requestTimeout: TIMEOUT_MS })
      has_unseen = false
      await onVisible?.()
      return IDLE_MS
    },
  }
}

/**
 * Compares what PostgreSQL says of the index with what Elasticsearch has, and ends a build whose process is gone, unless it
 * is one of our own that is going on. Answers whether an index must be built.
 */
async function checkIndex({ sql, client, alias, log }: IndexerOptions, taken: Taken, is_building: boolean): Promise<boolean> {
  const { index_name, next_index_name, format } = taken
  let is_due = index_name === null || (format ?? 0) < INDEX_FORMAT
  if (index_name !== null) {
    const found = await findIndex(client, alias, TIMEOUT_MS).catch(async (error) => {
      await retryShards(client, error)
      throw error
    })
    const { name = null, uuid = null, last_revision = null } = found ?? {}
    const same = await checkSearchIndex.one(sql, { alias, index_name: name, index_uuid: uuid, last_revision })
    if (!same.check_search_index) {
      log.warn({ index_name, found }, 'the search index is not the one that was followed: it is built anew')
      is_due = true
    }
  }
  if (next_index_name === null) return is_due
  if (!is_building) await clearDeadBuild({ sql, client, alias, index: next_index_name })
  return false
}

/** Replicas can be had at once; another number of shards only with another index, which is for an operator to decide. */
async function fitLayout({ client, log, layout = PLAIN_LAYOUT }: IndexerOptions, { index_name }: Taken): Promise<void> {
  if (index_name === null) return
  const shards = await fitReplicas(client, index_name, layout)
  if (shards !== layout.shards)
    log.warn({ index_name, shards, configured: layout.shards }, 'the search index has another number of shards: run reindex')
}

/**
 * An index whose analyzer reads a set of synonyms cannot start before the index that holds the set. On a slow start
 * Elasticsearch has given up after five tries by then, and would leave it so for ever.
 */
async function retryShards(client: Client, error: { statusCode?: number }): Promise<void> {
  if (error.statusCode !== 503) return
  await client.cluster.reroute({ retry_failed: true, metric: 'none' }, { requestTimeout: TIMEOUT_MS }).catch(() => {})
}

/** Answers whether an index was built, by this process or another. */
async function build({ sql, client, alias, layout, log, linger_ms }: IndexerOptions, signal: AbortSignal): Promise<boolean> {
  const began = performance.now()
  try {
    const given = { ...(layout && { layout }), ...(linger_ms !== undefined && { linger_ms }) }
    const documents = await buildIndex({ sql, client, alias, signal, ...given })
    const took_s = Number(((performance.now() - began) / 1000).toFixed(1))
    if (documents !== null) log.info({ documents, took_s }, 'the search index is built')
    return true
  } catch (err) {
    if (!signal.aborted) log.warn({ err }, 'the search index could not be built, it is tried again')
    return false
  }
}

/** Writes what was taken into the index, and into the one that is being built, and settles what came of it. */
async function write({ sql, client, alias, log }: IndexerOptions, taken: Taken): Promise<void> {
  const writes = await readWrites(sql, taken)
  const targets = [taken.index_name, taken.next_index_name].filter((name) => name !== null)
  const sent = await Promise.all(
    targets.map((index) =>
      sendWrites(client, index, taken.revision as number, writes).catch(async (error) => {
        if (error instanceof IndexGone) await forgetTarget(sql, alias, taken, error.index)
        throw error
      }),
    ),
  )
  const worst = new Map(taken.product_ids.map((id) => [id, worstOf(sent.map((outcomes) => outcomes.get(id) ?? 'later'))]))
  const having = (kind: string) => taken.product_ids.filter((id) => worst.get(id) === kind)
  const versionOf = new Map(taken.product_ids.map((id, n) => [id, taken.versions[n] as number]))
  const versionsOf = (ids: number[]) => ids.map((id) => versionOf.get(id) as number)
  const missing = having('missing')
  if (missing.length > 0) await queueSearchChanges.one(sql, { product_ids: missing, stock_ids: [], sales_shop_ids: [] })
  const refused = [...worst].flatMap(([id, outcome]) => (typeof outcome === 'object' ? [{ id, reason: outcome.refused }] : []))
  if (refused.length > 0) {
    log.error(
      { refused: refused.slice(0, 5), count: refused.length },
      'Elasticsearch refuses documents: see search_changes.refusal',
    )
    const ids = refused.map(({ id }) => id)
    await deadLetterSearchChanges.one(sql, {
      product_ids: ids,
      versions: versionsOf(ids),
      reasons: refused.map(({ reason }) => reason),
    })
  }
  const written = having('written')
  await acknowledgeSearchChanges.one(sql, { product_ids: written, versions: versionsOf(written) })
  const later = having('later')
  if (later.length > 0) throw new Error(`Elasticsearch did not take ${later.length} documents just now`)
}

/** The documents as they are now: read after the revision was given. */
async function readWrites(sql: Sql, { product_ids, stock_ids }: Taken): Promise<Write[]> {
  const in_part = new Set(stock_ids)
  const [documents, facts] = await Promise.all([
    searchDocuments.many(sql, { product_ids: product_ids.filter((id) => !in_part.has(id)) }),
    searchFacts.many(sql, { product_ids: stock_ids }),
  ])
  const found = new Map([...documents, ...facts].map(({ id, document }) => [id, document]))
  return product_ids.map((id) => {
    const document = found.get(id)
    return document === undefined ? archived(id) : { id, is_whole: !in_part.has(id), document }
  })
}

/** A refusal by one index is one; a part that one index misses is written whole into both. */
function worstOf(outcomes: Outcome[]): Outcome {
  return (
    outcomes.find((one) => typeof one === 'object') ??
    (['missing', 'later', 'met'] as const).find((kind) => outcomes.includes(kind)) ??
    'written'
  )
}

async function forgetTarget(sql: Sql, alias: string, taken: Taken, index: string): Promise<void> {
  if (index === taken.index_name) await forgetSearchIndex.one(sql, { alias })
  else await abandonSearchBuild.one(sql, { alias, index_name: index })
}
