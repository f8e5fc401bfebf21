import { join } from 'node:path'
import { type ServerProcess, startServerProcess } from '../loadtest/replay/server_process.ts'
import { migrate } from '../src/deploy/migrate.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { loadShippedCatalog } from '../src/domains/catalog/load_shipped.ts'
import { openPool, type Pool } from '../src/platform/db/client.ts'
import { openLoadCount } from '../test/faults/stage/loads.ts'
import { startRedis } from '../test/faults/stage/redis_process.ts'
import { findProgram } from '../test/support/requirements.ts'
import { type BasketView, hitRateAt, readBasketViews } from './basket_views.ts'
import { describeSpread, type Figure, middle } from './figures.ts'
import { putLoad } from './load_process.ts'

const ROUNDS = 3
/** Of a round: so often one second with, one without, so that a machine that grows slower or faster favours neither. */
const TURNS = 4
const TURN_S = 1
const CONNECTIONS = 16
const REPLAYED_VIEWS = 20_000
const PAGE_TTL_S = 300

type Store = 'own' | 'redis'
type Case = { name: string; paths: string[] }
type Measured = { requests_per_s: number; p95_ms: number }
/** One round of one case, with the cache and without. */
type Pair = { cached: Measured; bare: Measured }

const TITLES: Record<Store, string> = { own: 'in the process', redis: 'in Redis' }

/**
 * The hot listing's page, and the pages that real baskets look at, with the cache of one process and with the cache in Redis,
 * each against a server of the same routes whose every reader loads for itself (uncached_server.ts). Both of a pair run all the
 * time and are asked in turn; with Redis both count their rate limits there.
 */
export async function benchCache(database_url: string | undefined): Promise<Figure[]> {
  const scratch = await createScratchDatabase(database_url)
  const sql = openPool(scratch.url, { max: 1, name: 'stallwright bench', statement_timeout_ms: 0 })
  const redis = findProgram('redis-server') ? await startRedis() : null
  try {
    await migrate(scratch.url)
    await loadShippedCatalog(scratch.url, sql)
    const views = await readBasketViews(sql)
    const paths = views.slice(0, REPLAYED_VIEWS).map(({ product_id }) => `/v1/products/${product_id}`)
    const cases: Case[] = [
      { name: 'hot page', paths: paths.slice(0, 1) },
      { name: "baskets' pages", paths },
    ]
    const variablesFor = (store: Store): Record<string, string> => (store === 'redis' ? { REDIS_URL: redis?.url ?? '' } : {})
    const figures: Figure[] = []
    for (const store of redis ? (['own', 'redis'] as const) : (['own'] as const))
      figures.push(...(await compare(cases, scratch.url, store, variablesFor(store))))
    if (!redis) figures.push({ name: TITLES.redis, value: 'not measured: no redis-server' })
    await redis?.flush()
    const server = await startServerProcess(scratch.url, { variables: variablesFor(redis ? 'redis' : 'own') })
    return [...figures, await replayViews(sql, paths, server), ...describePaces(views)]
  } finally {
    await redis?.kill()
    await sql.end({ timeout: 5 })
    await scratch.drop()
  }
}

async function compare(cases: Case[], url: string, store: Store, variables: Record<string, string>): Promise<Figure[]> {
  const pairs = new Map<Case, Pair[]>(cases.map((one) => [one, []]))
  for (let round = 0; round < ROUNDS; round++) {
    const cached = await startServerProcess(url, { variables })
    const bare = await startServerProcess(url, { variables, program: join('bench', 'uncached_server.ts') })
    for (const one of cases) pairs.get(one)?.push(await measurePair(one, cached, bare))
    await cached.stop()
    await bare.stop()
  }
  return [...pairs].map(([{ name }, rounds]) => ({ name: `${name}, ${TITLES[store]}`, value: describe(rounds) }))
}

async function measurePair({ paths }: Case, cached: ServerProcess, bare: ServerProcess): Promise<Pair> {
  const measured = { cached: [] as Measured[], bare: [] as Measured[] }
  // The first turn is for warming up.
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const [side, server] of [
      ['cached', cached],
      ['bare', bare],
    ] as const) {
      const load = await putLoad({ url: server.url, paths, connections: CONNECTIONS, duration_s: TURN_S })
      if (load.failures > 0) throw new Error(`${load.failures} of ${load.requests} requests failed`)
      if (turn > 0) measured[side].push({ requests_per_s: load.requests / load.duration_s, p95_ms: load.p95_ms })
    }
  }
  const middleOf = (side: Measured[]): Measured => ({
    requests_per_s: middle(side.map((one) => one.requests_per_s)),
    p95_ms: middle(side.map((one) => one.p95_ms)),
  })
  return { cached: middleOf(measured.cached), bare: middleOf(measured.bare) }
}

/** What was measured side by side, and how many times the one is the other: the middle of the rounds, the least and the most. */
function describe(rounds: Pair[]): string {
  const side = (which: keyof Pair) => {
    const of = (what: keyof Measured) => middle(rounds.map((round) => round[which][what]))
    return `${of('requests_per_s').toFixed(0)} requests/s, p95 ${of('p95_ms').toFixed(1)} ms`
  }
  const times = (what: keyof Measured) => {
    const ratios = rounds.map(({ cached, bare }) => cached[what] / bare[what])
    return `× ${describeSpread(ratios, 2)}`
  }
  return `${side('cached')}; without ${side('bare')}; requests ${times('requests_per_s')}, p95 ${times('p95_ms')}`
}

/** As fast as the server answers, so that nothing lapses meanwhile. A hit is a view for which the database loaded no page. */
async function replayViews(sql: Pool, paths: string[], server: ServerProcess): Promise<Figure> {
  try {
    const countLoads = await openLoadCount(sql)
    if (!countLoads) return { name: 'hit rate, replayed', value: 'not measured: the server keeps no pg_stat_statements' }
    const before = await countLoads()
    const { requests, duration_s } = await putLoad({ url: server.url, paths, connections: CONNECTIONS, duration_s: 0 })
    const loads = (await countLoads()) - before
    const counted = `${loads} loads of ${new Set(paths).size} pages in ${duration_s.toFixed(0)} s`
    return {
      name: 'hit rate, replayed',
      value: `${percent(1 - loads / requests)} of the first ${requests} views, all at once: ${counted}`,
    }
  } finally {
    await server.stop()
  }
}

/** Worked out, not run: the shop sold for a year. All views at once is every view but the first of each listing. */
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
