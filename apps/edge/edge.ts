/**
 * The API for edge runtimes, which offer only the network and environment variables: `export default { fetch }`. The first
 * request connects to the database. Full servers on the same database do the indexing, the jobs and the relaying.
 */
import type { Hono } from 'hono'
import type { Env } from '../../src/http/env.ts'
import { type Config, readConfig } from '../../src/platform/config.ts'
import { renderProblem, toProblem } from '../../src/platform/problem.ts'
import { refuseUnsafeProduction } from '../../src/production.ts'
import { openEdge } from './open_edge.ts'

/** The second argument of `fetch`. Deno passes the client's address in it. */
type Info = { remoteAddr?: { hostname?: string } } | undefined

let config: Config | undefined
let opening: Promise<Hono<Env>> | undefined

/** Connects once. If connecting fails, the next request tries again. */
function openOnce(config: Config): Promise<Hono<Env>> {
  opening ??= openEdge(config).catch((error) => {
    opening = undefined
    throw error
  })
  return opening
}

function readFitConfig(): Config {
  const config = readConfig(process.env)
  refuseUnsafeProduction(config)
  return config
}

/** Returns the client's address. Throws without an address, because all clients would share one rate limit. */
function addressOf(info: Info, { TRUSTED_PROXIES }: Config): { address?: string } {
  const address = info?.remoteAddr?.hostname
  if (address) return { address }
  if (TRUSTED_PROXIES > 0) return {}
  throw new Error('Set TRUSTED_PROXIES: this runtime does not pass the address of the client, so a proxy in front of it must.')
}

// biome-ignore lint/style/noDefaultExport: edge runtimes call the default export.
export default {
  fetch: async (request: Request, info?: Info): Promise<Response> => {
    try {
      config ??= readFitConfig()
      const who = addressOf(info, config)
      return await (await openOnce(config)).fetch(request, who)
    } catch (error) {
      console.error((error as Error).message)
      return renderProblem(toProblem(error), crypto.randomUUID())
    }
  },
}
