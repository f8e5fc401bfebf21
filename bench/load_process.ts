/**
 * Puts load on a server, from a process of its own so that it is not what is measured. Reads `Load` as JSON from stdin and
 * prints `LoadResult`: Bun's fetch, connections kept alive, each sending its next request when it has read the answer.
 */
import { percentile } from './figures.ts'
import { runInOwnProcess } from './own_process.ts'

/** `paths` are asked for in turn, one with a method before it by that (`PUT /v1/…`), over and over for so many seconds; 0: each once. `tokens`: by whom, in turn; unless given, by nobody. */
export type Load = { url: string; paths: string[]; tokens?: string[]; connections: number; duration_s: number }
export type LoadResult = { requests: number; failures: number; duration_s: number; p95_ms: number }

/** Runs the load in a process of its own. */
export function putLoad(load: Load): Promise<LoadResult> {
  return runInOwnProcess(import.meta.path, load)
}

async function run({ url, paths, tokens = [], connections, duration_s }: Load): Promise<LoadResult> {
  const times_ms: number[] = []
  let failures = 0
  let next = 0
  const began = performance.now()
  const isOver = () => (duration_s > 0 ? performance.now() - began > duration_s * 1000 : next >= paths.length)
  const connection = async () => {
    while (!isOver()) {
      const [path = '', method = 'GET'] = (paths[next % paths.length] as string).split(' ').reverse()
      const token = tokens[next++ % tokens.length]
      const asked = performance.now()
      const response = await fetch(url + path, { method, headers: token ? { Authorization: `Bearer ${token}` } : {} })
      await response.arrayBuffer()
      times_ms.push(performance.now() - asked)
      if (!response.ok) failures++
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  const seconds = (performance.now() - began) / 1000
  return { requests: times_ms.length, failures, duration_s: seconds, p95_ms: percentile(times_ms, 0.95) }
}

if (import.meta.main) console.log(JSON.stringify(await run((await Bun.stdin.json()) as Load)))
