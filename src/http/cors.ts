import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { Env } from './env.ts'

const EXPOSED = [
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
]
const ACCEPTED = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'X-Request-Id',
  'traceparent',
  'tracestate',
]
const PREFLIGHT_TTL_S = 600

/** Lets pages of these origins read answers; to all others the API looks as if there were no CORS. No cookies: tokens are sent by hand. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler<Env> {
  const known = new Set(origins)
  const allow = cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ACCEPTED,
    exposeHeaders: EXPOSED,
    maxAge: PREFLIGHT_TTL_S,
  })
  return async (c, next) => {
    const response = known.has(c.req.header('origin') ?? '') ? await allow(c, next) : await next()
    // Caches must not hand one origin what another one was answered.
    if (known.size > 0 && !c.res.headers.get('vary')?.toLowerCase().includes('origin')) c.res.headers.append('Vary', 'Origin')
    return response
  }
}
