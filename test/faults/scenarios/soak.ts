import { describeCounts, describeTimes, median } from '../../support/figures.ts'
import { makePeople } from '../../support/people.ts'
import { findWrongStock } from '../../support/stock.ts'
import { failAll } from '../checks/invariants.ts'
import { runLoad } from '../load/callers.ts'
import { startLoops } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { startServers, stockShops } from '../servers/servers.ts'

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
  claim: 'At 70 % of its maximum throughput, a process responds to every call, and neither memory nor descriptors grow',
  needs: ['redis-server'],
  test: testSoak,
}

async function testSoak(run: Run): Promise<string> {
  const servers = await startServers(run, 'redis')
  const listings = await stockShops(servers.sql, 8, Array(200).fill(1_000_000))
  const callers = await makePeople(servers.sql, CALLERS)
  const api = await servers.startApi()
  const load = { url: api.url, callers, listings }
  const { goodput: peak } = await runLoad({ ...load, duration_ms: countFor(run, SATURATING_MS, 2000) })
  run.progress(0, 1, `${peak.toFixed(0)} calls/s at most`)
  const duration_ms = run.short ? SHORT_SOAK_MS : SOAK_MS
  const began = performance.now()
  const samples: Sample[] = []
  const sample = async () => {
    const at_ms = performance.now() - began
    const [rss_mb, descriptors] = [api.readRssMb(), api.countDescriptors()]
    samples.push({ at_ms, rss_mb, descriptors })
    run.progress(at_ms, duration_ms, `${rss_mb.toFixed(0)} MB, ${descriptors} descriptors`)
    await Bun.sleep(run.short ? 200 : SAMPLE_EVERY_MS)
  }
  const endSampling = startLoops([sample])
  const every_ms = (CALLERS * 1000) / (peak * SHARE)
  const { goodput, statuses, times_ms } = await runLoad({ ...load, duration_ms, every_ms, calls_per_connection: 50 })
  await endSampling()
  for (const [status, count] of statuses) if (!['200', '201'].includes(status)) run.fail(`${count} calls returned ${status}`)
  failAll(run, await findWrongStock(servers.sql))
  const warm = samples.filter(({ at_ms }) => at_ms > duration_ms * WARM_AFTER)
  const share = ((goodput / peak) * 100).toFixed(0)
  const rate = `${(duration_ms / 60_000).toFixed(0)} min at ${goodput.toFixed(0)} calls/s, ${share} % of the best`
  return `${rate} (${describeCounts(statuses)}; ${describeTimes(times_ms)}); ${judgeGrowth(run, warm)}`
}

/** Checks the slope of memory, by least squares, and the growth of descriptors. Returns the figures. */
function judgeGrowth(run: Run, samples: Sample[]): string {
  const rss_mb = samples.map((sample) => sample.rss_mb)
  const slope_mb_per_h = slopeOf(samples.map(({ at_ms, rss_mb }) => [at_ms / 3_600_000, rss_mb] as const))
  const descriptors = samples.map((sample) => sample.descriptors)
  const [first, last] = [descriptors[0] ?? 0, descriptors.at(-1) ?? 0]
  // The few seconds of the short form do not predict an hour.
  if (!run.short && slope_mb_per_h > median(rss_mb) * GROWTH_ALLOWED_PER_H)
    run.fail(`memory grows by ${slope_mb_per_h.toFixed(0)} MB an hour, from ${median(rss_mb).toFixed(0)} MB`)
  if (last > first + DESCRIPTORS_ALLOWED) run.fail(`descriptors grew from ${first} to ${last}`)
  const memory = `memory ${Math.min(...rss_mb).toFixed(0)} to ${Math.max(...rss_mb).toFixed(0)} MB`
  const range = `descriptors ${first} to ${last}, at most ${Math.max(...descriptors)}`
  return `${memory}, slope ${slope_mb_per_h.toFixed(1)} MB/h; ${range}`
}

function slopeOf(points: (readonly [x: number, y: number])[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [mean_x, mean_y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const above = points.reduce((sum, [x, y]) => sum + (x - mean_x) * (y - mean_y), 0)
  const below = points.reduce((sum, [x]) => sum + (x - mean_x) ** 2, 0)
  return below === 0 ? 0 : above / below
}
