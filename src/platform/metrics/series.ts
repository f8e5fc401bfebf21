import type { MetricType, Registry } from 'prom-client'
import type { Declaration } from './declarations.ts'

export type Labels = Record<string, string>

/** One series: the sum of its values, and for a histogram the count of values in each bucket. The last bucket has no bound. */
type Series = { labels: Labels; sum: number; buckets: number[] }
type Sample = { labels: Labels; value: number; metricName?: string }

/**
 * Registers a counter or a histogram, and returns the function that adds a value to one of its series. If all values of its
 * labels are known, every series exists from the start, at 0.
 *
 * prom-client only renders them. Its own counters check and hash all labels for each value, which took 15 % of a cached page.
 */
export function openSeries(registry: Registry, name: string, declaration: Declaration): (labels: Labels, value: number) => void {
  const bounds = declaration.type === 'histogram' ? declaration.buckets : []
  const names = Object.keys(declaration.labels)
  const bound = capLabels(declaration.labels)
  const all = new Map<string, Series>()
  const keyOf = (labels: Labels) => {
    let key = ''
    for (const label of names) key += `${labels[label]}\n`
    return key
  }
  const open = (labels: Labels): Series => {
    const capped = bound(labels)
    const key = keyOf(capped)
    const series = all.get(key) ?? { labels: capped, sum: 0, buckets: new Array<number>(bounds.length + 1).fill(0) }
    all.set(key, series)
    return series
  }
  for (const labels of combinations(declaration.labels)) open(labels)
  const sample = declaration.type === 'histogram' ? (one: Series) => sampleHistogram(name, bounds, one) : sampleCounter
  const get = async () => {
    const values = [...all.values()].flatMap(sample)
    return { name, help: declaration.help, type: declaration.type as unknown as MetricType, aggregator: 'sum', values }
  }
  registry.registerMetric({ name, get } as unknown as Parameters<Registry['registerMetric']>[0])
  return (labels, value) => {
    const series = all.get(keyOf(labels)) ?? open(labels)
    series.sum += value
    let bucket = 0
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++
    series.buckets[bucket] = (series.buckets[bucket] as number) + 1
  }
}

function sampleCounter({ labels, sum }: Series): Sample[] {
  return [{ labels, value: sum }]
}

/** Returns what Prometheus' text format has for a histogram: each bucket counts the values of the buckets below, too. */
function sampleHistogram(name: string, bounds: readonly number[], { labels, sum, buckets }: Series): Sample[] {
  let count = 0
  const counted = buckets.map((own, place) => {
    count += own
    return { metricName: `${name}_bucket`, labels: { le: String(bounds[place] ?? '+Inf'), ...labels }, value: count }
  })
  return [...counted, { metricName: `${name}_sum`, labels, value: sum }, { metricName: `${name}_count`, labels, value: count }]
}

/** Bounds the values of open-ended labels, because each value is a series that Prometheus keeps for months. */
export function capLabels(declared: Declaration['labels']): (labels: Labels) => Labels {
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
