import type { MiddlewareHandler } from 'hono'
import { etag } from 'hono/etag'
import type { Env } from './env.ts'

/**
 * Adds an ETag and `Cache-Control: no-cache` to public GETs, and returns 304 for a matching If-None-Match. A call opts in with
 * `etag: 'revalidated'`. Never use it for private data. sendJson hashes the text, which is cheap. For other bodies Hono hashes a
 * copy.
 */
export function revalidated(): MiddlewareHandler<Env> {
  const tag = etag()
  return (c, next) =>
    tag(c, async () => {
      c.set('is_revalidated', true)
      await next()
      if (c.res.ok) c.res.headers.set('Cache-Control', 'no-cache')
    })
}
