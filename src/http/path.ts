/**
 * A path in another spelling than its normal form (RFC 3986, 6.2.2): what compares paths in front of this process, such as a
 * load balancer's rules, would not take it for the path that it leads to.
 */
import type { Context, MiddlewareHandler } from 'hono'
import { Problem } from '../problem.ts'
import type { Env } from './env.ts'

/** An empty segment, `.` or `..`, a backslash, or an octet that is encoded without need: a letter, digit, `-`, `.`, `_`, `~`, a slash. */
const ODD = /\/\/|\/\.\.?(?:\/|$)|\\|%(?:2[d-f]|3\d|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9ae])/i
/** A host with its port. Deno takes what else a Host holds for a part of the URL, and so of the path. */
const HOST = /^[\w.~%!$&'()*+,;=:[\]-]*$/

/** 404 for a path that is not in its normal form. Runtimes that normalize a path by themselves show no difference for `/./x`. */
export const refuseOddPaths: MiddlewareHandler<Env> = async (c, next) => {
  if (ODD.test(pathAsSent(c)) || !HOST.test(c.req.header('host') ?? '')) throw new Problem('not_found')
  await next()
}

/** The path as the runtime hands it on, before anything of it is decoded. */
function pathAsSent(c: Context<Env>): string {
  return /^\w+:\/\/[^/?#]*([^?#]*)/.exec(c.req.raw.url)?.[1] ?? ''
}
