import { diag, trace } from '@opentelemetry/api'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'

export type Tracing = { close: () => Promise<void> }

/** A collector that is away holds up no end. */
const CLOSE_WITHIN_MS = 3000

/**
 * Sends spans by OTLP over HTTP, where the configuration says so: opt-in by OTEL_TRACES_EXPORTER=otlp or by an endpoint. The
 * names, defaults and meanings of the variables are those of OpenTelemetry
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). `close` sends what is left.
 */
export async function openTracing(config: Config, log: Logger): Promise<Tracing> {
  if (!isWanted(config)) return { close: async () => {} }
  // Only who wants traces pays for loading what sends them.
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
