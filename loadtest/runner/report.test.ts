/** Opens the report in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { openBrowser, openPage } from '../../test/support/browser.ts'
import { requires } from '../../test/support/requirements.ts'
import { drawChart } from './charts.ts'
import type { Tick } from './recording.ts'
import { describeVerdicts, renderReport } from './report.ts'
import type { LoadResult } from './results.ts'

const SEARCH = 'GET /v1/search'
const CHECKOUT = 'POST /v1/checkout'
const times = { p50_ms: 5, p90_ms: 12, p95_ms: 21, p99_ms: 98.4, max_ms: 1204.5 }
const names = ['API 1', 'API 2', 'PostgreSQL', 'Redis', 'Elasticsearch', 'k6']

/** Every third second has a checkout. */
const ticks: Tick[] = Array.from({ length: 60 }, (_, second) => ({
  at_s: second + 1,
  requests_per_s: 20,
  failed_share: 0,
  p50_ms: 5,
  p95_ms: 20,
  p99_ms: 90,
  p95_ms_by_call: { [SEARCH]: 20, [CHECKOUT]: second % 3 === 0 ? 60 : null },
}))

const result: LoadResult = {
  suite: 'mix',
  profile: 'smoke',
  began_at: '2026-11-29T03:00:00.000Z',
  commit: 'abcdef0',
  machine: '2 × a processor with quite a long name, 24 GiB, Bun 1.4.5',
  about: ['8800 listings', 'one API process', 'PostgreSQL, Redis, Elasticsearch'],
  target: null,
  oversold: [],
  seconds: 60,
  summary: {
    requests: 1200,
    failed_share: 0,
    iterations: 600,
    dropped: 0,
    all: times,
    calls: [SEARCH, CHECKOUT, 'DELETE /v1/cart/items/{product_id}'].map((name) => ({ name, count: 400, ...times })),
    thresholds: [
      { metric: `http_req_duration{name:${SEARCH}}`, rule: 'p(95)<200', verdict: 'kept' },
      { metric: 'http_req_failed', rule: 'rate<0.001', verdict: 'missed' },
    ],
    unmeasured: [`http_req_duration{name:${CHECKOUT}} p(99)<500`],
    steps: [25, 50, 75].map((rate) => ({ rate, iterations: 500, dropped: 0, failed_share: 0, verdict: 'kept', ...times })),
    counts: {},
    phases: {},
  },
  ticks,
  processes: names.map((name) => ({ name, samples: ticks.map(({ at_s }) => ({ at_s, cores: 0.5, memory_mb: 120 })) })),
  statements: [
    { query: `select ${'a_column_of_some_length, '.repeat(8)}`, calls: 12_345, mean_ms: 1.2, total_s: 14.8, pages_per_call: 12 },
  ],
}

test('lists the promises that were not measured', () => {
  expect(describeVerdicts(result).slice(0, 3)).toEqual([
    'kept          http_req_duration{name:GET /v1/search} p(95)<200',
    'MISSED        http_req_failed rate<0.001',
    'not measured  http_req_duration{name:POST /v1/checkout} p(99)<500',
  ])
})

test('a chart has a gap, and no 0, for a second without calls', () => {
  const line = (y: number | null) =>
    drawChart({
      title: '',
      x: 's',
      lines: [
        {
          name: 'p95',
          points: [
            [1, 60],
            [2, y],
            [3, 60],
          ],
        },
      ],
    })
  const linesOf = (svg: string) => (/<path d="(M[^"]+)"[^>]*stroke="#5070dd"/.exec(svg)?.[1] ?? '').match(/[ML]/g)?.join('')
  expect(linesOf(line(0))).toBe('MLL')
  expect(linesOf(line(null))).not.toContain('L')
})

if (requires('chromium')) {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => browser.close())

  describe('the report in a browser', () => {
    test.each([390, 1280])('fits a window of %d px', async (width) => {
      const { page, complaints } = await openPage(browser, { viewport: { width, height: 900 }, isMobile: width < 600 })
      await page.setContent(renderReport(result, result))
      const seen = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, window: window.innerWidth }))
      expect(seen).toEqual({ wide: width, window: width })
      expect(complaints).toEqual([])
      await page.close()
    })

    test('the entries of a legend do not overlap', async () => {
      const { page } = await openPage(browser, { viewport: { width: 1280, height: 900 } })
      await page.setContent(renderReport(result, null))
      const boxes = await page.evaluate(
        (legend) =>
          [...document.querySelectorAll('svg')].map((svg) =>
            [...svg.querySelectorAll('text')]
              .filter((text) => legend.includes(text.textContent))
              .map((text) => text.getBoundingClientRect())
              .map(({ left, right, top }) => ({ left, right, top })),
          ),
        names,
      )
      const legends = boxes.filter((entries) => entries.length === names.length)
      expect(legends).toHaveLength(2)
      for (const entries of legends)
        for (const [place, { right, top }] of entries.entries()) {
          const next = entries[place + 1]
          // The mark of the next entry is 19 px to the left of its text, in the chart's original size.
          if (next && Math.abs(next.top - top) < 2) expect(next.left - right).toBeGreaterThan(22)
        }
      await page.close()
    })
  })
}
