/**
 * The API for the edge: `export default { fetch }`, for runtimes that give the network and the environment and nothing else. Nothing is
 * opened before the first request, nothing runs between requests: indexing, jobs and relaying are done by servers of the same database.
 */
import type { Hono } from 'hono'
import { readConfig } from '../config.ts'
import type { Env } from '../http/env.ts'
import { renderProblem, toProblem } from '../problem.ts'
import { openEdge } from './open_edge.ts'

let opening: Promise<Hono<Env>> | undefined

/** The first request connects; one that fails to leaves it to the next. */
function openOnce(): Promise<Hono<Env>> {
  opening ??= openEdge(readConfig(process.env)).catch((error) => {
    opening = undefined
    throw error
  })
  return opening
}

// biome-ignore lint/style/noDefaultExport: what edge runtimes look for.
export default {
  fetch: async (request: Request): Promise<Response> => {
    try {
      return await (await openOnce()).fetch(request, {})
    } catch (error) {
      console.error((error as Error).message)
      return renderProblem(toProblem(error), crypto.randomUUID())
    }
  },
}
