import type { MiddlewareHandler } from 'hono'
import { etag } from 'hono/etag'
import type { Env } from './env.ts'

/**
 * For what everybody may read: whoever likes keeps it and asks each time, by its ETag, whether it still holds; 304 where it
 * does. Never for what is one person's own. What it is for says `etag: 'revalidated'`. sendJson makes the tag of the text, which is
 * cheap; of anything else Hono makes it, of a copy of the answer's bytes.
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
