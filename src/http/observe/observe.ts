import type { Span } from '@opentelemetry/api'
import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { flushInvalidations } from '../../platform/changes/invalidations.ts'
import { failSpan, inServerSpan } from '../../platform/tracing/trace.ts'
import type { Env, Services } from '../env.ts'
import { describeLimit } from '../limits/apply_limit.ts'
import { clientAddress } from './client_address.ts'
import { countResponse } from './count_response.ts'

/**
 * Set on every response, unless a page sets its own. A browser has no reason to run or frame a response of an API. There is no
 * Strict-Transport-Security, because only the server that terminates TLS can decide whether its name is served over TLS alone.
 */
const SECURITY = Object.entries({
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
})

/** Machines call these paths every few seconds, so they are logged at `debug`. */
const POLLED = ['/livez', '/readyz', '/metrics']

/**
 * Gives every request the services, an id and a trace. Before the response it invalidates the cache keys that the call made
 * stale. Counts the response and logs one line about it.
 */
export function observe(services: Services): MiddlewareHandler<Env> {
  const { metrics } = services
  let in_flight = 0
  metrics.watch('http_requests_in_flight', () => [{ labels: {}, value: in_flight }])
  return async (c, next) => {
    const started = performance.now()
    const request_id = acceptRequestId(c.req.header('x-request-id')) ?? crypto.randomUUID()
    // To copy 25 services into each context took a tenth of a cached page. `c.var` has only the facts of the request.
    const fact = c.get
    c.get = ((name: keyof Env['Variables']) => fact(name) ?? services[name as keyof Services]) as typeof c.get
    c.set('request_id', request_id)
    c.set('user_id', 0)
    c.set('address', clientAddress(c.env?.address, c.req.header('x-forwarded-for'), services.trusted_proxies))
    c.set('afterCommit', (run) => run())
    in_flight++
    const [traceparent = '', tracestate = ''] = [c.req.header('traceparent'), c.req.header('tracestate')]
    const trace_id = await inServerSpan({ traceparent, tracestate }, POLLED.includes(c.req.path), async (span) => {
      await flushInvalidations(services.cache.invalidate, next).finally(() => in_flight--)
      if (span.isRecording()) describeResponse(span, c)
      return span.spanContext().traceId
    })
    await addHeaders(c)
    const took_ms = performance.now() - started
    countResponse(c, took_ms / 1000)
    const route = routePath(c, -1)
    const line = {
      request_id,
      trace_id,
      method: c.req.method,
      route,
      status: c.res.status,
      user_id: c.get('user_id') || undefined,
      duration_ms: Math.round(took_ms * 10) / 10,
      // A problem's code. Absent after a success.
      problem: c.get('problem'),
    }
    services.log[POLLED.includes(route) ? 'debug' : 'info'](line, 'request')
  }
}

/** Attribute names follow OpenTelemetry's conventions for HTTP servers. */
function describeResponse(span: Span, c: Context<Env>): void {
  const route = routePath(c, -1)
  span.updateName(`${c.req.method} ${route}`).setAttributes({
    'http.request.method': c.req.method,
    'http.route': route,
    'http.response.status_code': c.res.status,
    'stallwright.request_id': c.get('request_id'),
  })
  if (c.get('problem')) span.setAttribute('stallwright.problem', c.get('problem'))
  if (c.res.status >= 500) failSpan(span, { code: c.get('problem') ?? String(c.res.status) })
}

async function addHeaders(c: Context<Env>): Promise<void> {
  const { headers } = c.res
  headers.set('X-Request-Id', c.get('request_id'))
  for (const [name, value] of SECURITY) if (!headers.has(name)) headers.set(name, value)
  // A browser replaces a page's stored headers with those of a 304. The page would lose its own policy.
  if (c.res.status === 304) headers.delete('Content-Security-Policy')
  const state = c.get('limit_state')
  if (state) for (const [name, value] of Object.entries(describeLimit(state))) headers.set(name, value)
  // Without the body, the server would send a length of 0.
  if (c.req.method === 'HEAD' && !headers.has('Content-Length') && c.res.status === 200)
    headers.set('Content-Length', String((await c.res.clone().arrayBuffer()).byteLength))
}

/** Keeps a valid id of the caller. Any other value of the header stays out of the logs. */
function acceptRequestId(header: string | undefined): string | undefined {
  return header && /^[\w-]{1,64}$/.test(header) ? header : undefined
}
