import { PROMISES } from '../lib/promises.ts'
import { drawChart, type Line } from './charts.ts'
import type { LoadResult } from './results.ts'
import type { StepFigures, Times, Verdict } from './summary.ts'

/** Returns a self-contained page with the verdicts on the promises, the figures beside those of the previous run, and charts. */
export function renderReport(result: LoadResult, previous: LoadResult | null): string {
  const { suite, profile, began_at, commit, seconds, about, machine } = result
  const { requests, iterations, dropped, failed_share } = result.summary
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Load: ${suite}, ${profile}</title>
<style>
  body { font: 15px/1.45 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem }
  body { color: #1c1c1c; background: #fff; overflow-wrap: break-word }
  table { border-collapse: collapse }
  td, th { padding: .25rem .75rem; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap }
  td:first-child, th:first-child { text-align: left; padding-left: 0; white-space: normal; min-width: 10rem }
  code { overflow-wrap: anywhere }
  .table { overflow-x: auto; margin: 1rem 0 }
  .missed { color: #b00020; font-weight: 600 } .kept { color: #1b6e35 } .not.measured { color: #8a5a00 }
  .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem }
  svg { display: block; width: 100%; height: auto; border: 1px solid #eee; box-sizing: border-box }
</style>
<h1>${suite}, ${profile}</h1>
<p>${Bun.escapeHTML(`${began_at}, commit ${commit}, ${seconds.toFixed(0)} s. ${about.join('; ')}. ${machine}.`)}</p>
<p>${count(requests)} requests (${(requests / seconds).toFixed(0)}/s), ${count(iterations)} visits,
${count(dropped)} that k6 could not begin in time, ${(failed_share * 100).toFixed(3)} % failed.</p>
${renderVerdicts(result)}
${renderSteps(result)}
${renderPhases(result)}
<h2>Calls</h2>
${renderCalls(result, previous)}
${renderStatements(result)}
<h2>Over time</h2>
<div class="charts">${charts(result).join('\n')}</div>
<p>CPU and memory are those of this run's processes on this machine.</p>
</html>
`
}

/** Returns one line for each verdict, for the terminal. */
export function describeVerdicts({ summary, oversold }: LoadResult): string[] {
  const lines = summary.thresholds.map(({ metric, rule, verdict }) => `${mark(verdict)}${metric} ${rule}`)
  const stock =
    oversold.length === 0 ? [`${mark('kept')}stock adds up, nothing is oversold`] : oversold.map((line) => mark('missed') + line)
  const steps = summary.steps.map(
    ({ rate, iterations, p95_ms, p99_ms, dropped, failed_share, verdict }) =>
      `${mark(verdict)}${rate} visits/s: ${iterations} visits, p95 ${ms(p95_ms)}, p99 ${ms(p99_ms)}, ` +
      `${dropped} not begun, ${(failed_share * 100).toFixed(2)} % failed`,
  )
  return [...lines, ...summary.unmeasured.map((line) => mark('not measured') + line), ...steps, ...stock]
}

function renderVerdicts({ summary, oversold }: LoadResult): string {
  const rows = summary.thresholds.map(({ metric, rule, verdict }) => [Bun.escapeHTML(`${metric} ${rule}`), label(verdict)])
  const others = summary.unmeasured.map((line) => [Bun.escapeHTML(line), label('not measured')])
  const stock = oversold.length === 0 ? 'what was sold and what is left is what there was' : Bun.escapeHTML(oversold.join('; '))
  return table(['promise', ''], [...rows, ...others, [stock, label(oversold.length === 0 ? 'kept' : 'missed')]])
}

function renderSteps({ summary: { steps } }: LoadResult): string {
  if (steps.length === 0) return ''
  const rows = steps.map((step) => [
    `${step.rate} visits/s`,
    count(step.iterations),
    ms(step.p50_ms),
    ms(step.p95_ms),
    ms(step.p99_ms),
    count(step.dropped),
    `${(step.failed_share * 100).toFixed(2)} %`,
    label(step.verdict),
  ])
  const heads = ['step', 'visits', 'p50', 'p95', 'p99', 'not begun', 'failed', 'promises']
  return `<h2>Steps</h2><div class="charts">${drawSteps(steps)}</div>${table(heads, rows)}`
}

/** Draws the times of each step on a logarithmic axis. */
export function drawSteps(steps: StepFigures[]): string {
  const line = (name: string, at: keyof Times): Line => ({ name, points: steps.map((step) => [step.rate, step[at] || null]) })
  return drawChart({
    title: 'Times of all calls by load, ms',
    x: 'visits/s',
    lines: [line('p50', 'p50_ms'), line('p95', 'p95_ms'), line('p99', 'p99_ms')],
    logarithmic: true,
  })
}

function renderPhases({ summary: { phases, counts } }: LoadResult): string {
  const rows = Object.entries(phases).map(([name, times]) => [name, ms(times.p50_ms), ms(times.p95_ms), ms(times.p99_ms)])
  const counted = Object.entries(counts).map(([name, value]) => `${name}: ${count(value)}`)
  return rows.length === 0 ? '' : `<h2>Phases</h2>${table(['phase', 'p50', 'p95', 'p99'], rows)}<p>${counted.join(', ')}</p>`
}

function renderStatements({ statements }: LoadResult): string {
  const rows = statements.map(({ query, calls, mean_ms, total_s, pages_per_call }) => [
    `<code>${Bun.escapeHTML(query)}</code>`,
    count(calls),
    `${mean_ms.toFixed(2)} ms`,
    `${total_s.toFixed(1)} s`,
    pages_per_call.toFixed(0),
  ])
  if (rows.length === 0) return ''
  return `<h2>Statements</h2>${table(['what PostgreSQL spent most on', 'calls', 'mean', 'in all', 'pages a call'], rows)}`
}

function renderCalls({ summary, seconds }: LoadResult, previous: LoadResult | null): string {
  const before = new Map(previous?.summary.calls.map((call) => [call.name, call]))
  const rows = summary.calls.map((call) => [
    Bun.escapeHTML(call.name),
    (call.count / seconds).toFixed(1),
    ...(['p50_ms', 'p95_ms', 'p99_ms'] as const).map((at) => `${ms(call[at])}${compare(call, before.get(call.name), at)}`),
    ms(call.max_ms),
  ])
  const note = previous
    ? `<p>In brackets: times what it was at ${Bun.escapeHTML(previous.commit)}, ${Bun.escapeHTML(previous.began_at)}.</p>`
    : ''
  return table(['call', 'per s', 'p50', 'p95', 'p99', 'max'], rows) + note
}

function compare(now: Times, before: Times | undefined, at: keyof Times): string {
  return before && before[at] > 0 ? ` (× ${(now[at] / before[at]).toFixed(2)})` : ''
}

function charts({ ticks, processes }: LoadResult): string[] {
  const line = (name: string, of: (tick: LoadResult['ticks'][number]) => number | null): Line => ({
    name,
    points: ticks.map((tick) => [tick.at_s, of(tick)]),
  })
  const promised = PROMISES.filter(({ call }) => ticks.some((tick) => tick.p95_ms_by_call[call] !== undefined))
  const perProcess = (of: 'cores' | 'memory_mb'): Line[] =>
    processes.map(({ name, samples }) => ({ name, points: samples.map((sample) => [sample.at_s, sample[of]]) }))
  return [
    drawChart({ title: 'Throughput, requests/s', x: 's', lines: [line('answered', (tick) => tick.requests_per_s)] }),
    drawChart({
      title: 'Times of all calls, ms',
      x: 's',
      lines: [line('p50', (tick) => tick.p50_ms), line('p95', (tick) => tick.p95_ms), line('p99', (tick) => tick.p99_ms)],
    }),
    ...promised.map(({ call, below_ms }) =>
      drawChart({
        title: `${call}, p95 of each second, ms`,
        x: 's',
        lines: [line(call, (tick) => tick.p95_ms_by_call[call] ?? null)],
        limit: below_ms,
      }),
    ),
    drawChart({
      title: 'Failed, %',
      x: 's',
      lines: [line('of all calls', (tick) => (tick.failed_share === null ? null : tick.failed_share * 100))],
    }),
    drawChart({ title: 'CPU, cores', x: 's', lines: perProcess('cores') }),
    drawChart({ title: 'Memory of its own, MB', x: 's', lines: perProcess('memory_mb') }),
  ]
}

function table(head: string[], rows: string[][]): string {
  const row = (cells: string[], tag: string) => `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`
  return `<div class="table" tabindex="0"><table>${row(head, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table></div>`
}

const label = (verdict: Verdict) => `<span class="${verdict}">${verdict}</span>`
/** Returns a verdict, padded to the width of a column. */
const mark = (verdict: Verdict) => (verdict === 'missed' ? 'MISSED' : verdict).padEnd('not measured'.length + 2)
const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`
const count = (value: number) => value.toLocaleString('en-US')
