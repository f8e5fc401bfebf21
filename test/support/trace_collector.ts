/** A collector of OpenTelemetry traces. It receives OTLP over HTTP and keeps the spans. */
import { Root } from 'protobufjs/light'

/** A received span, with its attributes of text and integers. Ids are hexadecimal. `parent_id` is empty for a root. */
export type CollectedSpan = {
  trace_id: string
  span_id: string
  parent_id: string
  name: string
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  failed: boolean
  service: string | undefined
  attributes: Record<string, string | number>
}

export type TraceCollector = { url: string; spans: CollectedSpan[]; stop: () => Promise<void> }

const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const

/** Starts a collector on a free port. With `refuses` it returns 500 for every request. */
export function startTraceCollector({ refuses = false } = {}): TraceCollector {
  const spans: CollectedSpan[] = []
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      if (refuses) return new Response(null, { status: 500 })
      if (new URL(request.url).pathname !== '/v1/traces') return new Response(null, { status: 404 })
      spans.push(...readSpans(new Uint8Array(await request.arrayBuffer())))
      return new Response(new Uint8Array(), { headers: { 'Content-Type': 'application/x-protobuf' } })
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, spans, stop: () => server.stop(true) }
}

type KeyValue = { key: string; value: { stringValue?: string; intValue?: number } }
type Sent = {
  traceId: Uint8Array
  spanId: Uint8Array
  parentSpanId?: Uint8Array
  name: string
  kind: number
  status?: { code?: number }
  attributes?: KeyValue[]
}
type Message = { resourceSpans: { resource: { attributes: KeyValue[] }; scopeSpans: { spans: Sent[] }[] }[] }

function readSpans(body: Uint8Array): CollectedSpan[] {
  const { resourceSpans } = exportedTraces.toObject(exportedTraces.decode(body), { longs: Number }) as Message
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        trace_id: Buffer.from(span.traceId).toString('hex'),
        span_id: Buffer.from(span.spanId).toString('hex'),
        parent_id: Buffer.from(span.parentSpanId ?? []).toString('hex'),
        name: span.name,
        kind: KINDS[span.kind] ?? 'internal',
        failed: span.status?.code === 2,
        service: String(toRecord(resource.attributes)['service.name']),
        attributes: toRecord(span.attributes ?? []),
      })),
    ),
  )
}

function toRecord(attributes: KeyValue[]): Record<string, string | number> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']))
}

const one = (id: number, type: string) => ({ id, type })
const many = (id: number, type: string) => ({ id, type, rule: 'repeated' })

/** The fields of OTLP that this module reads, with their numbers in opentelemetry/proto/trace/v1/trace.proto. */
const exportedTraces = Root.fromJSON({
  nested: {
    Traces: { fields: { resourceSpans: many(1, 'ResourceSpans') } },
    ResourceSpans: { fields: { resource: one(1, 'Resource'), scopeSpans: many(2, 'ScopeSpans') } },
    Resource: { fields: { attributes: many(1, 'KeyValue') } },
    ScopeSpans: { fields: { spans: many(2, 'Span') } },
    Span: {
      fields: {
        traceId: one(1, 'bytes'),
        spanId: one(2, 'bytes'),
        parentSpanId: one(4, 'bytes'),
        name: one(5, 'string'),
        kind: one(6, 'int32'),
        attributes: many(9, 'KeyValue'),
        status: one(15, 'Status'),
      },
    },
    Status: { fields: { code: one(3, 'int32') } },
    KeyValue: { fields: { key: one(1, 'string'), value: one(2, 'AnyValue') } },
    AnyValue: { fields: { stringValue: one(1, 'string'), intValue: one(3, 'int64') } },
  },
}).lookupType('Traces')
