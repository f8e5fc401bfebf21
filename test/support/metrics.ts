/** Reads /metrics as Prometheus does. */
import { expectStatus } from './api.ts'
import type { Api } from './client.ts'

/** Series such as `etsy_orders_total{status="paid"}` and their values. */
export type Scrape = Record<string, number>

/** Everything that the process says now. */
export async function scrape(api: Api): Promise<Scrape> {
  const answer = await api('GET', '/metrics')
  expectStatus(answer, 200)
  return readSamples(answer.text)
}

/** The samples of Prometheus' text format. */
export function readSamples(text: string): Scrape {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))]
    }),
  )
}

/** How long something took is another number every time, and what is cached depends on it, too. */
const UNSTEADY = /_latency_seconds_(bucket|sum)|^etsy_cache_/

/** What of the marketplace's metrics is another number now, and by how much; of latencies how many there were, nothing of the cache. */
export function growth(before: Scrape, after: Scrape): Scrape {
  const names = Object.keys(after).filter((name) => name.startsWith('etsy_') && !UNSTEADY.test(name))
  const grown = names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const)
  return Object.fromEntries(grown.filter(([, by]) => by !== 0))
}
