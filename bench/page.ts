/**
 * A product page cached and uncached, against a bare Hono route on Bun that answers the same bytes. The three run all the time and are
 * asked in turn, so that a machine that grows slower favours none.
 */
import { join } from 'node:path'
import { startServerProcess } from '../loadtest/replay/server_process.ts'
import { migrate } from '../src/deploy/migrate.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { loadShippedCatalog } from '../src/domains/catalog/load_shipped.ts'
import { openPool } from '../src/platform/db/client.ts'
import { describeSpread, type Figure, middle } from './figures.ts'
import { putLoad } from './load_process.ts'

const ROUNDS = 7
const TURN_S = 1
const CONNECTIONS = 16

/** Requests a second of each, and what share of the bare route the pages reach. */
export async function benchPage(database_url: string | undefined): Promise<Figure[]> {
  const scratch = await createScratchDatabase(database_url)
  const sql = openPool(scratch.url, { max: 1, name: 'stallwright bench', statement_timeout_ms: 0 })
  const closes: (() => unknown)[] = [scratch.drop, () => sql.end({ timeout: 5 })]
  try {
    await migrate(scratch.url)
    await loadShippedCatalog(scratch.url, sql)
    const cached = await startServerProcess(scratch.url)
    closes.push(cached.stop)
    const uncached = await startServerProcess(scratch.url, { program: join('bench', 'uncached_server.ts') })
    closes.push(uncached.stop)
    const [{ id } = { id: 0 }] = await sql<
      { id: number }[]
    >`select id from products order by length(description) desc offset 3000 limit 1`
    const path = `/v1/products/${id}`
    const body = await (await fetch(cached.url + path)).text()
    const bare = await startServerProcess(scratch.url, {
      program: join('bench', 'bare_server.ts'),
      variables: { BODY: body },
    })
    closes.push(bare.stop)
    const rates = await measureInTurn({ bare: bare.url, cached: cached.url, uncached: uncached.url }, path)
    return describe(rates, Buffer.byteLength(body))
  } finally {
    for (const close of closes.reverse()) await close()
  }
}

type Rates = Record<'bare' | 'cached' | 'uncached', number[]>

async function measureInTurn(urls: Record<keyof Rates, string>, path: string): Promise<Rates> {
  const rates: Rates = { bare: [], cached: [], uncached: [] }
  // The first round is for warming up.
  for (let round = 0; round <= ROUNDS; round++)
    for (const side of ['bare', 'cached', 'uncached'] as const) {
      const load = await putLoad({ url: urls[side], paths: [path], connections: CONNECTIONS, duration_s: TURN_S })
      if (load.failures > 0) throw new Error(`${load.failures} of ${load.requests} requests failed`)
      if (round > 0) rates[side].push(load.requests / load.duration_s)
    }
  return rates
}

function describe(rates: Rates, bytes: number): Figure[] {
  const share = (side: keyof Rates) => {
    const shares = rates[side].map((rate, round) => (100 * rate) / (rates.bare[round] ?? rate))
    return `${describeSpread(shares)} %`
  }
  const rate = (side: keyof Rates) => `${middle(rates[side]).toFixed(0)} requests/s`
  return [
    { name: `page of ${bytes} bytes, bare Hono`, value: rate('bare') },
    { name: 'page, cached', value: `${rate('cached')}, ${share('cached')} of bare` },
    { name: 'page, uncached', value: `${rate('uncached')}, ${share('uncached')} of bare` },
  ]
}
