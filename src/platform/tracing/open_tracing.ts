import { diag, trace } from '@opentelemetry/api'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'

export type Tracing = { close: () => Promise<void> }

/** An unreachable collector must not delay the end of the process. */
const CLOSE_WITHIN_MS = 3000

/**
 * Sends spans by OTLP over HTTP, if OTEL_TRACES_EXPORTER=otlp or an endpoint is set. Names, defaults and meanings of the
 * variables are OpenTelemetry's (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). `close`
 * sends the remaining spans.
 */
export async function openTracing(config: Config, log: Logger): Promise<Tracing> {
  if (!isWanted(config)) return { close: async () => {} }
  // Loaded on demand, so that a process without tracing does not load the SDK.
  const { startRecording } = await import('./recording.ts')
  const warn = (...args: unknown[]) => log.warn({ tracing: args.map(String) }, 'tracing')
  diag.setLogger({ error: warn, warn, info: () => {}, debug: () => {}, verbose: () => {} })
  const recording = startRecording(config)
  const close = async () => {
    await Promise.race([recording.stop().catch(warn), new Promise((late) => setTimeout(late, CLOSE_WITHIN_MS))])
    trace.disable()
    diag.disable()
  }
  return { close }
}

function isWanted(config: Config): boolean {
  const { OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER: exporter } = config
  const has_endpoint = Boolean(config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? config.OTEL_EXPORTER_OTLP_ENDPOINT)
  return !OTEL_SDK_DISABLED && (exporter ? exporter === 'otlp' : has_endpoint)
}
