/**
 * How the calls of a shop grow with its catalogue. All sizes are there at once, each with a database, an index and two processes of its
 * own (beside another process none caches for itself), and are asked in turn, so that a machine that grows slower favours none.
 */

import { startServerProcess } from '../loadtest/replay/server_process.ts'
import { migrate } from '../src/deploy/migrate.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { IMPORT_LANES } from '../src/domains/catalog/import_catalog.ts'
import { seedListings } from '../src/domains/catalog/seed_listings.ts'
import { buildIndex } from '../src/domains/search/elasticsearch/build_index.ts'
import { openElasticsearch } from '../src/domains/search/elasticsearch/client.ts'
import { openPool, type Pool } from '../src/platform/db/client.ts'
import { startElasticsearch } from '../test/support/stores/elasticsearch.ts'
import { type Buyers, openBuyers } from './buyers.ts'
import { putCheckouts } from './checkout_load.ts'
import { describeSpread, type Figure, middle } from './figures.ts'
import { putLoad } from './load_process.ts'
import { passChangesOn, settleIndex } from './prepare_index.ts'
import { readRelevanceSet } from './relevance/rate_relevance.ts'

const HEAP_MB = 1024
const ROUNDS = 5
const TURN_S = 4
const CONNECTIONS = 4
const WARM_UP_S = 60
const BUYERS = 300
const PAGES = 10_000

/** One size of catalogue, and how to ask it. */
type Market = { listings: number; url: string; sql: Pool; buyers: Buyers; shops: number[]; categories: string[] }
type Call = 'category browse' | "a shop's listings" | 'product page' | 'search with facets' | 'checkout'
const CALLS: Call[] = ['category browse', "a shop's listings", 'product page', 'search with facets', 'checkout']

/** p95 of each call at each size, and how many times that of the first size it is, in the middle of the rounds. */
export async function benchGrowth(database_url: string | undefined, sizes: number[]): Promise<Figure[]> {
  const closes: (() => unknown)[] = []
  try {
    const elasticsearch = await startElasticsearch({ heap_mb: HEAP_MB })
    closes.push(elasticsearch.stop)
    const markets: Market[] = []
    for (const size of sizes) {
      console.error(`Listing ${size}…`)
      markets.push(await openMarket(database_url, elasticsearch.url, size, closes))
    }
    console.error('Warming up…')
    for (const market of markets) await warmUp(market)
    const rounds: Record<Call, number[]>[] = []
    // The first round is for warming up.
    for (let round = 0; round <= ROUNDS; round++) {
      console.error(`Round ${round} of ${ROUNDS}…`)
      const measured = await measureRound(markets)
      if (round > 0) rounds.push(measured)
    }
    return CALLS.flatMap((call) => markets.map((market, place) => describe(call, market, place, rounds)))
  } finally {
    for (const close of closes.reverse()) await close()
  }
}

async function openMarket(
  database_url: string | undefined,
  es_url: string,
  listings: number,
  closes: (() => unknown)[],
): Promise<Market> {
  const scratch = await createScratchDatabase(database_url)
  closes.push(scratch.drop)
  const sql = openPool(scratch.url, { max: IMPORT_LANES, name: 'stallwright bench', statement_timeout_ms: 0 })
  closes.push(() => sql.end({ timeout: 5 }))
  await migrate(scratch.url)
  await seedListings(sql, listings, 1, { onProgress: () => {}, onBadRow: () => {} })
  const buyers = await openBuyers(sql)
  await passChangesOn(sql)
  await sql`vacuum (analyze)`
  const alias = `products_${listings}`
  const client = openElasticsearch(es_url)
  await buildIndex({ sql, client, alias, linger_ms: 0, onProgress: () => {} })
  await settleIndex(client, alias)
  await client.close()
  const variables = { ELASTICSEARCH_URL: es_url, SEARCH_INDEX: alias }
  const api = await startServerProcess(scratch.url, { variables })
  closes.push(api.stop)
  closes.push((await startServerProcess(scratch.url, { variables })).stop)
  const shops = await sql<{ id: number }[]>`select id from shops order by md5(id::text) limit 1000`
  const categories = await sql<{ slug: string }[]>`select slug from categories order by md5(slug)`
  return {
    listings,
    url: api.url,
    sql,
    buyers,
    shops: shops.map(({ id }) => id),
    categories: categories.map(({ slug }) => slug),
  }
}

/** Reads anew in every round, and never in the order of another one. */
async function pathsOf({ sql, shops, categories }: Market, call: Call): Promise<string[]> {
  if (call === 'category browse') return categories.map((slug) => `/v1/search?category=${slug}&sort=newest`)
  if (call === "a shop's listings") return shops.map((id) => `/v1/shops/${id}/products`)
  if (call === 'search with facets')
    return readRelevanceSet().queries.map(({ text }) => `/v1/search?q=${encodeURIComponent(text)}`)
  const ids = await sql<{ id: number }[]>`select id from products where archived_at is null order by random() limit ${PAGES}`
  return ids.map(({ id }) => `/v1/products/${id}`)
}

/** Until Elasticsearch's code is compiled, searches take twice as long. */
async function warmUp(market: Market): Promise<void> {
  const paths = await pathsOf(market, 'search with facets')
  await putLoad({ url: market.url, paths, connections: CONNECTIONS, duration_s: WARM_UP_S })
}

async function measureRound(markets: Market[]): Promise<Record<Call, number[]>> {
  const p95s = {} as Record<Call, number[]>
  for (const call of CALLS) {
    p95s[call] = []
    for (const market of markets) p95s[call].push(call === 'checkout' ? await checkOut(market) : await read(market, call))
  }
  return p95s
}

async function read(market: Market, call: Call): Promise<number> {
  const paths = await pathsOf(market, call)
  const load = await putLoad({ url: market.url, paths, connections: CONNECTIONS, duration_s: TURN_S })
  if (load.failures > 0) throw new Error(`${load.failures} of ${load.requests} requests failed: ${call}`)
  return load.p95_ms
}

async function checkOut({ url, buyers }: Market): Promise<number> {
  const tokens = await buyers.fillCarts(BUYERS)
  const { failures, p95_ms } = await putCheckouts({ url, tokens, connections: CONNECTIONS })
  if (failures > 0) throw new Error(`${failures} of ${BUYERS} checkouts failed`)
  return p95_ms
}

function describe(call: Call, { listings }: Market, place: number, rounds: Record<Call, number[]>[]): Figure {
  const p95s = rounds.map((round) => round[call][place] ?? 0)
  const times = middle(rounds.map((round) => (round[call][place] ?? 0) / (round[call][0] ?? 1)))
  const growth = place === 0 ? '' : `, × ${times.toFixed(2)}`
  return { name: `${call}, ${listings}`, value: `p95 ${describeSpread(p95s, 1)} ms${growth}` }
}
