import { join } from 'node:path'
import type { Pool } from '../src/platform/db/client.ts'
import { openLoadCount } from '../test/faults/stage/loads.ts'
import { startRedis } from '../test/faults/stage/redis_process.ts'
import type { ApiProcess } from '../test/support/api_process.ts'
import { describeSpread, median } from '../test/support/figures.ts'
import { findProgram } from '../test/support/requirements.ts'
import { type BasketView, hitRateAt, readBasketViews } from './basket_views.ts'
import { type Bench, type Figure, withBench } from './bench.ts'
import { putLoad, putReads } from './load_process.ts'

const ROUNDS = 3
/** Turns of a round. Cached and uncached turns alternate, so a change in the machine's speed favors neither. */
const TURNS = 4
const TURN_S = 1
const CONNECTIONS = 16
const REPLAYED_VIEWS = 20_000
const PAGE_TTL_S = 300

type Store = 'own' | 'redis'
type Case = { name: string; paths: string[] }
type Measured = { requests_per_s: number; p95_ms: number }
/** One round of one case, with a cache (`cached`) and without one (`bare`). */
type Pair = { cached: Measured; bare: Measured }

const TITLES: Record<Store, string> = { own: 'in the process', redis: 'in Redis' }

/**
 * Measures the page of the most viewed listing, and the pages of the listings in real baskets. The cache is in the process or in
 * Redis. Each is compared with a server of the same routes without a cache (uncached_server.ts). Both servers of a pair run all
 * the time, and the bench loads them in turn. With Redis both servers count their rate limits in Redis.
 */
export function benchCache(database_url: string | undefined): Promise<Figure[]> {
  return withBench(database_url, {}, async (bench) => {
    const { sql, later } = bench
    const redis = findProgram('redis-server') ? await startRedis() : null
    if (redis) later(redis.kill)
    const views = await readBasketViews(sql)
    const paths = views.slice(0, REPLAYED_VIEWS).map(({ product_id }) => `/v1/products/${product_id}`)
    const cases: Case[] = [
      { name: 'hot page', paths: paths.slice(0, 1) },
      { name: "baskets' pages", paths },
    ]
    const variablesFor = (store: Store): Record<string, string> => (store === 'redis' ? { REDIS_URL: redis?.url ?? '' } : {})
    const figures: Figure[] = []
    for (const store of redis ? (['own', 'redis'] as const) : (['own'] as const))
      figures.push(...(await compare(bench, cases, store, variablesFor(store))))
    if (!redis) figures.push({ name: TITLES.redis, value: 'not measured: no redis-server' })
    await redis?.flush()
    const api = await bench.start(variablesFor(redis ? 'redis' : 'own'))
    return [...figures, await replayViews(sql, paths, api), ...describePaces(views)]
  })
}

async function compare({ start }: Bench, cases: Case[], store: Store, variables: Record<string, string>): Promise<Figure[]> {
  const pairs = new Map<Case, Pair[]>(cases.map((one) => [one, []]))
  for (let round = 0; round < ROUNDS; round++) {
    const cached = await start(variables)
    const bare = await start(variables, { program: join('bench', 'uncached_server.ts') })
    for (const one of cases) pairs.get(one)?.push(await measurePair(one, cached, bare))
    await cached.stop()
    await bare.stop()
  }
  return [...pairs].map(([{ name }, rounds]) => ({ name: `${name}, ${TITLES[store]}`, value: describe(rounds) }))
}

async function measurePair({ paths }: Case, cached: ApiProcess, bare: ApiProcess): Promise<Pair> {
  const measured = { cached: [] as Measured[], bare: [] as Measured[] }
  // Turn 0 warms up.
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const [side, server] of [
      ['cached', cached],
      ['bare', bare],
    ] as const) {
      const load = await putReads({ url: server.url, paths, connections: CONNECTIONS, duration_s: TURN_S })
      if (turn > 0) measured[side].push({ requests_per_s: load.requests / load.duration_s, p95_ms: load.p95_ms })
    }
  }
  const medianOf = (side: Measured[]): Measured => ({
    requests_per_s: median(side.map((one) => one.requests_per_s)),
    p95_ms: median(side.map((one) => one.p95_ms)),
  })
  return { cached: medianOf(measured.cached), bare: medianOf(measured.bare) }
}

/** Returns the medians of both sides, and the median, the least and the greatest of their ratio. */
function describe(rounds: Pair[]): string {
  const side = (which: keyof Pair) => {
    const of = (what: keyof Measured) => median(rounds.map((round) => round[which][what]))
    return `${of('requests_per_s').toFixed(0)} requests/s, p95 ${of('p95_ms').toFixed(1)} ms`
  }
  const times = (what: keyof Measured) => {
    const ratios = rounds.map(({ cached, bare }) => cached[what] / bare[what])
    return `× ${describeSpread(ratios, 2)}`
  }
  return `${side('cached')}; without ${side('bare')}; requests ${times('requests_per_s')}, p95 ${times('p95_ms')}`
}

/** Replays views as fast as the server responds, so no page expires. A hit is a view without a load from the database. */
async function replayViews(sql: Pool, paths: string[], { url }: ApiProcess): Promise<Figure> {
  const name = 'hit rate, replayed'
  const countLoads = await openLoadCount(sql)
  if (!countLoads) return { name, value: 'not measured: the server keeps no pg_stat_statements' }
  const before = await countLoads()
  const { requests, duration_s } = await putLoad({ url, paths, connections: CONNECTIONS, duration_s: 0 })
  const loads = (await countLoads()) - before
  const counted = `${loads} loads of ${new Set(paths).size} pages in ${duration_s.toFixed(0)} s`
  return { name, value: `${percent(1 - loads / requests)} of the first ${requests} views, all at once: ${counted}` }
}

/** Computes the hit rates. A measurement would take a year, because the views span a year. */
function describePaces(views: BasketView[]): Figure[] {
  return [1, 100, 10_000].map((times) => ({
    name: `hit rate, ${times} × its visitors`,
    value: `${percent(hitRateAt(views, times, PAGE_TTL_S))} of ${views.length} views over ${days(views, times)} with pages kept for ${PAGE_TTL_S} s`,
  }))
}

function days(views: BasketView[], times: number): string {
  const seconds = ((views.at(-1)?.at_s ?? 0) - (views[0]?.at_s ?? 0)) / times
  return seconds > 86_400 ? `${(seconds / 86_400).toFixed(0)} days` : `${(seconds / 3600).toFixed(1)} hours`
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
