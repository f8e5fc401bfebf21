import { Gauge, Registry } from 'prom-client'
import packageJson from '../../../package.json' with { type: 'json' }
import { inTime } from '../in_time.ts'
import { runtime } from '../runtime/runtime.ts'
import {
  type CounterName,
  type Declaration,
  declarations,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
} from './declarations.ts'
import { collectProcessMetrics } from './process_metrics.ts'
import { capLabels, type Labels, openSeries } from './series.ts'

/**
 * The metrics of this process since its start. Prometheus sums them over the processes. declarations.ts declares each metric. A
 * write is counted after its commit, from the result of the statement.
 */
export type Metrics = {
  /** Adds to a counter. */
  add: <N extends CounterName>(name: N, labels: LabelsOf<N>, by?: number) => void
  /** Puts a value into a histogram. */
  observe: <N extends HistogramName>(name: N, labels: LabelsOf<N>, value: number) => void
  /** Adds a source to a gauge. Each scrape reads it. A source that fails or takes longer than 1 s is left out. */
  watch: <N extends GaugeName>(name: N, read: Read<Sample<N>>) => void
  /** Returns all metrics in Prometheus' text format. */
  render: () => Promise<string>
}

export type Sample<N extends MetricName> = { labels: LabelsOf<N>; value: number }

type Read<S> = () => S[] | Promise<S[]>
type Recorder = (labels: Labels, value: number) => void
type AnySample = { labels: Labels; value: number }

/** A scrape must not hang on a source. Prometheus waits 10 s. */
const READ_TIMEOUT_MS = 1000

/** Creates the metrics of one service. Two services in one process share nothing. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectProcessMetrics(registry)
  const recorders = new Map<string, Recorder>()
  const readers = new Map<string, Read<AnySample>[]>()
  for (const [name, declaration] of Object.entries<Declaration>(declarations)) {
    if (declaration.type === 'gauge') readers.set(name, makeGauge(registry, name, declaration))
    else recorders.set(name, openSeries(registry, name, declaration))
  }
  const metrics: Metrics = {
    add: (name, labels, by = 1) => recorders.get(name)?.(labels as Labels, by),
    observe: (name, labels, value) => recorders.get(name)?.(labels as Labels, value),
    watch: (name, read) => void readers.get(name)?.push(read as Read<AnySample>),
    render: () => registry.metrics(),
  }
  metrics.watch('stallwright_build_info', () => [
    { labels: { version: packageJson.version, runtime: `${runtime.name} ${runtime.version}` }, value: 1 },
  ])
  return metrics
}

/** Creates a gauge that reads its sources at each scrape, adds up values of one series, and keeps no earlier value. */
function makeGauge(registry: Registry, name: string, { help, labels }: Declaration): Read<AnySample>[] {
  const bound = capLabels(labels)
  const readers: Read<AnySample>[] = []
  const gauge: Gauge = new Gauge({
    name,
    help,
    labelNames: Object.keys(labels),
    registers: [registry],
    collect: async () => {
      const read = await Promise.allSettled(readers.map((read) => inTime(Promise.try(read), READ_TIMEOUT_MS)))
      gauge.reset()
      if (Object.keys(labels).length === 0) gauge.remove()
      for (const samples of read)
        if (samples.status === 'fulfilled') for (const sample of samples.value) gauge.inc(bound(sample.labels), sample.value)
    },
  })
  return readers
}
