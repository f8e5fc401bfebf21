/**
 * One trace for a request, its jobs and the services that it calls: W3C Trace Context (https://www.w3.org/TR/trace-context/)
 * through the API of OpenTelemetry. open_tracing.ts starts the recording of spans. Without it only the ids are passed on. A span
 * contains no body, query, response or error message. It contains only two headers, X-Request-Id and tracestate, which exist to
 * be passed on.
 */
import {
  type Attributes,
  type Context,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
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

/** The received headers of W3C Trace Context. An invalid header starts a new trace. */
export type TraceHeaders = { traceparent?: string; tracestate?: string }

/** Runs a request as the server's part of the caller's trace, or of a new one. With `ignored` the request is not recorded. */
export function inServerSpan<T>(headers: TraceHeaders, ignored: boolean, run: (span: Span) => Promise<T>): Promise<T> {
  const caller = readTrace(headers)
  const parent = ignored ? suppressTracing(caller) : caller
  return inNewSpan(parent, tracer().startSpan('request', { kind: SpanKind.SERVER }, parent), run)
}

/** Runs a job as a part of the trace that enqueued it. */
export function inJobSpan<T>(queue: string, traceparent: unknown, attributes: Attributes, run: () => Promise<T>): Promise<T> {
  const parent = readTrace({ traceparent: String(traceparent) })
  const about = { 'messaging.system': 'pg-boss', 'messaging.operation.type': 'process', 'messaging.destination.name': queue }
  const options = { kind: SpanKind.CONSUMER, attributes: { ...about, ...attributes } }
  return inNewSpan(parent, tracer().startSpan(`process ${queue}`, options, parent), run)
}

/** Runs a call to another service as its own span, if the request or job around it is recorded. */
export function inClientSpan<T>(name: string, attributes: Attributes, run: () => Promise<T>): Promise<T> {
  const span = startClientSpan(name, attributes)
  return span ? inNewSpan(context.active(), span, run) : run()
}

/** Runs a statement of PostgreSQL as its own span, if the request or job around it is recorded. */
export function inStatementSpan<T>(name: string, run: () => Promise<T>): Promise<T> {
  return inClientSpan(name, { 'db.system.name': 'postgresql', 'db.query.summary': name }, run)
}

/** For calls with their own start and end events. Returns null if nothing is recorded. */
export function startClientSpan(name: string, attributes: Attributes): Span | null {
  return trace.getActiveSpan()?.isRecording() ? tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes }) : null
}

/** Marks a span as failed, with the error's code or name. Omits the message, which can contain private data. */
export function failSpan(span: Span | undefined, error: unknown): void {
  const { code, name } = error as { code?: string; name?: string }
  span?.setAttribute('error.type', String(code ?? name ?? 'unknown')).setStatus({ code: SpanStatusCode.ERROR })
}

/** The current span. */
export function activeSpan(): Span | undefined {
  return trace.getActiveSpan()
}

/** Returns the id of the current trace, for the log. Returns undefined outside a trace. */
export function traceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId
}

/** Returns the headers that carry the current trace to another service. Returns none outside a trace. */
export function traceHeaders(): TraceHeaders {
  const headers: TraceHeaders = {}
  w3c.inject(context.active(), headers, defaultTextMapSetter)
  return headers
}

/** Returns the current trace for jobs that a statement enqueues, or null outside a trace. */
export function traceparent(): string | null {
  return traceHeaders().traceparent ?? null
}

/** Version 00 defines only the sampled bit. Other flags would make the header invalid. */
function readTrace(headers: TraceHeaders): Context {
  if (!headers.traceparent) return ROOT_CONTEXT
  const found = w3c.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
  const caller = trace.getSpanContext(found)
  return caller ? trace.setSpanContext(found, { ...caller, traceFlags: caller.traceFlags & TraceFlags.SAMPLED }) : found
}

async function inNewSpan<T>(parent: Context, started: Span, run: (span: Span) => Promise<T>): Promise<T> {
  const span = trace.isSpanContextValid(started.spanContext()) ? started : trace.wrapSpanContext(new UnrecordedIds())
  try {
    return await context.with(trace.setSpan(parent, span), run, undefined, span)
  } catch (error) {
    failSpan(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** The ids of an unrecorded span. They are made when the log, a job or a call to another service first reads them. */
class UnrecordedIds implements SpanContext {
  readonly traceFlags = TraceFlags.NONE
  #trace_id: string | undefined

  get traceId(): string {
    this.#trace_id ??= crypto.randomUUID().replaceAll('-', '')
    return this.#trace_id
  }

  get spanId(): string {
    return this.traceId.slice(16)
  }
}
