/**
 * Reads the recording of k6's own dashboard (`--out web-dashboard=record=…`). Each second it has events with the names of new
 * metrics, and a snapshot with a row for each known metric, sorted by name. It costs k6 little, because k6 keeps no single
 * requests.
 */

/** One second. A figure is null if no call ended in this second. `p95_ms_by_call` has every call that k6 has measured so far. */
export type Tick = {
  at_s: number
  requests_per_s: number
  failed_share: number | null
  p50_ms: number | null
  p95_ms: number | null
  p99_ms: number | null
  p95_ms_by_call: Record<string, number | null>
}

type Kind = 'counter' | 'gauge' | 'rate' | 'trend'
type Event =
  | { event: 'param'; data: { aggregates: Record<Kind, string[]> } }
  | { event: 'metric'; data: Record<string, { type: Kind }> }
  | { event: 'start' | 'snapshot'; data: number[][] }
  | { event: 'cumulative' | 'stop' | 'threshold' }
type Values = Partial<Record<string, Partial<Record<string, number>>>>

/** Reads a recording that has `name` as its only tag. */
export function readRecording(text: string): Tick[] {
  const kinds = new Map<string, Kind>()
  let aggregates: Record<string, string[]> = {}
  let started_ms = 0
  const ticks: Tick[] = []
  const valuesOf = (rows: number[][]): Values => {
    const names = [...kinds.keys()].sort()
    return Object.fromEntries(
      names.map((name, place) => {
        const row = rows[place] ?? []
        const columns = aggregates[kinds.get(name) ?? ''] ?? []
        return [name, Object.fromEntries(row.map((value, column) => [columns[column] ?? '', value]))]
      }),
    )
  }
  for (const line of text.trimEnd().split('\n')) {
    const event = JSON.parse(line) as Event
    if (event.event === 'param') aggregates = event.data.aggregates
    else if (event.event === 'metric') for (const [name, { type }] of Object.entries(event.data)) kinds.set(name, type)
    else if (event.event === 'start') started_ms = valuesOf(event.data).time?.value ?? 0
    else if (event.event === 'snapshot') ticks.push(readTick(valuesOf(event.data), started_ms))
  }
  return ticks
}

function readTick(values: Values, started_ms: number): Tick {
  const times = values.http_req_duration ?? {}
  const by_call = Object.entries(values).flatMap(([name, trend]) => {
    const call = /^http_req_duration\{name:(.+)\}$/.exec(name)?.[1]
    return call ? [[call, trend?.['p(95)'] ?? null] as const] : []
  })
  return {
    at_s: ((values.time?.value ?? 0) - started_ms) / 1000,
    requests_per_s: values.http_reqs?.rate ?? 0,
    failed_share: values.http_req_failed?.rate ?? null,
    p50_ms: times.med ?? null,
    p95_ms: times['p(95)'] ?? null,
    p99_ms: times['p(99)'] ?? null,
    p95_ms_by_call: Object.fromEntries(by_call),
  }
}
