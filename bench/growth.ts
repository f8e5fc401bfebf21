/**
 * Measures how response times grow with the catalog. All sizes exist at the same time. Each has a database, an index and two API
 * processes, because a process that is not alone does not cache. The bench loads the sizes in turn, so a change in the machine's
 * speed favors none.
 */
import { IMPORT_LANES } from '../src/domains/catalog/import_catalog.ts'
import { seedListings } from '../src/domains/catalog/seed_listings.ts'
import { buildIndex } from '../src/domains/search/elasticsearch/build_index.ts'
import { openElasticsearch } from '../src/domains/search/elasticsearch/client.ts'
import type { Pool } from '../src/platform/db/client.ts'
import { describeSpread, median } from '../test/support/figures.ts'
import { startElasticsearch } from '../test/support/stores/elasticsearch.ts'
import { type Bench, type Figure, withBench } from './bench.ts'
import { type Buyers, openBuyers } from './buyers.ts'
import { putCheckouts, putReads } from './load_process.ts'
import { passChangesOn, settleIndex } from './prepare_index.ts'
import { readRelevanceSet } from './relevance/rate_relevance.ts'

const HEAP_MB = 1024
const ROUNDS = 5
const TURN_S = 4
const CONNECTIONS = 4
const WARM_UP_S = 60
const BUYERS = 300
const PAGES = 10_000

/** A catalog of one size, with its API. */
type Market = { listings: number; url: string; sql: Pool; buyers: Buyers; shops: number[]; categories: string[] }
type Call = 'category browse' | "a shop's listings" | 'product page' | 'search with facets' | 'checkout'
const CALLS: Call[] = ['category browse', "a shop's listings", 'product page', 'search with facets', 'checkout']

/** Returns the p95 of each call at each size, and its ratio to the first size: the medians of the rounds. */
export async function benchGrowth(database_url: string | undefined, sizes: number[]): Promise<Figure[]> {
  const elasticsearch = await startElasticsearch({ heap_mb: HEAP_MB })
  const withMarkets = async (markets: Market[]): Promise<Figure[]> => {
    const size = sizes[markets.length]
    if (size === undefined) return await measure(markets)
    console.error(`Listing ${size}…`)
    return await withBench(database_url, { has_catalog: false, connections: IMPORT_LANES }, async (bench) =>
      withMarkets([...markets, await openMarket(bench, elasticsearch.url, size)]),
    )
  }
  try {
    return await withMarkets([])
  } finally {
    await elasticsearch.stop()
  }
}

async function measure(markets: Market[]): Promise<Figure[]> {
  console.error('Warming up…')
  for (const market of markets) await warmUp(market)
  const rounds: Record<Call, number[]>[] = []
  // Round 0 warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    console.error(`Round ${round} of ${ROUNDS}…`)
    const measured = await measureRound(markets)
    if (round > 0) rounds.push(measured)
  }
  return CALLS.flatMap((call) => markets.map((market, place) => describe(call, market, place, rounds)))
}

async function openMarket({ sql, start }: Bench, es_url: string, listings: number): Promise<Market> {
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
  const api = await start(variables)
  await start(variables)
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

/** Returns the paths for one call. The pages of listings differ in every round. */
async function pathsOf({ sql, shops, categories }: Market, call: Call): Promise<string[]> {
  if (call === 'category browse') return categories.map((slug) => `/v1/search?category=${slug}&sort=newest`)
  if (call === "a shop's listings") return shops.map((id) => `/v1/shops/${id}/products`)
  if (call === 'search with facets')
    return readRelevanceSet().queries.map(({ text }) => `/v1/search?q=${encodeURIComponent(text)}`)
  const ids = await sql<{ id: number }[]>`select id from products where archived_at is null order by random() limit ${PAGES}`
  return ids.map(({ id }) => `/v1/products/${id}`)
}

/** Sends searches, because searches take twice as long until the JVM has compiled Elasticsearch's code. */
async function warmUp(market: Market): Promise<void> {
  const paths = await pathsOf(market, 'search with facets')
  await putReads({ url: market.url, paths, connections: CONNECTIONS, duration_s: WARM_UP_S })
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
  return (await putReads({ url: market.url, paths, connections: CONNECTIONS, duration_s: TURN_S })).p95_ms
}

async function checkOut({ url, buyers }: Market): Promise<number> {
  return (await putCheckouts(url, await buyers.fillCarts(BUYERS), CONNECTIONS)).p95_ms
}

function describe(call: Call, { listings }: Market, place: number, rounds: Record<Call, number[]>[]): Figure {
  const p95s = rounds.map((round) => round[call][place] ?? 0)
  const times = median(rounds.map((round) => (round[call][place] ?? 0) / (round[call][0] ?? 1)))
  const growth = place === 0 ? '' : `, × ${times.toFixed(2)}`
  return { name: `${call}, ${listings}`, value: `p95 ${describeSpread(p95s, 1)} ms${growth}` }
}
