/**
 * W3C Trace Context (https://www.w3.org/TR/trace-context/): one id for all that happens on behalf of one request, here and at
 * whom we call. An answer carries no traceparent: the caller knows its own.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

/** `span_id` is this process's part of the trace; `state` what other vendors passed along. */
export type Trace = { trace_id: string; span_id: string; flags: string; state: string | undefined }

const current = new AsyncLocalStorage<Trace>()

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const MAX_STATE_LENGTH = 512

/** Continues the caller's trace, or starts one where its header is none: then its tracestate is worth nothing either. */
export function continueTrace(traceparent: string | undefined, tracestate: string | undefined): Trace {
  const span_id = randomBytes(8).toString('hex')
  const [, version, trace_id = '', parent_id = '', flags = '', more] = TRACEPARENT.exec(traceparent?.trim() ?? '') ?? []
  const is_valid = version && version !== 'ff' && !(version === '00' && more) && /[^0]/.test(trace_id) && /[^0]/.test(parent_id)
  if (!is_valid) return { trace_id: randomBytes(16).toString('hex'), span_id, flags: '00', state: undefined }
  const state = tracestate && tracestate.length <= MAX_STATE_LENGTH ? tracestate : undefined
  // Of the flags, version 00 knows the sampled bit alone.
  return { trace_id, span_id, flags: Number.parseInt(flags, 16) & 1 ? '01' : '00', state }
}

/** Runs something as part of a trace: calls that it makes go out under it. */
export function withinTrace<T>(trace: Trace, run: () => Promise<T>): Promise<T> {
  return current.run(trace, run)
}

/** The headers that carry the trace of the current request to whom it calls; none outside a request. */
export function traceHeaders(): Record<string, string> {
  const trace = current.getStore()
  if (!trace) return {}
  const { trace_id, span_id, flags, state } = trace
  return { traceparent: `00-${trace_id}-${span_id}-${flags}`, ...(state ? { tracestate: state } : {}) }
}
