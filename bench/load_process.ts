/**
 * Loads a server from another process, so that the load does not slow down the bench. The process reads `Load` as JSON from
 * stdin and prints `LoadResult`. Each connection stays open and sends its next request after it has read the response.
 */
import { percentile } from '../test/support/figures.ts'
import { PURCHASE } from '../test/support/purchase.ts'

export type Load = {
  url: string
  /** Requested round-robin. A path can start with a method: `PUT /v1/…`. `POST /v1/checkout` sends a purchase. */
  paths: string[]
  /** The requests use the tokens round-robin. Without tokens they are anonymous. */
  tokens?: string[]
  connections: number
  /** With 0 the process requests each path once. */
  duration_s: number
}
export type LoadResult = { requests: number; failures: number; duration_s: number; p95_ms: number }

/** Runs the load in a new process. */
export async function putLoad(load: Load): Promise<LoadResult> {
  const child = Bun.spawn([process.execPath, import.meta.path], {
    stdin: new Blob([JSON.stringify(load)]),
    stdout: 'pipe',
    stderr: 'inherit',
  })
  return (await new Response(child.stdout).json()) as LoadResult
}

/** Checks out once for each token. Throws if more than `most_failures` fail, or their payments stay unknown. */
export async function putCheckouts(url: string, tokens: string[], connections: number, most_failures = 0): Promise<LoadResult> {
  const load = await putLoad({ url, paths: tokens.map(() => 'POST /v1/checkout'), tokens, connections, duration_s: 0 })
  if (load.failures > most_failures) throw new Error(`${load.failures} of ${load.requests} checkouts failed`)
  return load
}

/** Runs the load. Throws if a request fails. */
export async function putReads(load: Load): Promise<LoadResult> {
  const result = await putLoad(load)
  if (result.failures > 0) throw new Error(`${result.failures} of ${result.requests} requests failed`)
  return result
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
      const init = requestOf(method, tokens[next++ % tokens.length])
      const sent = performance.now()
      const response = await fetch(url + path, init)
      await response.arrayBuffer()
      times_ms.push(performance.now() - sent)
      // 202 means that the payment of a checkout is unknown.
      if (!response.ok || response.status === 202) failures++
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  const seconds = (performance.now() - began) / 1000
  return { requests: times_ms.length, failures, duration_s: seconds, p95_ms: percentile(times_ms, 0.95) }
}

function requestOf(method: string, token: string | undefined): RequestInit {
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {}
  if (method !== 'POST' || !token) return { method, headers }
  const purchase = { 'Content-Type': 'application/json', 'Idempotency-Key': token.slice(-40) }
  return { method, headers: { ...headers, ...purchase }, body: JSON.stringify(PURCHASE) }
}

if (import.meta.main) console.log(JSON.stringify(await run((await Bun.stdin.json()) as Load)))
