/** How long a service takes until it serves, and the memory it holds at rest and under load, over the shipped catalogue. */

import { type ServerProcess, startServerProcess } from '../loadtest/replay/server_process.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { openPool } from '../src/platform/db/client.ts'
import { describeSpread, type Figure } from './figures.ts'
import { putLoad } from './load_process.ts'
import { readRelevanceSet } from './relevance/rate_relevance.ts'

const STARTS = 5
const REST_MS = 5000
const LOAD_S = 20
const CONNECTIONS = 16
const PAGES = 2000

/** From the start of the process to its first answer; memory is all that the process holds (RSS), PostgreSQL apart. */
export async function benchStart(database_url: string | undefined): Promise<Figure[]> {
  const scratch = await createScratchDatabase(database_url)
  try {
    const [first, ...others] = await startOften(scratch.url)
    const server = await startServerProcess(scratch.url)
    try {
      await Bun.sleep(REST_MS)
      const at_rest = server.readRssMb()
      const { requests, peak } = await loadAndWatch(server, await choosePaths(scratch.url))
      return [
        { name: 'first start, catalogue loaded', value: `${(first ?? 0).toFixed(0)} ms` },
        { name: 'start', value: `${describeSpread(others)} ms` },
        { name: 'memory at rest', value: `${at_rest.toFixed(0)} MB` },
        { name: 'memory under load', value: `${peak.toFixed(0)} MB at most, ${requests} requests in ${LOAD_S} s` },
      ]
    } finally {
      await server.stop()
    }
  } finally {
    await scratch.drop()
  }
}

async function startOften(url: string): Promise<number[]> {
  const took_ms: number[] = []
  for (let start = 0; start <= STARTS; start++) {
    const began = performance.now()
    const server = await startServerProcess(url)
    await (await fetch(`${server.url}/v1/search?q=ring`)).arrayBuffer()
    took_ms.push(performance.now() - began)
    await server.stop()
  }
  return took_ms
}

/** Pages of listings, and a search after each tenth. */
async function choosePaths(url: string): Promise<string[]> {
  const sql = openPool(url, { max: 1, name: 'stallwright bench', statement_timeout_ms: 0 })
  const ids = await sql<{ id: number }[]>`select id from products order by md5(id::text) limit ${PAGES}`
  await sql.end({ timeout: 5 })
  const queries = readRelevanceSet().queries.map(({ text }) => `/v1/search?q=${encodeURIComponent(text)}`)
  return ids.flatMap(({ id }, place) => [
    `/v1/products/${id}`,
    ...(place % 10 === 9 ? queries.slice(place % queries.length).slice(0, 1) : []),
  ])
}

async function loadAndWatch(server: ServerProcess, paths: string[]): Promise<{ requests: number; peak: number }> {
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, server.readRssMb())
  }, 100)
  const load = await putLoad({ url: server.url, paths, connections: CONNECTIONS, duration_s: LOAD_S })
  clearInterval(watch)
  if (load.failures > 0) throw new Error(`${load.failures} of ${load.requests} requests failed`)
  return { requests: load.requests, peak }
}
