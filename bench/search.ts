/**
 * Measures search over HTTP with facets on large catalogs. Several people search at once, on the same cores as the API,
 * PostgreSQL and Elasticsearch. They send the judged queries, clean and misspelled. A cache would soon hold all of them. So a
 * second API process runs, because a process that is not alone does not cache, and Elasticsearch's request cache is off.
 */
import { readFileSync } from 'node:fs'
import { migrate } from '../src/deploy/migrate.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { IMPORT_LANES } from '../src/domains/catalog/import_catalog.ts'
import { seedListings } from '../src/domains/catalog/seed_listings.ts'
import { buildIndex } from '../src/domains/search/elasticsearch/build_index.ts'
import { openElasticsearch } from '../src/domains/search/elasticsearch/client.ts'
import { PRODUCTS } from '../src/domains/search/elasticsearch/index.ts'
import { openPool, type Pool } from '../src/platform/db/client.ts'
import { startApi } from '../test/support/api_process.ts'
import { describeTimes } from '../test/support/figures.ts'
import { type Elasticsearch, startElasticsearch } from '../test/support/stores/elasticsearch.ts'
import type { Figure } from './bench.ts'
import { passChangesOn, settleIndex } from './prepare_index.ts'
import { readRelevanceSet } from './relevance/rate_relevance.ts'

/** `on` is a database that already holds the listings. If it is null, each number of listings has a new database. */
export type SearchBench = { listings: number[]; on: string | null; people: number; queries: number }

const HEAP_MB = 1024
/** The warm-up takes about a minute. Searches take twice as long until the JVM has compiled Elasticsearch's code. */
const WARM_UP = 6000

export async function benchSearch(database_url: string | undefined, bench: SearchBench): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const listings of bench.on ? [0] : bench.listings) {
    const scratch = bench.on ? null : await createScratchDatabase(database_url)
    const url = bench.on ?? scratch?.url ?? ''
    const elasticsearch = await startElasticsearch({ heap_mb: HEAP_MB })
    const sql = openPool(url, { max: IMPORT_LANES, name: 'stallwright bench', statement_timeout_ms: 0 })
    try {
      await migrate(url)
      if (scratch) await seed(sql, listings)
      figures.push(...(await measureIndexAndSearch(sql, url, elasticsearch, bench)))
    } finally {
      await sql.end({ timeout: 5 })
      await elasticsearch.stop()
      await scratch?.drop()
    }
  }
  return figures
}

async function seed(sql: Pool, listings: number): Promise<void> {
  const onProgress = (end: number) => progress(`${end} of ${listings} items`)
  await seedListings(sql, listings, 1, { onProgress, onBadRow: () => {} })
  await sql`vacuum (analyze)`
}

async function measureIndexAndSearch(
  sql: Pool,
  url: string,
  { url: at, pid }: Elasticsearch,
  bench: SearchBench,
): Promise<Figure[]> {
  await passChangesOn(sql)
  const client = openElasticsearch(at)
  const began = performance.now()
  const documents = await buildIndex({
    sql,
    client,
    alias: PRODUCTS,
    linger_ms: 0,
    onProgress: (done) => progress(`${done} indexed`),
  })
  const took_s = (performance.now() - began) / 1000
  await settleIndex(client, PRODUCTS)
  await client.close()
  const size = `${documents} listings`
  const peak = pid === null ? 'not ours' : `${readPeakMb(pid)} MB`
  const rss = Math.round(process.resourceUsage().maxRSS / 1000)
  const built = `${Math.round((documents ?? 0) / took_s)} listings/s, Elasticsearch at most ${peak} (heap ${HEAP_MB} MB), the builder ${rss} MB`
  const variables = { DATABASE_URL: url, ELASTICSEARCH_URL: at }
  const [api, idle] = [await startApi(variables), await startApi(variables)]
  try {
    await ask(api.url, { ...bench, queries: WARM_UP })
    return [
      { name: `${size}, index`, value: built },
      { name: `${size}, search`, value: await ask(api.url, bench) },
    ]
  } finally {
    await api.stop()
    await idle.stop()
  }
}

/** Each person sends the next query as soon as the last response has arrived. */
async function ask(url: string, { people, queries }: { people: number; queries: number }): Promise<string> {
  const texts = readRelevanceSet().queries.map(({ text }) => text)
  const times_ms: number[] = []
  let asked = 0
  let stood_in = 0
  const began = performance.now()
  const person = async () => {
    while (asked < queries) {
      const q = encodeURIComponent(texts[asked++ % texts.length] ?? '')
      const sent = performance.now()
      const answer = await fetch(`${url}/v1/search?q=${q}`)
      const page = (await answer.json()) as { degraded: boolean }
      times_ms.push(performance.now() - sent)
      if (!answer.ok) throw new Error(`a search returned ${answer.status}`)
      if (page.degraded) stood_in++
    }
  }
  await Promise.all(Array.from({ length: people }, person))
  const rate = Math.round((1000 * queries) / (performance.now() - began))
  return `${rate}/s, ${describeTimes(times_ms)}${stood_in > 0 ? `, ${stood_in} of them by PostgreSQL` : ''}`
}

function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${line}   `)
}

/** Returns the peak resident memory of a process in MB of 10^6 bytes. Linux only. */
function readPeakMb(pid: number): number {
  const [, kib = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round((Number(kib) * 1024) / 1e6)
}
