import type { Span } from '@opentelemetry/api'
import type { Context, Next } from 'hono'
import { routePath } from 'hono/route'
import { flushInvalidations } from '../../platform/changes/invalidations.ts'
import { failSpan, inServerSpan, type TraceHeaders } from '../../platform/tracing/trace.ts'
import type { Env, Services } from '../env.ts'
import { clientAddress } from './client_address.ts'
import { addLength, completeHeaders } from './complete_headers.ts'
import { countResponse } from './count_response.ts'

/** Machines call these paths every few seconds, so they are logged at `debug`. */
const POLLED = ['/livez', '/readyz', '/metrics']

/**
 * Gives every request the services, an id and a trace. Before the response it invalidates the cache keys that the call made
 * stale. Counts the response and logs one line about it.
 */
export function observe(services: Services): (c: Context<Env>, next: Next) => Promise<void> {
  let in_flight = 0
  services.metrics.watch('http_requests_in_flight', () => [{ labels: {}, value: in_flight }])
  return async (c, next) => {
    const started_ms = performance.now()
    setFacts(c, services)
    const route = routePath(c, -1)
    in_flight++
    const trace = await inServerSpan(traceHeadersOf(c), POLLED.includes(route), async (span) => {
      await flushInvalidations(services.cache.invalidate, next).finally(() => in_flight--)
      if (span.isRecording()) describeResponse(span, c, route)
      return span.spanContext()
    })
    completeHeaders(c)
    if (c.req.method === 'HEAD') await addLength(c)
    const took_ms = performance.now() - started_ms
    countResponse(c, route, took_ms / 1000)
    const level = POLLED.includes(route) ? 'debug' : 'info'
    if (services.log.isLevelEnabled(level)) services.log[level](describeCall(c, route, trace.traceId, took_ms), 'request')
  }
}

/** Sets what every handler reads from the context. */
function setFacts(c: Context<Env>, services: Services): void {
  // The facts inherit the services. Hono's Map would need a copy of all 25, and each lookup in it takes longer.
  const facts: Partial<Env['Variables']> = Object.create(services)
  c.get = ((name: keyof typeof facts) => facts[name]) as typeof c.get
  c.set = ((name: keyof typeof facts, value: never) => {
    facts[name] = value
  }) as typeof c.set
  c.set('request_id', acceptRequestId(c.req.header('x-request-id')) ?? crypto.randomUUID())
  c.set('user_id', 0)
  // Without a proxy the header comes from the caller and does not count.
  const forwarded_for = services.trusted_proxies > 0 ? c.req.header('x-forwarded-for') : undefined
  c.set('address', clientAddress(c.env?.address, forwarded_for, services.trusted_proxies))
  c.set('afterCommit', (run) => run())
}

/** Returns the headers of the caller's trace. W3C Trace Context gives a tracestate no meaning without a traceparent. */
function traceHeadersOf(c: Context<Env>): TraceHeaders {
  const traceparent = c.req.header('traceparent')
  return traceparent === undefined ? {} : { traceparent, tracestate: c.req.header('tracestate') ?? '' }
}

/** Returns the line of the access log. */
function describeCall(c: Context<Env>, route: string, trace_id: string, took_ms: number): Record<string, unknown> {
  return {
    request_id: c.get('request_id'),
    trace_id,
    method: c.req.method,
    route,
    status: c.res.status,
    user_id: c.get('user_id') || undefined,
    duration_ms: Math.round(took_ms * 10) / 10,
    // A problem's code. Absent after a success.
    problem: c.get('problem'),
  }
}

/** Attribute names follow OpenTelemetry's conventions for HTTP servers. */
function describeResponse(span: Span, c: Context<Env>, route: string): void {
  span.updateName(`${c.req.method} ${route}`).setAttributes({
    'http.request.method': c.req.method,
    'http.route': route,
    'http.response.status_code': c.res.status,
    'stallwright.request_id': c.get('request_id'),
  })
  if (c.get('problem')) span.setAttribute('stallwright.problem', c.get('problem'))
  if (c.res.status >= 500) failSpan(span, { code: c.get('problem') ?? String(c.res.status) })
}

/** Keeps a valid id of the caller. Any other value of the header stays out of the logs. */
function acceptRequestId(header: string | undefined): string | undefined {
  return header && /^[\w-]{1,64}$/.test(header) ? header : undefined
}
