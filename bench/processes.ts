/** Measures several API processes on one port. All groups of processes run all the time, and the bench loads them in turn. */
import type { Pool } from '../src/platform/db/client.ts'
import { startRedis } from '../test/faults/stage/redis_process.ts'
import { startApis } from '../test/support/api_process.ts'
import { describeSpread, median } from '../test/support/figures.ts'
import { findProgram } from '../test/support/requirements.ts'
import { type Figure, withBench } from './bench.ts'
import { type Buyers, openBuyers } from './buyers.ts'
import { putCheckouts, putReads } from './load_process.ts'

const COUNTS = [1, 2, 4]
const ROUNDS = 5
const TURN_S = 3
const CONNECTIONS = 32
const PAGES = 2000
const CHECKOUTS = 400

type Group = { count: number; url: string }
/** Requests a second, one value a round. */
type Rates = { pages: number[]; checkouts: number[] }

/** Measures pages and checkouts by 1, 2 and 4 processes. Uses Redis if installed, because several processes need it to cache. */
export function benchProcesses(server_url: string | undefined): Promise<Figure[]> {
  return withBench(server_url, {}, async ({ sql, database_url, later }) => {
    const buyers = await openBuyers(sql)
    const redis = findProgram('redis-server') ? await startRedis() : null
    if (redis) later(redis.kill)
    const variables = { DATABASE_URL: database_url, ...(redis ? { REDIS_URL: redis.url } : {}) }
    const groups: Group[] = []
    for (const count of COUNTS) {
      const apis = await startApis(count, variables)
      for (const api of apis) later(api.stop)
      groups.push({ count, url: apis[0]?.url ?? '' })
    }
    const rates = await measureInTurn(sql, groups, buyers)
    return groups.flatMap((group) => describe(group, rates))
  })
}

async function measureInTurn(sql: Pool, groups: Group[], buyers: Buyers): Promise<Map<Group, Rates>> {
  const rates = new Map<Group, Rates>(groups.map((group) => [group, { pages: [], checkouts: [] }]))
  const ids = await sql<{ id: number }[]>`select id from products order by md5(id::text) limit ${PAGES}`
  const paths = ids.map(({ id }) => `/v1/products/${id}`)
  // Round 0 warms up.
  for (let round = 0; round <= ROUNDS; round++)
    for (const group of groups) {
      const load = await putReads({ url: group.url, paths, connections: CONNECTIONS, duration_s: TURN_S })
      const bought = await putCheckouts(group.url, await buyers.fillCarts(CHECKOUTS), CONNECTIONS)
      if (round === 0) continue
      rates.get(group)?.pages.push(load.requests / load.duration_s)
      rates.get(group)?.checkouts.push(bought.requests / bought.duration_s)
    }
  return rates
}

function describe(group: Group, rates: Map<Group, Rates>): Figure[] {
  const [first] = rates.values()
  const own = rates.get(group)
  const line = (what: keyof Rates) => {
    const times = median((own?.[what] ?? []).map((rate, round) => rate / (first?.[what][round] ?? rate)))
    return `${describeSpread(own?.[what] ?? [])} a second, × ${times.toFixed(2)}`
  }
  const who = group.count === 1 ? '1 process' : `${group.count} processes`
  return [
    { name: `pages, ${who}`, value: line('pages') },
    { name: `checkouts, ${who}`, value: line('checkouts') },
  ]
}
