/**
 * A path in another spelling than its normal form (RFC 3986, 6.2.2): what compares paths in front of this process, such as a
 * load balancer's rules, would not take it for the path that it leads to.
 */
import type { Context, MiddlewareHandler } from 'hono'
import { Problem } from '../platform/problem.ts'
import { hostInUrl } from '../platform/runtime/host.ts'
import type { Env } from './env.ts'

/** An empty segment, `.` or `..`, a backslash, or an octet that is encoded without need: a letter, digit, `-`, `.`, `_`, `~`, a slash. */
const ODD = /\/\/|\/\.\.?(?:\/|$)|\\|%(?:2[d-f]|3\d|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9ae])/i
/** Balancers and supervisors ask for these by any name, or by none. */
const PROBES = ['/livez', '/readyz']

/**
 * 404 for a path that is not in its normal form, and for a Host or a URL that cannot be read as one. Probes are answered under any Host.
 * Runtimes that normalize a path by themselves show no difference for `/./x`.
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

/** The parameters in the query of a URL. The URL is read as text, because under a Host that is not valid `new URL` throws. */
export function parametersOf(url: string): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(url)?.[1])
}

/** The path as the runtime hands it on, before anything of it is decoded. */
function pathAsSent(c: Context<Env>): string {
  return /^\w+:\/\/[^/?#]*([^?#]*)/.exec(c.req.raw.url)?.[1] ?? ''
}
