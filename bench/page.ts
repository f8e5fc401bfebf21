/**
 * Compares a product page, cached and uncached, with a bare Hono route on Bun that returns the same bytes. All three servers run
 * all the time. The bench loads them in turn, so a change in the machine's speed favors none.
 */
import { join } from 'node:path'
import { describeSpread, median } from '../test/support/figures.ts'
import { type Figure, withBench } from './bench.ts'
import { putReads } from './load_process.ts'

const TURN_S = 1
const CONNECTIONS = 16

/** Returns the requests a second of each server, and the ratio of each page to the bare route. */
export function benchPage(database_url: string | undefined, round_count: number): Promise<Figure[]> {
  return withBench(database_url, {}, async ({ sql, start }) => {
    const cached = await start()
    const uncached = await start({}, { program: join('bench', 'uncached_server.ts') })
    const [{ id } = { id: 0 }] = await sql<{ id: number }[]>`
      select id from products order by length(description) desc offset 3000 limit 1`
    const path = `/v1/products/${id}`
    const body = await (await fetch(cached.url + path)).text()
    const bare = await start({ BODY: body }, { program: join('bench', 'bare_server.ts') })
    const rates = await measureInTurn({ bare: bare.url, cached: cached.url, uncached: uncached.url }, path, round_count)
    return describe(rates, Buffer.byteLength(body))
  })
}

type Rates = Record<'bare' | 'cached' | 'uncached', number[]>

async function measureInTurn(urls: Record<keyof Rates, string>, path: string, round_count: number): Promise<Rates> {
  const rates: Rates = { bare: [], cached: [], uncached: [] }
  // Round 0 warms up.
  for (let round = 0; round <= round_count; round++)
    for (const side of ['bare', 'cached', 'uncached'] as const) {
      const load = await putReads({ url: urls[side], paths: [path], connections: CONNECTIONS, duration_s: TURN_S })
      if (round > 0) rates[side].push(load.requests / load.duration_s)
    }
  return rates
}

function describe(rates: Rates, bytes: number): Figure[] {
  const share = (side: keyof Rates) => {
    const shares = rates[side].map((rate, round) => (100 * rate) / (rates.bare[round] ?? rate))
    return `${describeSpread(shares)} %`
  }
  const rate = (side: keyof Rates) => `${median(rates[side]).toFixed(0)} requests/s`
  return [
    { name: `page of ${bytes} bytes, bare Hono`, value: rate('bare') },
    { name: 'page, cached', value: `${rate('cached')}, ${share('cached')} of bare` },
    { name: 'page, uncached', value: `${rate('uncached')}, ${share('uncached')} of bare` },
  ]
}
