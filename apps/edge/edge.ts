/**
 * The API for the edge: `export default { fetch }`, for runtimes that give the network and the environment and nothing else. Nothing is
 * opened before the first request; indexing, jobs and relaying are done by servers of the same database.
 */
import type { Hono } from 'hono'
import type { Env } from '../../src/http/env.ts'
import { type Config, readConfig } from '../../src/platform/config.ts'
import { renderProblem, toProblem } from '../../src/platform/problem.ts'
import { refuseUnsafeProduction } from '../../src/production.ts'
import { openEdge } from './open_edge.ts'

/** What a runtime says of a request besides; Deno says who asks. */
type Info = { remoteAddr?: { hostname?: string } } | undefined

let config: Config | undefined
let opening: Promise<Hono<Env>> | undefined

/** The first request connects; one that fails to leaves it to the next. */
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

/** Without it all people would be one to the rate limits. */
function addressOf(info: Info, { TRUSTED_PROXIES }: Config): { address?: string } {
  const address = info?.remoteAddr?.hostname
  if (address) return { address }
  if (TRUSTED_PROXIES > 0) return {}
  throw new Error('Set TRUSTED_PROXIES: this runtime does not say who asks, so a proxy in front of it must.')
}

// biome-ignore lint/style/noDefaultExport: what edge runtimes look for.
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
