/** Reads /metrics as Prometheus does. */
import { expectStatus } from './api.ts'
import type { Api } from './client.ts'

/** Series such as `etsy_orders_total{status="paid"}` and their values. */
export type Scrape = Record<string, number>

/** Returns all current series of the process. */
export async function scrape(api: Api): Promise<Scrape> {
  const answer = await api('GET', '/metrics')
  expectStatus(answer, 200)
  return readSamples(answer.text)
}

/** Reads the samples of Prometheus' text format. */
export function readSamples(text: string): Scrape {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))]
    }),
  )
}

/** These series differ in every run: durations, and the state of the cache, which depends on durations. */
const UNSTEADY = /_latency_seconds_(bucket|sum)|^etsy_cache_/

/** Returns the changed `etsy_` series and their differences. Leaves out the cache, and all of a latency except its `_count`. */
export function growth(before: Scrape, after: Scrape): Scrape {
  const names = Object.keys(after).filter((name) => name.startsWith('etsy_') && !UNSTEADY.test(name))
  const grown = names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const)
  return Object.fromEntries(grown.filter(([, by]) => by !== 0))
}
