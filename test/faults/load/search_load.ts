/** Clients that search all the time. Each search differs from the others, so that no cache has its response. */
import { readRelevanceSet } from '../../../bench/relevance/rate_relevance.ts'
import { failAll } from '../checks/invariants.ts'
import { startLoops } from '../loops.ts'
import type { Run } from '../scenario.ts'

/**
 * One search. `at_ms` is its start on the clock of performance.now(), and `engine` ran it. The status is 0 if there was no
 * response.
 */
export type Sample = { at_ms: number; took_ms: number; status: number; engine: string | null }
export type SearchLoad = { samples: Sample[]; end: () => Promise<void> }

/** The mean pause of one client, because a person reads the results. The clients and all servers share two cores. */
const PAUSE_MS = 100
const TIMEOUT_MS = 20_000

export function startSearches(url: string, random: () => number, clients = 8): SearchLoad {
  const words = readRelevanceSet().queries.map(({ text }) => text)
  const samples: Sample[] = []
  const search = async () => {
    const query = new URLSearchParams({
      q: random() < 0.1 ? '' : (words[Math.floor(random() * words.length)] as string),
      price_max: (10 + random() * 500).toFixed(2),
      ...(random() < 0.2 && { sort: 'newest' }),
    })
    const at_ms = performance.now()
    const result = await fetch(`${url}/v1/search?${query}`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
      .then(async (response) => {
        await response.arrayBuffer()
        return { status: response.status, engine: response.headers.get('x-search-source') }
      })
      .catch(() => ({ status: 0, engine: null }))
    samples.push({ at_ms, took_ms: performance.now() - at_ms, ...result })
    await Bun.sleep(PAUSE_MS * (0.5 + random()))
  }
  return { samples, end: startLoops(Array(clients).fill(search)) }
}

/** Reports each status other than 200 once. Returns the number of failed searches. */
export function reportFailedSearches(run: Run, { samples }: SearchLoad): number {
  const failed = samples.filter(({ status }) => status !== 200)
  failAll(run, [...new Set(failed.map(({ status }) => `a search returned ${status || 'no response'}`))])
  return failed.length
}
