/** The SDK of OpenTelemetry, configured by the standard variables. Only a process with tracing loads it. */
import { trace } from '@opentelemetry/api'
import { parseKeyPairsIntoRecord } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Config } from '../config.ts'
import { traceRedis } from './trace_redis.ts'

const samplers: Record<Config['OTEL_TRACES_SAMPLER'], (ratio: number) => Sampler> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
}

/** Registers the provider that records spans. `stop` sends the waiting spans. */
export function startRecording(config: Config): { stop: () => Promise<void> } {
  const provider = new TracerProvider({
    sampler: samplers[config.OTEL_TRACES_SAMPLER](config.OTEL_TRACES_SAMPLER_ARG),
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'stallwright' }))
      .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url: tracesUrl(config),
          headers: parseKeyPairsIntoRecord(config.OTEL_EXPORTER_OTLP_HEADERS),
        }),
        scheduledDelayMillis: config.OTEL_BSP_SCHEDULE_DELAY,
        maxQueueSize: config.OTEL_BSP_MAX_QUEUE_SIZE,
        maxExportBatchSize: config.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
        exportTimeoutMillis: config.OTEL_BSP_EXPORT_TIMEOUT,
      }),
    ],
  })
  trace.setGlobalTracerProvider(provider)
  const endRedis = traceRedis()
  const stop = async () => {
    endRedis()
    await provider.shutdown()
  }
  return { stop }
}

/** Returns the URL for traces. The endpoint for all signals gets the path for traces. The endpoint for traces already has it. */
function tracesUrl(config: Config): string {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT ?? 'http://localhost:4318'
  return config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? `${endpoint.replace(/\/+$/, '')}/v1/traces`
}
