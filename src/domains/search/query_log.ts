import { createHmac, randomBytes } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { LRUCache } from 'lru-cache'
import type { Pool } from '../../platform/db/client.ts'
import { routine } from '../../platform/db/statement.ts'
import { Void } from '../../platform/db/types.ts'

declare module '../../http/env.ts' {
  interface Services {
    searches: QueryLog
  }
}

const counts = Type.Array(Type.Integer())
const texts = Type.Array(Type.String())
const recordSearches = routine(
  'record_searches',
  { queries: texts, searches: counts, zero_results: counts, corrected: counts },
  { record_searches: Void },
)
const recordReformulations = routine(
  'record_reformulations',
  { from_queries: texts, to_queries: texts },
  { record_reformulations: Void },
)

/** The outcome of the first page of a search. `asker` distinguishes two callers, and is never stored. */
export type Searched = { asker: string; q: string; total: number; corrected: boolean }

/** Counts queries in memory, without their callers, and writes the counts in batches. A crash loses up to 10 s of counts. */
export type QueryLog = { note: (searched: Searched) => void; flush: () => Promise<void>; stop: () => Promise<void> }

type Count = { searches: number; zero_results: number; corrected: number }

const FLUSH_EVERY_MS = 10_000
/**
 * A query that the same caller repeats within this time counts once. A different query within this time is a reformulation, if
 * the earlier one found nothing and the new one finds something.
 */
const REMEMBERED_MS = 3 * 60_000
const MOST_ASKERS = 20_000
/** The most distinct queries between two writes. People do not send more than this. */
const MOST_QUERIES = 5000

export function openQueryLog(sql: Pool): QueryLog {
  // Maps a hash of the asker to the last query, for 3 minutes. The key of the hash never leaves this process.
  const key = randomBytes(32)
  const last = new LRUCache<string, { q: string; found: boolean }>({ max: MOST_ASKERS, ttl: REMEMBERED_MS })
  let queries = new Map<string, Count>()
  let pairs: [string, string][] = []

  const note = ({ asker, q, total, corrected }: Searched) => {
    const query = q.trim().toLowerCase()
    if (query === '') return
    const who = createHmac('sha256', key).update(asker).digest('base64')
    const before = last.get(who)
    if (before?.q === query) return
    last.set(who, { q: query, found: total > 0 })
    if (before && !before.found && total > 0 && pairs.length < MOST_QUERIES) pairs.push([before.q, query])
    if (!queries.has(query) && queries.size >= MOST_QUERIES) return
    const count = queries.get(query) ?? { searches: 0, zero_results: 0, corrected: 0 }
    queries.set(query, {
      searches: count.searches + 1,
      zero_results: count.zero_results + Number(total === 0),
      corrected: count.corrected + Number(corrected),
    })
  }
  const flush = async () => {
    const [counted, paired] = [queries, pairs]
    queries = new Map()
    pairs = []
    // If a write fails, the batch is dropped, like views.
    await writeCounts(sql, counted).catch(() => {})
    await writePairs(sql, paired).catch(() => {})
  }
  const timer = setInterval(flush, FLUSH_EVERY_MS)
  const stop = async () => {
    clearInterval(timer)
    await flush()
  }
  return { note, flush, stop }
}

async function writeCounts(sql: Pool, queries: Map<string, Count>): Promise<void> {
  if (queries.size === 0) return
  const of = (name: keyof Count) => [...queries.values()].map((count) => count[name])
  await recordSearches.one(sql, {
    queries: [...queries.keys()],
    searches: of('searches'),
    zero_results: of('zero_results'),
    corrected: of('corrected'),
  })
}

async function writePairs(sql: Pool, pairs: [string, string][]): Promise<void> {
  if (pairs.length === 0) return
  await recordReformulations.one(sql, { from_queries: pairs.map(([from]) => from), to_queries: pairs.map(([, to]) => to) })
}
