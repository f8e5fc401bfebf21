import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { tellStale } from '../changes/stale_keys.ts'
import { describeStanding } from '../limits/apply_limit.ts'
import { clientAddress } from './client_address.ts'
import type { Dependencies, Env } from './env.ts'
import { continueTrace, withinTrace } from './trace.ts'

/**
 * On every answer, unless a page says otherwise. An answer of an API is nothing to run or to frame. Strict-Transport-Security
 * is not here: whoever ends TLS in front of this process knows whether its name is served by TLS alone.
 */
const SECURITY = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
}

/** Hands every request the dependencies, an id and a trace, and writes one line about it when it is answered. */
export function observe(dependencies: Dependencies): MiddlewareHandler<Env> {
  return async (c, next) => {
    const started = performance.now()
    const request_id = acceptRequestId(c.req.header('x-request-id')) ?? crypto.randomUUID()
    const trace = continueTrace(c.req.header('traceparent'), c.req.header('tracestate'))
    for (const [name, value] of Object.entries(dependencies)) c.set(name as keyof Dependencies, value as never)
    c.set('request_id', request_id)
    c.set('user_id', 0)
    c.set('address', clientAddress(c.env?.address, c.req.header('x-forwarded-for'), dependencies.trusted_proxies))
    await tellStale(dependencies.cache.forget, () => withinTrace(trace, next))
    await addHeaders(c)
    const duration_ms = Math.round((performance.now() - started) * 10) / 10
    const line = {
      request_id,
      trace_id: trace.trace_id,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      user_id: c.var.user_id || undefined,
      duration_ms,
    }
    dependencies.log.info(line, 'request')
  }
}

async function addHeaders(c: Context<Env>): Promise<void> {
  const { headers } = c.res
  headers.set('X-Request-Id', c.var.request_id)
  for (const [name, value] of Object.entries(SECURITY)) if (!headers.has(name)) headers.set(name, value)
  if (c.var.standing) for (const [name, value] of Object.entries(describeStanding(c.var.standing))) headers.set(name, value)
  // Without its body the server would say that an answer is empty.
  if (c.req.method === 'HEAD' && !headers.has('Content-Length') && c.res.status === 200)
    headers.set('Content-Length', String((await c.res.clone().arrayBuffer()).byteLength))
}

/** A caller's own id is kept if it is one; whatever else comes in that header is not repeated into logs. */
function acceptRequestId(header: string | undefined): string | undefined {
  return header && /^[\w-]{1,64}$/.test(header) ? header : undefined
}
