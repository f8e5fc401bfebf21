/** What several API processes on one port bring on this machine. All groups run all the time and are asked in turn. */

import { startServerProcess } from '../loadtest/replay/server_process.ts'
import { migrate } from '../src/deploy/migrate.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { loadShippedCatalog } from '../src/domains/catalog/load_shipped.ts'
import { openPool, type Pool } from '../src/platform/db/client.ts'
import { startRedis } from '../test/faults/stage/redis_process.ts'
import { findProgram } from '../test/support/requirements.ts'
import { findFreePort } from '../test/support/simulated_payments.ts'
import { type Buyers, openBuyers } from './buyers.ts'
import { putCheckouts } from './checkout_load.ts'
import { describeSpread, type Figure, middle } from './figures.ts'
import { putLoad } from './load_process.ts'

const COUNTS = [1, 2, 4]
const ROUNDS = 5
const TURN_S = 3
const CONNECTIONS = 32
const PAGES = 2000
const CHECKOUTS = 400

type Group = { count: number; url: string }
/** Requests a second of each group, round by round. */
type Rates = { pages: number[]; checkouts: number[] }

/** Pages of listings and checkouts, by 1, 2 and 4 processes; with Redis where there is one, as several processes need it to cache. */
export async function benchProcesses(database_url: string | undefined): Promise<Figure[]> {
  const scratch = await createScratchDatabase(database_url)
  const sql = openPool(scratch.url, { max: 2, name: 'stallwright bench', statement_timeout_ms: 0 })
  const closes: (() => unknown)[] = [scratch.drop, () => sql.end({ timeout: 5 })]
  try {
    await migrate(scratch.url)
    await loadShippedCatalog(scratch.url, sql)
    const buyers = await openBuyers(sql)
    const redis = findProgram('redis-server') ? await startRedis() : null
    if (redis) closes.push(redis.kill)
    const groups: Group[] = []
    for (const count of COUNTS) groups.push(await startGroup(scratch.url, redis?.url, count, closes))
    const rates = await measureInTurn(sql, groups, buyers)
    return groups.flatMap((group) => describe(group, rates))
  } finally {
    for (const close of closes.reverse()) await close()
  }
}

async function startGroup(url: string, redis_url: string | undefined, count: number, closes: (() => unknown)[]): Promise<Group> {
  const port = await findFreePort()
  const variables = { PORT: String(port), REUSE_PORT: 'true', ...(redis_url ? { REDIS_URL: redis_url } : {}) }
  for (let place = 0; place < count; place++) closes.push((await startServerProcess(url, { variables })).stop)
  return { count, url: `http://127.0.0.1:${port}` }
}

async function measureInTurn(sql: Pool, groups: Group[], buyers: Buyers): Promise<Map<Group, Rates>> {
  const rates = new Map<Group, Rates>(groups.map((group) => [group, { pages: [], checkouts: [] }]))
  const ids = await sql<{ id: number }[]>`select id from products order by md5(id::text) limit ${PAGES}`
  const paths = ids.map(({ id }) => `/v1/products/${id}`)
  // The first round is for warming up.
  for (let round = 0; round <= ROUNDS; round++)
    for (const group of groups) {
      const load = await putLoad({ url: group.url, paths, connections: CONNECTIONS, duration_s: TURN_S })
      const tokens = await buyers.fillCarts(CHECKOUTS)
      const bought = await putCheckouts({ url: group.url, tokens, connections: CONNECTIONS })
      if (load.failures + bought.failures > 0) throw new Error(`${load.failures} pages and ${bought.failures} checkouts failed`)
      if (round === 0) continue
      rates.get(group)?.pages.push(load.requests / load.duration_s)
      rates.get(group)?.checkouts.push(bought.checkouts / bought.duration_s)
    }
  return rates
}

function describe(group: Group, rates: Map<Group, Rates>): Figure[] {
  const [first] = rates.values()
  const own = rates.get(group)
  const line = (what: keyof Rates) => {
    const times = middle((own?.[what] ?? []).map((rate, round) => rate / (first?.[what][round] ?? rate)))
    return `${describeSpread(own?.[what] ?? [])} a second, × ${times.toFixed(2)}`
  }
  const who = group.count === 1 ? '1 process' : `${group.count} processes`
  return [
    { name: `pages, ${who}`, value: line('pages') },
    { name: `checkouts, ${who}`, value: line('checkouts') },
  ]
}
