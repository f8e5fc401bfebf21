import { type FaultyNetwork, openFaultyNetwork } from '../../support/faulty_network.ts'
import { describeCounts, percentile } from '../../support/figures.ts'
import { recordStock } from '../../support/stock.ts'
import { checkAtEnd } from '../checks/invariants.ts'
import { openLoadCount } from '../checks/page_loads.ts'
import { startTraffic } from '../load/roles.ts'
import { ask, prepareTraffic, reportViolations, type Traffic, type Users, withoutWrites } from '../load/traffic.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import type { RedisProcess } from '../servers/redis_process.ts'
import { type ApiGroup, startServers } from '../servers/servers.ts'

/** Light enough for two cores: no call waits for a processor, so the times measure the wait for Redis. */
const USERS: Users = { readers: 30, reader_pause_ms: 100, writer_pause_ms: 100, carts: 5, buyers: 2 }

/** The limits of the full form. */
const MOST_ADDED_MS = 200
const MOST_GROWTH_MB = 20
const NORMAL_WITHIN_S = 2

const FLUSH_EVERY_MS = 100
/** Too short for the API to give up Redis: calls wait for the end of the freeze, so the scenario does not judge their times. */
const FREEZE_MS = 300
const REPEATED_FREEZES = `frozen for ${FREEZE_MS} ms of each ${3 * FREEZE_MS}`
const GIVE_UP_AFTER_S = 30
const READS_PER_LOOK = 5

/** The figures of a phase: the p95 of reads and writes, and the memory of each process. */
type Phase = { name: string; reads_ms: number; writes_ms: number; rss_mb: number[] }
type Setup = {
  run: Run
  traffic: Traffic
  apis: ApiGroup[]
  redis: RedisProcess
  /** Between the second process and Redis. */
  network: FaultyNetwork
  countLoads: (() => Promise<number>) | null
}

export const redisAway: Scenario = {
  name: 'redis_away',
  claim: 'If Redis is flushed, killed or frozen, no call fails, no page is stale, no session ends, and calls stay fast',
  needs: ['redis-server'],
  test: testRedisAway,
}

async function testRedisAway(run: Run): Promise<string> {
  const servers = await startServers(run, 'redis')
  const traffic = await prepareTraffic(run, servers, USERS)
  await recordStock(servers.sql)
  // The seller sets the stock of this listing, so the stock equation does not apply to it.
  await servers.sql`delete from recorded_stock where product_id = ${traffic.hot.id}`
  const redis = servers.redis as RedisProcess
  const network = await openFaultyNetwork(redis.url)
  run.defer(network.stop)
  const apis = [await servers.startApi(), await servers.startApi({ REDIS_URL: network.url.replace('http:', 'redis:') })]
  const countLoads = await openLoadCount(run, servers.sql, 'when pages come from the cache again')
  const end = await startTraffic(traffic, apis)
  const figures = await testFaults({ run, traffic, apis, redis, network, countLoads })
  await end()
  reportViolations(run, traffic, 'in the end')
  await checkAtEnd(run, servers)
  return `${describeCounts(traffic.counts)}; ${figures.join('; ')}`
}

/** A failure of Redis. `seconds` is its time in the full form. `inject` starts it and returns a function that ends it. */
type Fault = { name: string; seconds: number; inject: (setup: Setup) => Promise<() => Promise<void> | void> }

const faults: Fault[] = [
  {
    name: `flushed every ${FLUSH_EVERY_MS} ms`,
    seconds: 10,
    inject: async ({ redis }) => {
      const timer = setInterval(() => void redis.flush().catch(() => {}), FLUSH_EVERY_MS)
      return () => clearInterval(timer)
    },
  },
  {
    name: REPEATED_FREEZES,
    seconds: 10,
    inject: async ({ redis }) => {
      redis.freeze()
      const freezing = setInterval(redis.freeze, 3 * FREEZE_MS)
      await Bun.sleep(FREEZE_MS)
      redis.thaw()
      const thawing = setInterval(redis.thaw, 3 * FREEZE_MS)
      return () => {
        clearInterval(freezing)
        clearInterval(thawing)
        redis.thaw()
      }
    },
  },
  {
    name: 'cut off from one process',
    seconds: 10,
    inject: async ({ network }) => {
      network.inject({ kind: 'refuse' })
      return () => network.inject({ kind: 'none' })
    },
  },
  {
    name: 'killed',
    seconds: 30,
    inject: async ({ redis }) => {
      await redis.kill()
      return redis.restart
    },
  },
  {
    name: 'frozen',
    seconds: 30,
    inject: async ({ redis }) => {
      redis.freeze()
      return redis.thaw
    },
  },
]

async function testFaults(setup: Setup): Promise<string[]> {
  const { run } = setup
  await measurePhase(setup, 'warming up', countFor(run, 10))
  const calm = await measurePhase(setup, 'calm', countFor(run, 10))
  const figures = [describePhase(calm, calm)]
  for (const { name, seconds, inject } of faults) {
    const end = await inject(setup)
    const phase = await measurePhase(setup, name, countFor(run, seconds))
    await end()
    const normal_after_s = await untilNormal(setup)
    if (!run.short) judgePhase(run, phase, calm, normal_after_s ?? 0)
    const normal = normal_after_s === null ? '' : `, normal again after ${normal_after_s.toFixed(1)} s`
    figures.push(describePhase(phase, calm) + normal)
    await measurePhase(setup, `${name}, and back`, countFor(run, 5))
  }
  return figures
}

/** Lets the traffic run for `seconds` and returns the figures. Reports the violations at the end of the phase. */
async function measurePhase({ run, traffic, apis }: Setup, name: string, seconds: number): Promise<Phase> {
  traffic.reads_ms = []
  traffic.writes_ms = []
  const rss_mb: number[][] = apis.map(() => [])
  for (let second = 0; second < seconds; second++) {
    await Bun.sleep(1000)
    for (const [place, api] of apis.entries()) rss_mb[place]?.push(api.readRssMb())
    run.progress(second + 1, seconds, `Redis ${name}: ${describeCounts(traffic.counts)}`)
  }
  reportViolations(run, traffic, `Redis ${name}`)
  traffic.wrong.clear()
  return {
    name,
    reads_ms: percentile(traffic.reads_ms, 0.95),
    writes_ms: percentile(traffic.writes_ms, 0.95),
    // The median of the last ten samples, so that a peak before a garbage collection does not count.
    rss_mb: rss_mb.map((samples) => percentile(samples.slice(-10), 0.5)),
  }
}

/**
 * Returns the seconds until every process serves the hot page from the cache again: reads of the page no longer raise the
 * database's count of its loads. Returns null if the database has no count.
 */
async function untilNormal({ run, traffic, apis, countLoads }: Setup): Promise<number | null> {
  if (!countLoads) return null
  const readByAll = async () => {
    for (const turn of apis.keys()) await ask(traffic, turn, null, { method: 'GET', path: `/v1/products/${traffic.hot.id}` })
  }
  const began = performance.now()
  for (;;) {
    const seconds = (performance.now() - began) / 1000
    const loads = await withoutWrites(traffic, async () => {
      await readByAll()
      const before = await countLoads()
      for (let reads = 0; reads < READS_PER_LOOK; reads++) await readByAll()
      return (await countLoads()) - before
    })
    if (loads > 0 && seconds > GIVE_UP_AFTER_S)
      run.fail(`${seconds.toFixed(0)} s after Redis was back, pages still came from the database`)
    if (loads === 0 || seconds > GIVE_UP_AFTER_S) return seconds
    await Bun.sleep(20)
  }
}

/** Compares a phase with the calm one. Only the full form has limits, because the figures depend on the machine. */
function judgePhase(run: Run, { name, reads_ms, writes_ms, rss_mb }: Phase, calm: Phase, normal_after_s: number): void {
  const added = { reads: reads_ms - calm.reads_ms, writes: writes_ms - calm.writes_ms }
  for (const [what, added_ms] of Object.entries(added))
    if (added_ms > MOST_ADDED_MS && name !== REPEATED_FREEZES)
      run.fail(`Redis ${name}: the p95 of ${what} is ${added_ms.toFixed(0)} ms above the calm phase`)
  for (const [place, mb] of rss_mb.entries()) {
    const growth = mb - (calm.rss_mb[place] ?? 0)
    if (growth > MOST_GROWTH_MB) run.fail(`Redis ${name}: a process has grown by ${growth.toFixed(0)} MB`)
  }
  if (normal_after_s > NORMAL_WITHIN_S) run.fail(`Redis ${name}: normal again only after ${normal_after_s.toFixed(1)} s`)
}

function describePhase({ name, reads_ms, writes_ms, rss_mb }: Phase, calm: Phase): string {
  const grown = rss_mb.map((mb, place) => (mb - (calm.rss_mb[place] ?? 0)).toFixed(0)).join(' and ')
  return `${name}: p95 of reads ${reads_ms.toFixed(0)} ms, of writes ${writes_ms.toFixed(0)} ms, grown by ${grown} MB`
}
