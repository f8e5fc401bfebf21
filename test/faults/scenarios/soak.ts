import { describeCounts, describeTimes } from '../../support/figures.ts'
import { listItems, makePeople, openShops } from '../../support/people.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { type Outcome, runLoad } from '../load/callers.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type ApiGroup, startServers } from '../servers/servers.ts'

const CALLERS = 32
const SATURATING_MS = 10_000
const SHARE = 0.7
const SOAK_MS = 600_000
const SHORT_SOAK_MS = 6000
const SAMPLE_EVERY_MS = 2000
/** After this share of the time the process has compiled its hot code and filled its bounded caches. */
const WARM_AFTER = 0.4
/** The most growth in an hour, as a share of the memory of the process. Faster growth fills a machine within days. */
const GROWTH_ALLOWED_PER_H = 0.5
/** The number of descriptors varies with the connections of the callers and with one or two timers of libraries. */
const DESCRIPTORS_ALLOWED = 8

/** `at_ms` counts from the start of the samples. */
type Sample = { at_ms: number; rss_mb: number; descriptors: number }

export const soak: Scenario = {
  name: 'soak',
  claim: 'At 70 % of the load that saturates it, a process grows neither in memory nor in descriptors, and answers everything',
  test: trySoak,
}

async function trySoak(run: Run): Promise<string> {
  const servers = await startServers(run, 'redis')
  const listings = await listItems(servers.sql, await openShops(servers.sql, 8), Array(200).fill(1_000_000))
  await recordStock(servers.sql)
  const callers = await makePeople(servers.sql, CALLERS)
  const api = await servers.startApi()
  const calls = { url: api.url, callers, listings }
  const { goodput: peak } = await runLoad({ ...calls, duration_ms: countFor(run, SATURATING_MS, 2000) })
  run.progress(0, 1, `${peak.toFixed(0)} calls/s at most`)
  const duration_ms = run.short ? SHORT_SOAK_MS : SOAK_MS
  const sampling = sampleAllAlong(run, api, duration_ms)
  const outcome = await runLoad({
    ...calls,
    duration_ms,
    every_ms: (CALLERS * 1000) / (peak * SHARE),
    calls_per_connection: 50,
  })
  const samples = (await sampling.end()).filter(({ at_ms }) => at_ms > duration_ms * WARM_AFTER)
  judgeAnswers(run, outcome)
  for (const finding of await findWrongStock(servers.sql)) run.fail(finding)
  const load = `${(duration_ms / 60_000).toFixed(0)} min at ${outcome.goodput.toFixed(0)} calls/s, ${((outcome.goodput / peak) * 100).toFixed(0)} % of the best`
  return `${load} (${describeCounts(outcome.statuses)}; ${describeTimes(outcome.times_ms)}); ${judgeGrowth(run, samples)}`
}

function judgeAnswers(run: Run, { statuses }: Outcome): void {
  for (const [status, count] of statuses) if (!['200', '201'].includes(status)) run.fail(`${count} calls were answered ${status}`)
}

/** Checks the slope of memory, by least squares, and the growth of descriptors. Returns the figures. */
function judgeGrowth(run: Run, samples: Sample[]): string {
  const rss_mb = samples.map((sample) => sample.rss_mb)
  const slope_mb_per_h = slopeOf(samples.map(({ at_ms, rss_mb }) => [at_ms / 3_600_000, rss_mb] as const))
  const middle_mb = rss_mb.toSorted((a, b) => a - b)[Math.floor(rss_mb.length / 2)] ?? 0
  const descriptors = samples.map((sample) => sample.descriptors)
  const [first, last] = [descriptors[0] ?? 0, descriptors.at(-1) ?? 0]
  // The few seconds of the short form do not predict an hour.
  if (!run.short && slope_mb_per_h > middle_mb * GROWTH_ALLOWED_PER_H)
    run.fail(`memory grows by ${slope_mb_per_h.toFixed(0)} MB an hour, from ${middle_mb.toFixed(0)} MB`)
  if (last > first + DESCRIPTORS_ALLOWED) run.fail(`descriptors grew from ${first} to ${last}`)
  const memory = `memory ${Math.min(...rss_mb).toFixed(0)} to ${Math.max(...rss_mb).toFixed(0)} MB, slope ${slope_mb_per_h.toFixed(1)} MB/h`
  return `${memory}; descriptors ${first} to ${last}, at most ${Math.max(...descriptors)}`
}

function slopeOf(points: (readonly [x: number, y: number])[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [mean_x, mean_y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const above = points.reduce((sum, [x, y]) => sum + (x - mean_x) * (y - mean_y), 0)
  const below = points.reduce((sum, [x]) => sum + (x - mean_x) ** 2, 0)
  return below === 0 ? 0 : above / below
}

function sampleAllAlong(run: Run, api: ApiGroup, duration_ms: number): { end: () => Promise<Sample[]> } {
  const began = performance.now()
  const samples: Sample[] = []
  let is_over = false
  const work = async () => {
    while (!is_over) {
      const at_ms = performance.now() - began
      const sample = { at_ms, rss_mb: api.readRssMb(), descriptors: api.countDescriptors() }
      samples.push(sample)
      run.progress(at_ms, duration_ms, `${sample.rss_mb.toFixed(0)} MB, ${sample.descriptors} descriptors`)
      await Bun.sleep(run.short ? 200 : SAMPLE_EVERY_MS)
    }
  }
  const running = work()
  return {
    end: async () => {
      is_over = true
      await running
      return samples
    },
  }
}
