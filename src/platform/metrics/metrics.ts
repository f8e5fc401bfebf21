import { Counter, Gauge, Histogram, Registry } from 'prom-client'
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
type Labels = Record<string, string>
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
    else recorders.set(name, makeRecorder(registry, name, declaration))
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

/** Creates a counter or a histogram. If all values of its labels are known, every series exists from the start, at 0. */
function makeRecorder(registry: Registry, name: string, declaration: Declaration): Recorder {
  const bound = capLabels(declaration.labels)
  const settings = { name, help: declaration.help, labelNames: Object.keys(declaration.labels), registers: [registry] }
  if (declaration.type === 'histogram') {
    const histogram = new Histogram({ ...settings, buckets: [...declaration.buckets] })
    for (const labels of combinations(declaration.labels)) histogram.zero(labels)
    return (labels, value) => histogram.observe(bound(labels), value)
  }
  const counter = new Counter(settings)
  for (const labels of combinations(declaration.labels)) counter.inc(labels, 0)
  return (labels, value) => counter.inc(bound(labels), value)
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

/**
 * Bounds the values of open-ended labels, because each value is a series that Prometheus keeps for months. Returns the same object
 * if no value is beyond the maximum, because every request passes here several times.
 */
function capLabels(declared: Declaration['labels']): (labels: Labels) => Labels {
  const open = Object.entries(declared).flatMap(([label, bound]) =>
    'max' in bound ? [{ label, max: bound.max, seen: new Set<string>() }] : [],
  )
  return (labels) => {
    let capped = labels
    for (const { label, max, seen } of open) {
      const value = labels[label]
      if (value === undefined || seen.has(value)) continue
      if (seen.size < max) seen.add(value)
      else capped = { ...capped, [label]: '_other' }
    }
    return capped
  }
}

/** Returns every combination of known label values. Returns none if a label is open-ended. */
function combinations(declared: Declaration['labels']): Labels[] {
  let all: Labels[] = [{}]
  for (const [label, values] of Object.entries(declared)) {
    if ('max' in values) return []
    all = all.flatMap((labels) => values.map((value) => ({ ...labels, [label]: value })))
  }
  return all
}
