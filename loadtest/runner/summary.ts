/** Reads k6's summary at the end of a run (`--summary-export`). */
import { FAILED_BELOW, PROMISES } from '../lib/promises.ts'

/** Times in milliseconds. */
export type Times = { p50_ms: number; p90_ms: number; p95_ms: number; p99_ms: number; max_ms: number }
export type CallFigures = Times & { name: string; count: number }
/** `not measured`: the run made none of the calls that the promise is about. */
export type Verdict = 'kept' | 'missed' | 'not measured'
export type Threshold = { metric: string; rule: string; verdict: Verdict }
/** One step of a stress run, at `rate` visits a second. */
export type StepFigures = Times & { rate: number; iterations: number; dropped: number; failed_share: number; verdict: Verdict }

export type Summary = {
  requests: number
  failed_share: number
  iterations: number
  dropped: number
  all: Times
  calls: CallFigures[]
  thresholds: Threshold[]
  steps: StepFigures[]
  /** Promises about calls that the suite does not make, as "metric rule". */
  unmeasured: string[]
  /** The counters of a flash sale. */
  counts: Record<string, number>
  /** The times in each phase of a flash sale. */
  phases: Record<string, Times>
}

type Metric = { [aggregate: string]: number | Record<string, boolean> | undefined; thresholds?: Record<string, boolean> }

/** Reads the JSON text of a summary. */
export function readSummary(text: string): Summary {
  const { metrics } = JSON.parse(text) as { metrics: Record<string, Metric> }
  const numberOf = (name: string, aggregate: string) => Number(metrics[name]?.[aggregate] ?? 0)
  const names = Object.keys(metrics)
  return {
    requests: numberOf('http_reqs', 'count'),
    failed_share: numberOf('http_req_failed', 'value'),
    iterations: numberOf('iterations', 'count'),
    dropped: numberOf('dropped_iterations', 'count'),
    all: timesOf(metrics.http_req_duration),
    calls: names.flatMap((name) => {
      const call = /^http_req_duration\{name:([^,]+)\}$/.exec(name)?.[1]
      const count = numberOf(`http_reqs{name:${call}}`, 'count')
      return call && count > 0 ? [{ name: call, count, ...timesOf(metrics[name]) }] : []
    }),
    thresholds: names.flatMap((metric) =>
      Object.entries(metrics[metric]?.thresholds ?? {}).map(([rule, is_missed]) => ({
        metric,
        rule,
        verdict: verdictOf(isMeasured(metrics[metric]), !is_missed),
      })),
    ),
    steps: names
      .flatMap((name) => {
        const step = /^iterations\{step:(\d+)\}$/.exec(name)?.[1]
        return step ? [readStep(metrics, step)] : []
      })
      .toSorted((one, other) => one.rate - other.rate),
    unmeasured: PROMISES.filter(({ call }) => !names.some((name) => name.startsWith(`http_req_duration{name:${call}`))).map(
      ({ call, aggregate, below_ms }) => `http_req_duration{name:${call}} ${aggregate}<${below_ms}`,
    ),
    counts: Object.fromEntries(
      names.filter((name) => name.startsWith('flash_sale_')).map((name) => [name, numberOf(name, 'count')]),
    ),
    phases: Object.fromEntries(
      names.flatMap((name) => {
        const phase = /^http_req_duration\{phase:(\w+)\}$/.exec(name)?.[1]
        return phase && isMeasured(metrics[name]) ? [[phase, timesOf(metrics[name])] as const] : []
      }),
    ),
  }
}

function readStep(metrics: Record<string, Metric>, step: string): StepFigures {
  const numberOf = (name: string, aggregate: string) => Number(metrics[`${name}{step:${step}}`]?.[aggregate] ?? 0)
  const [dropped, failed_share] = [numberOf('dropped_iterations', 'count'), numberOf('http_req_failed', 'value')]
  const iterations = numberOf('iterations', 'count')
  // A call that the suite does not make has no figure here.
  const is_quick = PROMISES.every(
    ({ call, aggregate, below_ms }) =>
      Number(metrics[`http_req_duration{name:${call},step:${step}}`]?.[aggregate] ?? 0) < below_ms,
  )
  return {
    rate: Number(step),
    iterations,
    dropped,
    failed_share,
    verdict: verdictOf(iterations + dropped > 0, is_quick && dropped === 0 && failed_share < FAILED_BELOW),
    ...timesOf(metrics[`http_req_duration{step:${step}}`]),
  }
}

function verdictOf(is_measured: boolean, is_kept: boolean): Verdict {
  if (!is_measured) return 'not measured'
  return is_kept ? 'kept' : 'missed'
}

/**
 * Returns whether a metric has a sample. Without samples k6 writes zeros. A maximum of 0 means no samples, because no call takes
 * 0 ms. A counter always has a sample, because its zero is a count.
 */
function isMeasured(metric: Metric | undefined): boolean {
  if (metric?.passes !== undefined) return Number(metric.passes) + Number(metric.fails) > 0
  return metric?.max === undefined || Number(metric.max) > 0
}

function timesOf(metric: Metric | undefined): Times {
  const at = (aggregate: string) => Number(metric?.[aggregate] ?? 0)
  return { p50_ms: at('med'), p90_ms: at('p(90)'), p95_ms: at('p(95)'), p99_ms: at('p(99)'), max_ms: at('max') }
}
