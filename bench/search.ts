/**
 * Measures search over HTTP with facets on large catalogs. Several people search at once, on the same cores as the API and the
 * stores. With Elasticsearch they send the judged queries, clean and misspelled. With PostgreSQL alone they send searches of
 * every kind. A cache would soon hold all of them. So a second API process runs, because a process that is not alone does not
 * cache, and Elasticsearch's request cache is off.
 */
import { readFileSync } from 'node:fs'
import { IMPORT_LANES } from '../src/domains/catalog/import_catalog.ts'
import { seedListings } from '../src/domains/catalog/seed_listings.ts'
import { buildIndex } from '../src/domains/search/elasticsearch/build_index.ts'
import { openElasticsearch } from '../src/domains/search/elasticsearch/client.ts'
import { PRODUCTS } from '../src/domains/search/elasticsearch/indices.ts'
import type { Pool } from '../src/platform/db/client.ts'
import { describeTimes } from '../test/support/figures.ts'
import { type Elasticsearch, startElasticsearch } from '../test/support/stores/elasticsearch.ts'
import { type Bench, type Figure, withBench } from './bench.ts'
import { type MixedSearch, mixSearches } from './mixed_searches.ts'
import { passChangesOn, settleIndex } from './prepare_index.ts'
import { readRelevanceSet } from './relevance/rate_relevance.ts'

/**
 * The bench runs once for each number of `listings`, in a new database. `queries` is the number of measured searches. `is_mixed`
 * sends mixSearches to PostgreSQL alone.
 */
export type SearchBench = { is_mixed: boolean; listings: number[]; people: number; queries: number }

const HEAP_MB = 1024
/** The warm-up takes about a minute. Searches take twice as long until the JVM has compiled Elasticsearch's code. */
const WARM_UP = 6000
/** The number of different searches with PostgreSQL alone. All are sent once before the measurement. */
const MIXED = 400

export async function benchSearch(database_url: string | undefined, search: SearchBench): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const listings of search.listings) {
    const elasticsearch = search.is_mixed ? null : await startElasticsearch({ heap_mb: HEAP_MB })
    try {
      const measured = await withBench(database_url, { has_catalog: false, connections: IMPORT_LANES }, async (bench) => {
        const onProgress = (end: number) => progress(`${end} of ${listings} items`)
        await seedListings(bench.sql, listings, 1, { onProgress, onBadRow: () => {} })
        await bench.sql`vacuum (analyze)`
        if (!elasticsearch) return [await measureMixed(bench, search)]
        return [await measureIndex(bench.sql, elasticsearch), await measureSearch(bench, elasticsearch, search)]
      })
      figures.push(...measured.map(({ name, value }) => ({ name: `${listings} listings, ${name}`, value })))
    } finally {
      await elasticsearch?.stop()
    }
  }
  return figures
}

async function measureIndex(sql: Pool, { url, pid }: Elasticsearch): Promise<Figure> {
  await passChangesOn(sql)
  const client = openElasticsearch(url)
  const onProgress = (done: number) => progress(`${done} indexed`)
  const began = performance.now()
  const documents = await buildIndex({ sql, client, alias: PRODUCTS, linger_ms: 0, onProgress })
  const rate = Math.round((1000 * (documents ?? 0)) / (performance.now() - began))
  await settleIndex(client, PRODUCTS)
  await client.close()
  const peak = pid === null ? 'not ours' : `${readPeakMb(pid)} MB`
  const rss_mb = Math.round(process.resourceUsage().maxRSS / 1000)
  return { name: 'index', value: `${rate}/s, Elasticsearch at most ${peak} (heap ${HEAP_MB} MB), the builder ${rss_mb} MB` }
}

async function measureSearch({ start }: Bench, { url }: Elasticsearch, search: SearchBench): Promise<Figure> {
  const api = await start({ ELASTICSEARCH_URL: url })
  await start({ ELASTICSEARCH_URL: url })
  const searches = readRelevanceSet().queries.map(({ text }) => ({ q: text }))
  await sendSearches(api.url, searches, search.people, WARM_UP)
  return { name: 'search', value: await sendSearches(api.url, searches, search.people, search.queries) }
}

async function measureMixed({ sql, start }: Bench, search: SearchBench): Promise<Figure> {
  const api = await start()
  await start()
  const searches = await mixSearches(sql, MIXED)
  await sendSearches(api.url, searches, search.people, searches.length)
  return { name: 'PostgreSQL', value: await sendSearches(api.url, searches, search.people, search.queries) }
}

/** Each person sends the next search as soon as the last response has arrived. */
async function sendSearches(url: string, searches: MixedSearch[], people: number, queries: number): Promise<string> {
  const times_ms: number[] = []
  let sent = 0
  let degraded = 0
  const began = performance.now()
  const person = async () => {
    while (sent < queries) {
      const parameters = new URLSearchParams(searches[sent++ % searches.length])
      const sent_at = performance.now()
      const response = await fetch(`${url}/v1/search?${parameters}`)
      const page = (await response.json()) as { degraded: boolean }
      times_ms.push(performance.now() - sent_at)
      if (!response.ok) throw new Error(`a search returned ${response.status}`)
      if (page.degraded) degraded++
    }
  }
  await Promise.all(Array.from({ length: people }, person))
  const rate = Math.round((1000 * queries) / (performance.now() - began))
  return `${rate}/s, ${describeTimes(times_ms)}${degraded > 0 ? `, ${degraded} of them by PostgreSQL` : ''}`
}

function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${line}   `)
}

/** Returns the peak resident memory of a process in MB of 10^6 bytes. Linux only. */
function readPeakMb(pid: number): number {
  const [, kib = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round((Number(kib) * 1024) / 1e6)
}
