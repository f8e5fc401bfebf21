/** The same three calls by Bun, Deno and Node, each a process of its own on one database, asked in turn; and how long each takes to start. */

import { type ServerProcess, startServerProcess } from '../loadtest/replay/server_process.ts'
import { migrate } from '../src/deploy/migrate.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { loadShippedCatalog } from '../src/domains/catalog/load_shipped.ts'
import { openPool, type Pool } from '../src/platform/db/client.ts'
import { findOrInstallRuntimes, RUNTIMES, type RuntimeName } from '../test/support/runtimes.ts'
import { openBuyers } from './buyers.ts'
import { putCheckouts } from './checkout_load.ts'
import { describeSpread, type Figure, middle } from './figures.ts'
import { putLoad } from './load_process.ts'
import { readRelevanceSet } from './relevance/rate_relevance.ts'

const ROUNDS = 5
const STARTS = 5
const TURN_S = 3
const CONNECTIONS = 16
const CHECKOUTS = 300
const PAGES = 500

type Call = 'product page' | 'search' | 'checkout'
const CALLS: Call[] = ['product page', 'search', 'checkout']
type Side = { name: RuntimeName; start_ms: number[]; rates: Record<Call, number[]> }

/** Requests a second of each call by each runtime, and what share of Bun's that is. */
export async function benchRuntimes(database_url: string | undefined): Promise<Figure[]> {
  findOrInstallRuntimes()
  const scratch = await createScratchDatabase(database_url)
  const sql = openPool(scratch.url, { max: 2, name: 'stallwright bench', statement_timeout_ms: 0 })
  const servers: ServerProcess[] = []
  try {
    await migrate(scratch.url)
    await loadShippedCatalog(scratch.url, sql)
    const sides: Side[] = []
    for (const name of RUNTIMES) {
      const start_ms = await startOften(scratch.url, name)
      sides.push({ name, start_ms, rates: { 'product page': [], search: [], checkout: [] } })
    }
    for (const { name } of sides) servers.push(await startServerProcess(scratch.url, { runtime: name }))
    await measureInTurn(sql, sides, servers)
    return describe(sides)
  } finally {
    for (const server of servers) await server.stop()
    await sql.end({ timeout: 5 })
    await scratch.drop()
  }
}

async function startOften(url: string, runtime: RuntimeName): Promise<number[]> {
  const took_ms: number[] = []
  for (let start = 0; start < STARTS; start++) {
    const began = performance.now()
    const server = await startServerProcess(url, { runtime })
    took_ms.push(performance.now() - began)
    await server.stop()
  }
  return took_ms
}

/** None of them caches for itself, for each has company. */
async function measureInTurn(sql: Pool, sides: Side[], servers: ServerProcess[]): Promise<void> {
  const ids = await sql<{ id: number }[]>`select id from products order by md5(id::text) limit ${PAGES}`
  const paths = {
    'product page': ids.map(({ id }) => `/v1/products/${id}`),
    search: readRelevanceSet().queries.map(({ text }) => `/v1/search?q=${encodeURIComponent(text)}`),
  }
  const buyers = await openBuyers(sql)
  const ask = async (call: Call, url: string): Promise<number> => {
    if (call === 'checkout') {
      const tokens = await buyers.fillCarts(CHECKOUTS)
      const { checkouts, failures, duration_s } = await putCheckouts({ url, tokens, connections: CONNECTIONS })
      if (failures > 0) throw new Error(`${failures} of ${checkouts} checkouts failed`)
      return checkouts / duration_s
    }
    const load = await putLoad({ url, paths: paths[call], connections: CONNECTIONS, duration_s: TURN_S })
    if (load.failures > 0) throw new Error(`${load.failures} of ${load.requests} requests failed: ${call}`)
    return load.requests / load.duration_s
  }
  // The first round is for warming up.
  for (let round = 0; round <= ROUNDS; round++)
    for (const call of CALLS)
      for (const [place, { url }] of servers.entries()) {
        const rate = await ask(call, url)
        if (round > 0) sides[place]?.rates[call].push(rate)
      }
}

function describe(sides: Side[]): Figure[] {
  const shareOf = (side: Side, call: Call) =>
    middle(side.rates[call].map((rate, round) => (100 * rate) / (sides[0]?.rates[call][round] ?? rate)))
  return [
    ...sides.map((side) => ({ name: `start, ${side.name}`, value: `${describeSpread(side.start_ms)} ms` })),
    ...CALLS.flatMap((call) =>
      sides.map((side) => ({
        name: `${call}, ${side.name}`,
        value: `${describeSpread(side.rates[call])} a second, ${shareOf(side, call).toFixed(0)} % of Bun's`,
      })),
    ),
  ]
}
