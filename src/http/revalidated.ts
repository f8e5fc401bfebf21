import type { MiddlewareHandler } from 'hono'
import { etag } from 'hono/etag'
import type { Env } from './env.ts'

/**
 * Makes sendJson add an ETag and `Cache-Control: no-cache` to a public GET, and returns 304 for a matching If-None-Match. A call
 * opts in with `etag: 'revalidated'`. Never use it for private data.
 */
export function revalidated(): MiddlewareHandler<Env> {
  const compare = etag()
  return (c, next) => {
    c.set('is_revalidated', true)
    return c.req.header('if-none-match') === undefined ? next() : compare(c, next)
  }
}
