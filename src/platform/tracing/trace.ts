/**
 * One trace for all that happens on behalf of one request, here, in its jobs and at whom we call: W3C Trace Context
 * (https://www.w3.org/TR/trace-context/) through the API of OpenTelemetry. Spans are recorded once open_tracing.ts has been told
 * where to send them; until then the ids alone are carried. No span holds anything of a body, a query or an answer, nor an error's
 * message; of the headers, X-Request-Id and tracestate, which are made to be passed on.
 */
import {
  type Attributes,
  type Context,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { suppressTracing, W3CTraceContextPropagator } from '@opentelemetry/core'

context.setGlobalContextManager(new AsyncLocalStorageContextManager())

const w3c = new W3CTraceContextPropagator()
const tracer = () => trace.getTracer('stallwright')

/** The headers of W3C Trace Context, as they came; what is no such header starts another trace. */
export type TraceHeaders = { traceparent?: string; tracestate?: string }

/** Runs a request as the server's part of the caller's trace, or of a new one. One that is `ignored` is recorded by nobody. */
export function inServerSpan<T>(headers: TraceHeaders, ignored: boolean, run: (span: Span) => Promise<T>): Promise<T> {
  const caller = readTrace(headers)
  const parent = ignored ? suppressTracing(caller) : caller
  return inNewSpan(parent, tracer().startSpan('request', { kind: SpanKind.SERVER }, parent), run)
}

/** Runs a job as a part of the trace of whoever enqueued it. */
export function inJobSpan<T>(queue: string, traceparent: unknown, attributes: Attributes, run: () => Promise<T>): Promise<T> {
  const parent = readTrace({ traceparent: String(traceparent) })
  const about = { 'messaging.system': 'pg-boss', 'messaging.operation.type': 'process', 'messaging.destination.name': queue }
  const options = { kind: SpanKind.CONSUMER, attributes: { ...about, ...attributes } }
  return inNewSpan(parent, tracer().startSpan(`process ${queue}`, options, parent), run)
}

/** Runs a call to somebody else as a span of its own, where the request or job around it is being recorded. */
export function inClientSpan<T>(name: string, attributes: Attributes, run: () => Promise<T>): Promise<T> {
  const span = startClientSpan(name, attributes)
  return span ? inNewSpan(context.active(), span, run) : run()
}

/** Runs a statement of PostgreSQL as a span of its own, where the request or job around it is being recorded. */
export function inStatementSpan<T>(name: string, run: () => Promise<T>): Promise<T> {
  return inClientSpan(name, { 'db.system.name': 'postgresql', 'db.query.summary': name }, run)
}

/** For calls that tell of their beginning and end by themselves; null where nothing is being recorded. */
export function startClientSpan(name: string, attributes: Attributes): Span | null {
  return trace.getActiveSpan()?.isRecording() ? tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes }) : null
}

/** Marks a span as failed, by the error's code or name: its message may hold what is nobody else's business. */
export function failSpan(span: Span | undefined, error: unknown): void {
  const { code, name } = error as { code?: string; name?: string }
  span?.setAttribute('error.type', String(code ?? name ?? 'unknown')).setStatus({ code: SpanStatusCode.ERROR })
}

/** The span that runs now. */
export function activeSpan(): Span | undefined {
  return trace.getActiveSpan()
}

/** Names the current trace in a log; undefined outside one. */
export function traceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId
}

/** The headers that carry the current trace to whom it calls; none outside one. */
export function traceHeaders(): TraceHeaders {
  const headers: TraceHeaders = {}
  w3c.inject(context.active(), headers, defaultTextMapSetter)
  return headers
}

/** The current trace for the jobs that a statement enqueues; null outside one. */
export function traceparent(): string | null {
  return traceHeaders().traceparent ?? null
}

/** Of the flags, version 00 knows the sampled bit alone; others would make a header that is none. */
function readTrace(headers: TraceHeaders): Context {
  const found = w3c.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
  const caller = trace.getSpanContext(found)
  return caller ? trace.setSpanContext(found, { ...caller, traceFlags: caller.traceFlags & TraceFlags.SAMPLED }) : found
}

async function inNewSpan<T>(parent: Context, started: Span, run: (span: Span) => Promise<T>): Promise<T> {
  const span = trace.isSpanContextValid(started.spanContext()) ? started : nameOnly()
  try {
    return await context.with(trace.setSpan(parent, span), run, undefined, span)
  } catch (error) {
    failSpan(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** A trace that nobody records has ids all the same, for the log. */
function nameOnly(): Span {
  const digits = () => crypto.randomUUID().replaceAll('-', '')
  const [traceId, spanId] = [digits(), digits().slice(0, 16)]
  return trace.wrapSpanContext({ traceId, spanId, traceFlags: TraceFlags.NONE })
}
