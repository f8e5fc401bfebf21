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

/**
 * Lets pages of these origins read responses. Other origins get no CORS headers. The API uses no cookies, so credentials are not
 * allowed.
 */
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
    // A cache must not send the response for one origin to another origin.
    if (!c.res.headers.get('vary')?.toLowerCase().includes('origin')) c.res.headers.append('Vary', 'Origin')
    return response
  }
}
