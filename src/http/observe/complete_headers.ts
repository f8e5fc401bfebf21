import type { Context } from 'hono'
import type { Env } from '../env.ts'
import { setLimit } from '../limits/apply_limit.ts'
import { SECURITY } from '../security_headers.ts'

const names = Object.keys(SECURITY) as (keyof typeof SECURITY)[]

/** Completes the headers of a response. A response of `sendJson` has the headers for security already. */
export function completeHeaders(c: Context<Env>): void {
  const { headers } = c.res
  headers.set('X-Request-Id', c.get('request_id'))
  if (!headers.has('X-Content-Type-Options')) for (const name of names) if (!headers.has(name)) headers.set(name, SECURITY[name])
  // A browser replaces a page's stored headers with those of a 304. The page would lose its own policy.
  if (c.res.status === 304) headers.delete('Content-Security-Policy')
  const state = c.get('limit_state')
  if (state) setLimit(headers, state)
}

/** Sets the length of a response to HEAD, which has no body. Otherwise the server would send a length of 0. */
export async function addLength(c: Context<Env>): Promise<void> {
  if (c.res.status === 200 && !c.res.headers.has('Content-Length'))
    c.res.headers.set('Content-Length', String((await c.res.clone().arrayBuffer()).byteLength))
}
