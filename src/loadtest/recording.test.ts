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

test('a second of a recording is read by the names of what was seen so far', () => {
  const ticks = readRecording(
    lines(
      { event: 'param', data: { aggregates } },
      { event: 'metric', data: { time: { type: 'gauge' } } },
      { event: 'start', data: [[5000]] },
      { event: 'metric', data: { http_reqs: { type: 'counter' }, http_req_duration: { type: 'trend' } } },
      { event: 'snapshot', data: [[2, 9, 1, 0, 3, 4, 5], [30, 15], [7000]] },
      // A name that comes between two others moves their rows.
      { event: 'metric', data: { 'http_req_duration{name:GET /v1/search}': { type: 'trend' } } },
      { event: 'snapshot', data: [[2, 9, 1, 0, 3, 6, 7], [2, 9, 1, 0, 3, 8, 9], [10, 5], [9000]] },
      { event: 'cumulative', data: [] },
    ),
  )
  expect(ticks).toEqual([
    { at_s: 2, requests_per_s: 15, failed_share: 0, p50_ms: 1, p95_ms: 4, p99_ms: 5, p95_ms_by_call: {} },
    { at_s: 4, requests_per_s: 5, failed_share: 0, p50_ms: 1, p95_ms: 6, p99_ms: 7, p95_ms_by_call: { 'GET /v1/search': 8 } },
  ])
})

test('a step keeps the promises when it is quick, whole and begun in time', () => {
  const step = (p95: number, dropped: number) => ({
    'iterations{step:50}': { count: 1000 },
    'dropped_iterations{step:50}': { count: dropped },
    'http_req_failed{step:50}': { value: 0 },
    'http_req_duration{step:50}': { med: 5, 'p(95)': p95 },
    'http_req_duration{name:GET /v1/search,step:50}': { 'p(95)': p95 },
  })
  const isKept = (metrics: object) => readSummary(JSON.stringify({ metrics })).steps.map(({ kept }) => kept)
  expect(isKept(step(199, 0))).toEqual([true])
  expect(isKept(step(200, 0))).toEqual([false])
  expect(isKept(step(10, 1))).toEqual([false])
})

test('a threshold that keeps figures apart is no promise', () => {
  const metrics = {
    'http_req_duration{name:GET /v1/search}': { 'p(95)': 250, thresholds: { 'p(95)<200': true, 'max>=0': false } },
    'http_reqs{name:GET /v1/search}': { count: 7, thresholds: { 'count>=0': false } },
  }
  const { thresholds, calls } = readSummary(JSON.stringify({ metrics }))
  expect(thresholds).toEqual([{ metric: 'http_req_duration{name:GET /v1/search}', rule: 'p(95)<200', kept: false }])
  expect(calls).toMatchObject([{ name: 'GET /v1/search', count: 7, p95_ms: 250 }])
})
