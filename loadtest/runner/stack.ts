import { putCheckouts } from '../../bench/load_process.ts'
import { untilIndexed } from '../../bench/prepare_index.ts'
import { migrate } from '../../src/deploy/migrate.ts'
import { createScratchDatabase } from '../../src/deploy/scratch_database.ts'
import { IMPORT_LANES } from '../../src/domains/catalog/import_catalog.ts'
import { loadShippedCatalog } from '../../src/domains/catalog/load_shipped.ts'
import { seedListings } from '../../src/domains/catalog/seed_listings.ts'
import { openPool, type Pool } from '../../src/platform/db/client.ts'
import { startRedis } from '../../test/faults/servers/redis_process.ts'
import { startApis } from '../../test/support/api_process.ts'
import { fillCarts, makePeople } from '../../test/support/people.ts'
import { findProgram } from '../../test/support/requirements.ts'
import { hasElasticsearch, startElasticsearch } from '../../test/support/stores/elasticsearch.ts'
import type { Watched } from './processes.ts'
import { prepareStage, type Stage } from './stage.ts'
import { openStatementWatch, type StatementWatch } from './statement_watch.ts'

/** A service under load. */
export type Stack = {
  url: string
  /** Its database. */
  sql: Pool
  stage: Stage
  /** The processes that this run has started. */
  watched: Watched
  /** The parts of the stack, for the report. */
  about: string[]
  /** The address of a given service. Null for a stack of this run. */
  target: string | null
  /** Null for a given database, because its counters are not ours to reset. */
  statements: StatementWatch | null
  stop: () => Promise<void>
}

export type StackOptions = {
  database_url: string | undefined
  /** Synthetic listings. Null: the shipped catalog. */
  listings: number | null
  /** API processes on one port. */
  processes: number
  /** Buyers of a flash sale. */
  crowd: number
  say: (line: string) => void
}

const HEAP_MB = 1024
const WARM_UP_CALLS = 4000
const WARM_UP_LANES = 8
const WARM_UP_PURCHASES = 400
const WARM_UP_LINES = 4

/** Starts a stack with a new database and the installed stores. `stop` removes all of it. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { say } = options
  const closes: (() => unknown)[] = []
  const stop = async () => {
    for (const close of closes.splice(0).reverse()) await close()
  }
  try {
    const scratch = await createScratchDatabase(options.database_url)
    closes.push(scratch.drop)
    const sql = openPool(scratch.url, { max: IMPORT_LANES, name: 'stallwright loadtest', statement_timeout_ms: 0 })
    closes.push(() => sql.end({ timeout: 5 }))
    const roots = new Map<number, string>()
    const began = performance.now()
    say('Starting a stack, filling it and warming it up, which takes one to three minutes…')
    await fill(sql, scratch.url, options)
    say('Preparing people and listings…')
    const stage = await prepareStage(sql, options, '')
    await sql`vacuum (analyze)`
    const variables = await startStores(options, closes, roots)
    const servers = await startApis(options.processes, { DATABASE_URL: scratch.url, ...variables })
    closes.push(async () => void (await Promise.all(servers.map((server) => server.stop()))))
    const url = servers[0]?.url ?? ''
    if (variables.ELASTICSEARCH_URL) {
      say('Building the search index…')
      await untilIndexed(url)
    }
    say('Warming up…')
    await warmUp(url, stage)
    await sellSome(sql, url, stage)
    say(`Ready after ${((performance.now() - began) / 1000).toFixed(0)} s.`)
    for (const [place, { pid }] of servers.entries()) roots.set(pid, servers.length === 1 ? 'API' : `API ${place + 1}`)
    const watched = { roots, database: new URL(scratch.url).pathname.slice(1) }
    const about = await describeStack(sql, servers.length, variables)
    return { url, sql, stage, watched, about, target: null, statements: await openStatementWatch(sql), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function describeStack(sql: Pool, processes: number, variables: Record<string, string>): Promise<string[]> {
  const [{ count } = { count: 0 }] = await sql<{ count: number }[]>`select count(*)::integer as count from products`
  const stores = ['PostgreSQL', variables.REDIS_URL && 'Redis', variables.ELASTICSEARCH_URL && 'Elasticsearch']
  const api = processes === 1 ? 'one API process' : `${processes} API processes`
  return [`${count} listings`, api, stores.filter(Boolean).join(', '), 'k6 on the same cores']
}

async function fill(sql: Pool, url: string, { listings, say }: StackOptions): Promise<void> {
  await migrate(url)
  if (listings === null) return void (await loadShippedCatalog(url, sql, say))
  let said = 0
  const onProgress = (done: number) => {
    if (done - said < 50_000) return
    said = done
    say(`${done} of ${listings} listings`)
  }
  await seedListings(sql, listings, 1, { onProgress, onBadRow: ({ line, reason }) => say(`item ${line}: ${reason}`) })
}

/** Adds the processes that it starts to `roots`. An Elasticsearch that ran before, or runs in a container, is not among them. */
async function startStores(
  { say }: StackOptions,
  closes: (() => unknown)[],
  roots: Map<number, string>,
): Promise<Record<string, string>> {
  const variables: Record<string, string> = {}
  if (findProgram('redis-server')) {
    const redis = await startRedis()
    closes.push(redis.kill)
    variables.REDIS_URL = redis.url
    roots.set(redis.pid(), 'Redis')
  } else say('Without Redis: there is no redis-server.')
  if (hasElasticsearch()) {
    const elasticsearch = await startElasticsearch({ heap_mb: HEAP_MB })
    closes.push(elasticsearch.stop)
    variables.ELASTICSEARCH_URL = elasticsearch.url
    if (elasticsearch.pid !== null) roots.set(elasticsearch.pid, 'Elasticsearch')
  } else say('Without Elasticsearch: PostgreSQL searches.')
  return variables
}

/** Makes the API and Elasticsearch compile their code. Elasticsearch takes longer. */
async function warmUp(url: string, { queries, listings }: Stage): Promise<void> {
  const paths = Array.from({ length: WARM_UP_CALLS }, (_, turn) =>
    turn % 4 === 3
      ? `/v1/products/${listings[turn % listings.length]}`
      : `/v1/search?q=${encodeURIComponent(queries[turn % queries.length] ?? '')}&price_max=${100 + (turn % 400)}`,
  )
  const lane = async () => {
    for (let path = paths.pop(); path; path = paths.pop()) await (await fetch(url + path)).arrayBuffer()
  }
  await Promise.all(Array.from({ length: WARM_UP_LANES }, lane))
}

/** Fills the tables of orders before they are analyzed. Plans made for empty tables read them whole. */
async function sellSome(sql: Pool, url: string, { goods }: Stage): Promise<void> {
  const buyers = await makePeople(sql, WARM_UP_PURCHASES)
  // These carts have no texts.
  const sold = goods.filter(({ takes_text }) => !takes_text)
  for (let first = 0; first < buyers.length; first += 10) {
    const start = (first * WARM_UP_LINES) % sold.length
    await fillCarts(sql, buyers.slice(first, first + 10), sold.slice(start, start + WARM_UP_LINES))
  }
  await putCheckouts(
    url,
    buyers.map(({ token }) => token),
    WARM_UP_LANES,
    // Beside other load a few get a 503. The tables fill all the same.
    WARM_UP_PURCHASES / 20,
  )
  await sql`vacuum (analyze)`
}
