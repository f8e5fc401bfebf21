/**
 * Compares a product page, cached and uncached, with a bare Hono route on Bun that returns the same bytes. All three servers run
 * all the time. The bench loads them in turn, so a change in the machine's speed favors none.
 */
import { join } from 'node:path'
import type { ApiProcess } from '../test/support/api_process.ts'
import { describeSpread, median } from '../test/support/figures.ts'
import { type Figure, withBench } from './bench.ts'
import { putReads } from './load_process.ts'

const TURN_S = 1
/** The compiler of the runtime takes a quarter of the CPU of the first 30,000 requests, and nothing after 70,000. */
const WARM_UP_S = 5
const CONNECTIONS = 16

const SIDES = ['bare', 'cached', 'uncached'] as const

/** The requests a second of each round, and the CPU time of the server for one request. */
type Turns = { rates: number[]; cpu_us: number[] }
type Measured = Record<(typeof SIDES)[number], Turns>

/** Returns the requests a second of each server, their ratio to the bare route, and the CPU time of the server for a request. */
export function benchPage(database_url: string | undefined, round_count: number): Promise<Figure[]> {
  return withBench(database_url, {}, async ({ sql, start }) => {
    const cached = await start()
    const uncached = await start({}, { program: join('bench', 'uncached_server.ts') })
    const [{ id } = { id: 0 }] = await sql<{ id: number }[]>`
      select id from products order by length(description) desc offset 3000 limit 1`
    const path = `/v1/products/${id}`
    const body = await (await fetch(cached.url + path)).text()
    const bare = await start({ BODY: body }, { program: join('bench', 'bare_server.ts') })
    return describe(await measureInTurn({ bare, cached, uncached }, path, round_count), Buffer.byteLength(body))
  })
}

async function measureInTurn(servers: Record<keyof Measured, ApiProcess>, path: string, round_count: number): Promise<Measured> {
  const none = (): Turns => ({ rates: [], cpu_us: [] })
  const measured: Measured = { bare: none(), cached: none(), uncached: none() }
  // Round 0 warms up.
  for (let round = 0; round <= round_count; round++)
    for (const side of SIDES) {
      const { url, readCpuMs } = servers[side]
      const cpu_ms = readCpuMs()
      const load = await putReads({ url, paths: [path], connections: CONNECTIONS, duration_s: round === 0 ? WARM_UP_S : TURN_S })
      if (round === 0) continue
      measured[side].rates.push(load.requests / load.duration_s)
      measured[side].cpu_us.push((1000 * (readCpuMs() - cpu_ms)) / load.requests)
    }
  return measured
}

function describe(measured: Measured, bytes: number): Figure[] {
  const describeSide = (side: keyof Measured) => {
    const { rates, cpu_us } = measured[side]
    const shares = rates.map((rate, round) => (100 * rate) / (measured.bare.rates[round] ?? rate))
    const share = side === 'bare' ? '' : `, ${describeSpread(shares)} % of bare`
    return `${median(rates).toFixed(0)} requests/s${share}, ${describeSpread(cpu_us)} µs CPU a request`
  }
  return [
    { name: `page of ${bytes} bytes, bare Hono`, value: describeSide('bare') },
    { name: 'page, cached', value: describeSide('cached') },
    { name: 'page, uncached', value: describeSide('uncached') },
  ]
}
