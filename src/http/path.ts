/**
 * Refuses a path that is not in its normal form (RFC 3986, 6.2.2). A load balancer that compares paths would not recognize the
 * route of such a path.
 */
import type { Context } from 'hono'
import { Problem } from '../platform/problem.ts'
import { hostInUrl } from '../platform/runtime/host.ts'
import type { Env } from './env.ts'

/** An empty segment, `.` or `..`, a backslash, or a needlessly encoded octet: a letter, digit, `-`, `.`, `_`, `~`, a slash. */
const ODD = /\/\/|\/\.\.?(?:\/|$)|\\|%(?:2[d-f]|3\d|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9ae])/i
/** Load balancers and supervisors call these under any Host, or none. */
const PROBES = ['/livez', '/readyz']

/** Origins and Hosts that passed the check, because a parser of URLs is slow and most requests have the same few. */
const readable = new Set<string>()
const MAX_READABLE = 100

/**
 * Returns the 404 for a path that is not in its normal form, and for an invalid Host or URL. Probes work under any Host. Some
 * runtimes normalize `/./x` before this function gets it.
 */
export function refuseOddPath(c: Context<Env>): Problem | null {
  const { url } = c.req.raw
  // The path is the one that the runtime passes, before any decoding.
  const [, origin = url, path = ''] = /^(\w+:\/\/[^/?#]*)([^?#]*)/.exec(url) ?? []
  if (ODD.test(path)) return new Problem('not_found')
  if (PROBES.includes(path) || hasReadableUrl(url, origin, c.req.header('host'))) return null
  return new Problem('not_found', 'The Host or the URL is not valid.')
}

function hasReadableUrl(url: string, origin: string, host: string | undefined): boolean {
  const names = `${origin} ${host}`
  if (readable.has(names)) return true
  if (!URL.canParse(url) || (host && hostInUrl(host) === null)) return false
  if (readable.size >= MAX_READABLE) readable.clear()
  readable.add(names)
  return true
}

/** Returns the parameters in the query of a URL. Reads the URL as text, because `new URL` throws under an invalid Host. */
export function parametersOf(url: string): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(url)?.[1])
}
