/**
 * Refuses a path that is not in its normal form (RFC 3986, 6.2.2). A load balancer that compares paths would not recognize the
 * route of such a path.
 */
import type { Context, MiddlewareHandler } from 'hono'
import { Problem } from '../platform/problem.ts'
import { hostInUrl } from '../platform/runtime/host.ts'
import type { Env } from './env.ts'

/** An empty segment, `.` or `..`, a backslash, or a needlessly encoded octet: a letter, digit, `-`, `.`, `_`, `~`, a slash. */
const ODD = /\/\/|\/\.\.?(?:\/|$)|\\|%(?:2[d-f]|3\d|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9ae])/i
/** Load balancers and supervisors call these under any Host, or none. */
const PROBES = ['/livez', '/readyz']

/**
 * Throws 404 for a path that is not in its normal form, and for an invalid Host or URL. Probes work under any Host. Some runtimes
 * normalize `/./x` before this function gets it.
 */
export const refuseOddPaths: MiddlewareHandler<Env> = async (c, next) => {
  const path = pathAsSent(c)
  if (ODD.test(path)) throw new Problem('not_found')
  if (!PROBES.includes(path) && !hasReadableUrl(c)) throw new Problem('not_found', 'The Host or the URL is not valid.')
  await next()
}

function hasReadableUrl(c: Context<Env>): boolean {
  const host = c.req.header('host')
  return URL.canParse(c.req.url) && (!host || hostInUrl(host) !== null)
}

/** Returns the parameters in the query of a URL. Reads the URL as text, because `new URL` throws under an invalid Host. */
export function parametersOf(url: string): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(url)?.[1])
}

/** Returns the path as the runtime passes it, before any decoding. */
function pathAsSent(c: Context<Env>): string {
  return /^\w+:\/\/[^/?#]*([^?#]*)/.exec(c.req.raw.url)?.[1] ?? ''
}
