import { expect, test } from 'bun:test'
import { readRecording } from './recording.ts'
import { readSummary } from './summary.ts'

const lines = (...events: object[]) => `${events.map((event) => JSON.stringify(event)).join('\n')}\n`
const aggregates = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'max', 'med', 'min', 'p(90)', 'p(95)', 'p(99)'],
}

test('a second of a recording has the metrics that were named before', () => {
  const ticks = readRecording(
    lines(
      { event: 'param', data: { aggregates } },
      { event: 'metric', data: { time: { type: 'gauge' } } },
      { event: 'start', data: [[5000]] },
      { event: 'metric', data: { http_reqs: { type: 'counter' }, http_req_duration: { type: 'trend' } } },
      { event: 'snapshot', data: [[2, 9, 1, 0, 3, 4, 5], [30, 15], [7000]] },
      // A new name that sorts between two others moves the rows after it.
      { event: 'metric', data: { 'http_req_duration{name:GET /v1/search}': { type: 'trend' } } },
      { event: 'snapshot', data: [[2, 9, 1, 0, 3, 6, 7], [2, 9, 1, 0, 3, 8, 9], [10, 5], [9000]] },
      { event: 'cumulative', data: [] },
    ),
  )
  expect(ticks).toEqual([
    { at_s: 2, requests_per_s: 15, failed_share: null, p50_ms: 1, p95_ms: 4, p99_ms: 5, p95_ms_by_call: {} },
    { at_s: 4, requests_per_s: 5, failed_share: null, p50_ms: 1, p95_ms: 6, p99_ms: 7, p95_ms_by_call: { 'GET /v1/search': 8 } },
  ])
})

test('a second without calls has no times and no share of failures, rather than zeros', () => {
  const [, idle] = readRecording(
    lines(
      { event: 'param', data: { aggregates } },
      { event: 'metric', data: { time: { type: 'gauge' } } },
      { event: 'start', data: [[5000]] },
      {
        event: 'metric',
        data: {
          http_req_duration: { type: 'trend' },
          'http_req_duration{name:POST /v1/checkout}': { type: 'trend' },
          http_req_failed: { type: 'rate' },
          http_reqs: { type: 'counter' },
        },
      },
      { event: 'snapshot', data: [[2, 9, 1, 0, 3, 4, 5], [2, 9, 1, 0, 3, 4, 5], [0], [30, 15], [6000]] },
      // k6 writes an empty row for a metric without samples.
      { event: 'snapshot', data: [[], [], [], [], [7000]] },
    ),
  )
  expect(idle).toEqual({
    at_s: 2,
    requests_per_s: 0,
    failed_share: null,
    p50_ms: null,
    p95_ms: null,
    p99_ms: null,
    p95_ms_by_call: { 'POST /v1/checkout': null },
  })
})

const verdictOf = (metrics: object) => readSummary(JSON.stringify({ metrics })).steps.map(({ verdict }) => verdict)

test('a step keeps the promises if it is quick, without errors and begun in time', () => {
  const step = (p95: number, dropped: number) => ({
    'iterations{step:50}': { count: 1000 },
    'dropped_iterations{step:50}': { count: dropped },
    'http_req_failed{step:50}': { value: 0 },
    'http_req_duration{step:50}': { med: 5, 'p(95)': p95, max: p95 },
    'http_req_duration{name:GET /v1/search,step:50}': { 'p(95)': p95, max: p95 },
  })
  expect(verdictOf(step(199, 0))).toEqual(['kept'])
  expect(verdictOf(step(200, 0))).toEqual(['missed'])
  expect(verdictOf(step(10, 1))).toEqual(['missed'])
})

test('a step without a visit kept nothing', () => {
  expect(verdictOf({ 'iterations{step:50}': { count: 0 } })).toEqual(['not measured'])
})

test('a promise about calls that no visit made is not kept', () => {
  const metrics = {
    'http_req_duration{name:GET /v1/search}': { 'p(95)': 250, max: 300, thresholds: { 'p(95)<200': true } },
    'http_req_duration{name:POST /v1/checkout}': { 'p(99)': 0, max: 0, thresholds: { 'p(99)<500': false } },
    'http_reqs{name:GET /v1/search}': { count: 7 },
    dropped_iterations: { count: 0, thresholds: { 'count==0': false } },
  }
  const { thresholds, calls } = readSummary(JSON.stringify({ metrics }))
  expect(thresholds).toEqual([
    { metric: 'http_req_duration{name:GET /v1/search}', rule: 'p(95)<200', verdict: 'missed' },
    { metric: 'http_req_duration{name:POST /v1/checkout}', rule: 'p(99)<500', verdict: 'not measured' },
    { metric: 'dropped_iterations', rule: 'count==0', verdict: 'kept' },
  ])
  expect(calls).toMatchObject([{ name: 'GET /v1/search', count: 7, p95_ms: 250 }])
})
