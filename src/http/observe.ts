import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Dependencies, Env } from './env.ts'

/** Hands every request the dependencies and an id, and writes one line about it when it is answered. */
export function observe(dependencies: Dependencies): MiddlewareHandler<Env> {
  return async (c, next) => {
    const started = performance.now()
    const request_id = acceptRequestId(c.req.header('x-request-id')) ?? crypto.randomUUID()
    for (const [name, value] of Object.entries(dependencies)) c.set(name as keyof Dependencies, value as never)
    c.set('request_id', request_id)
    c.set('user_id', 0)
    await next()
    c.res.headers.set('X-Request-Id', request_id)
    c.res.headers.set('X-Content-Type-Options', 'nosniff')
    const duration_ms = Math.round((performance.now() - started) * 10) / 10
    const line = {
      request_id,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      user_id: c.var.user_id || undefined,
      duration_ms,
    }
    dependencies.log.info(line, 'request')
  }
}

/** A caller's own id is kept if it is one; whatever else comes in that header is not repeated into logs. */
function acceptRequestId(header: string | undefined): string | undefined {
  return header && /^[\w-]{1,64}$/.test(header) ? header : undefined
}
