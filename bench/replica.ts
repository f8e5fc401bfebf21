/** Measures the load of the primary without and with a streaming replica, in turn. One call in ten is a write. */
import { migrate } from '../src/deploy/migrate.ts'
import { loadShippedCatalog } from '../src/domains/catalog/load_shipped.ts'
import { openPool, type Pool } from '../src/platform/db/client.ts'
import { startRedis } from '../test/faults/stage/redis_process.ts'
import { countReads } from '../test/faults/stage/replica_reads.ts'
import { type ApiProcess, startApi } from '../test/support/api_process.ts'
import { describeSpread, median } from '../test/support/figures.ts'
import { requires } from '../test/support/requirements.ts'
import { openPostgres15 } from '../test/support/stores/postgres_15.ts'
import { openStandby } from '../test/support/stores/standby.ts'
import type { Figure } from './bench.ts'
import { openBuyers } from './buyers.ts'
import { putCheckouts, putReads } from './load_process.ts'
import { readRelevanceSet } from './relevance/rate_relevance.ts'

const ROUNDS = 5
const TURN_S = 4
/** Fewer than the API's connections to each server. With more, the primary would take over reads from the replica. */
const CONNECTIONS = 8
const PEOPLE = 200

type Side = { name: string; url: string; rates: number[]; primary_ms: number[] }

/** Starts two PostgreSQL 15 servers, an API that reads from the replica, and an API that does not. */
export async function benchReplica(): Promise<Figure[]> {
  if (!requires('postgresql-15') || !requires('redis-server'))
    return [{ name: 'replica', value: 'not measured: it takes a PostgreSQL 15 and a redis-server' }]
  const closes: (() => unknown)[] = []
  try {
    const primary = await openPostgres15()
    closes.push(primary.stop)
    const sql = openPool(primary.url, { max: 2, name: 'stallwright bench', statement_timeout_ms: 0 })
    closes.push(() => sql.end({ timeout: 5 }))
    await migrate(primary.url)
    await loadShippedCatalog(primary.url, sql)
    await sql`create extension if not exists pg_stat_statements`
    await sql`select rebuild_product_neighbors()`
    // The two API processes learn of each other's writes through Redis.
    const redis = await startRedis()
    closes.push(redis.kill)
    const start = async (variables: Record<string, string>): Promise<ApiProcess> => {
      const api = await startApi({ DATABASE_URL: primary.url, REDIS_URL: redis.url, ...variables })
      closes.push(api.stop)
      return api
    }
    const without = await start({})
    const tokens = await sellSomething(sql, without.url)
    const { server, line } = await openStandby(primary)
    closes.push(line.stop, server.stop)
    const with_one = await start({ READ_DATABASE_URL: server.url })
    const sides = [
      { name: 'without', url: without.url, rates: [], primary_ms: [] },
      { name: 'with a replica', url: with_one.url, rates: [], primary_ms: [] },
    ]
    await measureInTurn(sql, sides, tokens)
    const by = await countReads([with_one.url])
    const share = `${Math.round((100 * by.replica) / (by.replica + by.primary))} %`
    return [...describe(sides), { name: 'read by the replica', value: `${share} of what it may read` }]
  } finally {
    for (const close of closes.reverse()) await close()
  }
}

/** Makes users with orders and favorites, and returns their tokens. */
async function sellSomething(sql: Pool, url: string): Promise<string[]> {
  const buyers = await openBuyers(sql)
  const tokens = await buyers.fillCarts(PEOPLE)
  await putCheckouts(url, tokens, CONNECTIONS)
  await sql`
    insert into favorites (user_id, fav_type, fav_id)
    select o.buyer_id, 'product', i.product_id from orders o join order_items i on i.order_id = o.id
    on conflict do nothing`
  await sql`vacuum analyze`
  return tokens
}

async function measureInTurn(sql: Pool, sides: Side[], tokens: string[]): Promise<void> {
  const searches = readRelevanceSet().queries.map(({ text }) => `/v1/search?q=${encodeURIComponent(text)}`)
  const [liked] = await sql<{ id: number }[]>`select max(id) as id from products`
  const reads = ['/v1/orders', '/v1/favorites', '/v1/recommendations']
  // Every tenth call is a write. The next read of its user waits until the replica has that write.
  const paths = searches.flatMap((search) => [
    search,
    ...reads,
    search,
    ...reads,
    search,
    `PUT /v1/favorites/product/${liked?.id}`,
  ])
  // Round 0 warms up.
  for (let round = 0; round <= ROUNDS; round++)
    for (const { url, rates, primary_ms } of sides) {
      const before_ms = await sumStatements(sql)
      const load = await putReads({ url, paths, tokens, connections: CONNECTIONS, duration_s: TURN_S })
      const took_ms = (await sumStatements(sql)) - before_ms
      if (round === 0) continue
      rates.push(load.requests / load.duration_s)
      primary_ms.push(took_ms / load.requests)
    }
}

/** Returns the time that the primary has spent on statements, in milliseconds. It includes planning. */
async function sumStatements(sql: Pool): Promise<number> {
  const [sum] = await sql<{ ms: number }[]>`
    select coalesce(sum(s.total_exec_time + s.total_plan_time), 0)::double precision as ms from pg_stat_statements s`
  return sum?.ms ?? 0
}

function describe(sides: Side[]): Figure[] {
  const [first] = sides
  return sides.flatMap(({ name, rates, primary_ms }) => {
    const times = median(rates.map((rate, round) => rate / (first?.rates[round] ?? rate)))
    return [
      { name: `calls, ${name}`, value: `${describeSpread(rates)} a second, × ${times.toFixed(2)}` },
      { name: `primary, ${name}`, value: `${describeSpread(primary_ms, 2)} ms of statements a call` },
    ]
  })
}
