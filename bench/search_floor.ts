/**
 * Search over HTTP against the stores' own time: the very calls that a search makes, sent straight to PostgreSQL and Elasticsearch one
 * after the other. Recorded once for each judged query, then each query is asked both ways in turn, by one person, with nothing cached.
 */

import { type ServerProcess, startServerProcess } from '../loadtest/replay/server_process.ts'
import { migrate } from '../src/deploy/migrate.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { loadShippedCatalog } from '../src/domains/catalog/load_shipped.ts'
import { EVERYTHING } from '../src/domains/search/backend.ts'
import { openElasticsearchBackend } from '../src/domains/search/elasticsearch/backend.ts'
import { openElasticsearch } from '../src/domains/search/elasticsearch/client.ts'
import { PRODUCTS } from '../src/domains/search/elasticsearch/index.ts'
import { openPostgresBackend } from '../src/domains/search/postgres_backend.ts'
import { openPool, type Pool, type Sql } from '../src/platform/db/client.ts'
import { hasElasticsearch, startElasticsearch } from '../test/support/stores/elasticsearch.ts'
import { describeSpread, type Figure, middle } from './figures.ts'
import { putLoad } from './load_process.ts'
import { settleIndex, untilIndexed } from './prepare_index.ts'
import { readRelevanceSet } from './relevance/rate_relevance.ts'

const HEAP_MB = 1024
const ROUNDS = 5
/** Until Elasticsearch's code is compiled, searches take twice as long. */
const WARM_UP_S = 45
const WARM_UP_CONNECTIONS = 4
const NDJSON = { 'Content-Type': 'application/x-ndjson' }

/** What a search sends to a store: a statement with its arguments, or the body of an `_msearch`. */
type Step = { text: string; args: unknown[] } | { body: string }
type Recorded = { q: string; steps: Step[] }
/** Milliseconds of each query in one round. */
type Round = { straight: number[]; http: number[] }

/** What HTTP adds at the middle, in milliseconds, to searches by each engine. */
export async function benchSearchFloor(database_url: string | undefined): Promise<Figure[]> {
  const scratch = await createScratchDatabase(database_url)
  const sql = openPool(scratch.url, { max: 2, name: 'stallwright bench', statement_timeout_ms: 0 })
  const closes: (() => unknown)[] = [scratch.drop, () => sql.end({ timeout: 5 })]
  try {
    await migrate(scratch.url)
    await loadShippedCatalog(scratch.url, sql)
    // Beside another process none caches for itself.
    const plain = await startServerProcess(scratch.url)
    closes.push(plain.stop)
    const idle = await startServerProcess(scratch.url)
    closes.push(idle.stop)
    const figures = await compare(sql, plain, { name: 'PostgreSQL', es_url: null })
    if (!hasElasticsearch()) return [...figures, { name: 'search by Elasticsearch', value: 'not measured: there is none' }]
    const elasticsearch = await startElasticsearch({ heap_mb: HEAP_MB })
    closes.push(elasticsearch.stop)
    const api = await startServerProcess(scratch.url, { variables: { ELASTICSEARCH_URL: elasticsearch.url } })
    closes.push(api.stop)
    await untilIndexed(api.url)
    const client = openElasticsearch(elasticsearch.url)
    await settleIndex(client, PRODUCTS)
    await client.close()
    return [...figures, ...(await compare(sql, api, { name: 'Elasticsearch', es_url: elasticsearch.url }))]
  } finally {
    for (const close of closes.reverse()) await close()
  }
}

type Stores = { name: string; es_url: string | null }

async function compare(sql: Pool, api: ServerProcess, { name, es_url }: Stores): Promise<Figure[]> {
  const searches = await record(sql, es_url)
  const paths = searches.map(({ q }) => pathOf(q))
  await putLoad({ url: api.url, paths, connections: WARM_UP_CONNECTIONS, duration_s: WARM_UP_S })
  const rounds: Round[] = []
  // The first round is for warming up.
  for (let round = 0; round <= ROUNDS; round++) {
    const measured = await askBothWays(sql, es_url, api, searches)
    if (round > 0) rounds.push(measured)
  }
  const p50 = (side: keyof Round) => rounds.map((round) => middle(round[side]))
  const added = rounds.map(({ straight, http }) => middle(http.map((ms, place) => ms - (straight[place] ?? 0))))
  const calls = middle(searches.map(({ steps }) => steps.length))
  return [
    {
      name: `search, straight to ${name}`,
      value: `p50 ${describeSpread(p50('straight'), 1)} ms, ${calls} calls one after the other`,
    },
    { name: `search by ${name}, HTTP`, value: `p50 ${describeSpread(p50('http'), 1)} ms, adds ${describeSpread(added, 1)} ms` },
  ]
}

const pathOf = (q: string) => `/v1/search?q=${encodeURIComponent(q)}`

/** Lets the service's own code search each query once, and notes what it sent. */
async function record(sql: Pool, es_url: string | null): Promise<Recorded[]> {
  const steps: Step[] = []
  const client = es_url ? openElasticsearch(es_url) : null
  client?.diagnostic.on('request', (_, event) => steps.push({ body: String(event?.meta.request.params.body) }))
  const noted = noteStatements(sql, (text, args) => steps.push({ text, args }))
  const backend = client ? openElasticsearchBackend(noted, client) : openPostgresBackend(noted)
  try {
    const recorded: Recorded[] = []
    for (const { text: q } of readRelevanceSet().queries) {
      await backend.search({ ...EVERYTHING, q })
      recorded.push({ q, steps: steps.splice(0) })
    }
    return recorded
  } finally {
    await client?.close()
  }
}

/** The same pool; `note` hears of each statement first. */
function noteStatements(sql: Pool, note: (text: string, args: unknown[]) => void): Sql {
  const unsafe: Sql['unsafe'] = (text, args = [], options) => {
    note(text, args)
    return sql.unsafe(text, args, options)
  }
  return new Proxy(sql, { get: (pool, name) => (name === 'unsafe' ? unsafe : Reflect.get(pool, name)) })
}

/** Each query once straight and once over HTTP; which of the two comes first alternates. */
async function askBothWays(sql: Pool, es_url: string | null, api: ServerProcess, searches: Recorded[]): Promise<Round> {
  const round: Round = { straight: [], http: [] }
  const straight = async ({ steps }: Recorded) => void round.straight.push(await time(() => send(sql, es_url, steps)))
  const http = async ({ q }: Recorded) => void round.http.push(await time(() => read(fetch(api.url + pathOf(q)))))
  for (const [place, search] of searches.entries())
    for (const ask of place % 2 === 0 ? [straight, http] : [http, straight]) await ask(search)
  return round
}

async function time(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await run()
  return performance.now() - began
}

async function send(sql: Pool, es_url: string | null, steps: Step[]): Promise<void> {
  for (const step of steps) {
    if ('text' in step) await sql.unsafe(step.text, step.args as never[], { prepare: true })
    else await read(fetch(`${es_url}/${PRODUCTS}/_msearch`, { method: 'POST', headers: NDJSON, body: step.body }))
  }
}

async function read(asked: Promise<Response>): Promise<void> {
  const answer = await asked
  const text = await answer.text()
  if (!answer.ok) throw new Error(`a search answered ${answer.status}: ${text.slice(0, 200)}`)
}
