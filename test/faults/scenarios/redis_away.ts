import { describeCounts, percentile } from '../../support/figures.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { failAll, findWrongMoney, untilSettled } from '../checks/invariants.ts'
import { startTraffic } from '../load/start_traffic.ts'
import { ask, failWrong, prepareTraffic, type Traffic, type Users, withoutWrites } from '../load/traffic.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { openRedisLine, type RedisLine } from '../servers/redis_line.ts'
import type { RedisProcess } from '../servers/redis_process.ts'
import { type ApiGroup, countLoadsOf, hasRedis, startServers } from '../servers/servers.ts'

/** Light enough for two cores: no call waits for a processor, so the times measure the wait for Redis. */
const USERS: Users = { readers: 30, reader_pause_ms: 100, writer_pause_ms: 100, carts: 5, buyers: 2 }

/** The limits of the full form. */
const MOST_ADDED_MS = 200
const MOST_GROWTH_MB = 20
const NORMAL_WITHIN_S = 2

const FLUSH_EVERY_MS = 100
/** Too short for the API to give up Redis: calls wait for the end of the freeze, so the scenario does not judge their times. */
const HICCUP_MS = 300
const HICCUPS = `frozen for ${HICCUP_MS} ms of each ${3 * HICCUP_MS}`
const SETTLE_WITHIN_S = 60
const GIVE_UP_AFTER_S = 30
const READS_PER_LOOK = 5

/** The figures of a stretch of time: the p95 of reads and writes, and the memory of each process. */
type Stretch = { name: string; reads_ms: number; writes_ms: number; rss_mb: number[] }
type Setup = {
  run: Run
  traffic: Traffic
  apis: ApiGroup[]
  redis: RedisProcess
  /** The line of the second process. */
  line: RedisLine
  countLoads: (() => Promise<number>) | null
}

export const redisAway: Scenario = {
  name: 'redis_away',
  claim: 'Flushed, killed or frozen, Redis costs no response, no freshness, no session, and next to no time or memory',
  test: async (run) => (hasRedis(run, 'everything about a Redis that goes away') ? tryRedisAway(run) : 'not tried'),
}

async function tryRedisAway(run: Run): Promise<string> {
  const servers = await startServers(run, 'redis')
  const traffic = await prepareTraffic(run, servers, USERS)
  await recordStock(servers.sql)
  // The seller sets the stock of this listing, so the stock equation does not apply to it.
  await servers.sql`delete from recorded_stock where product_id = ${traffic.hot.id}`
  const redis = servers.redis as RedisProcess
  const line = await openRedisLine(redis.port)
  run.defer(line.stop)
  const apis = [await servers.startApi(), await servers.startApi({ redis_url: line.url })]
  const countLoads = await countLoadsOf(run, servers, 'when pages come from the cache again')
  const setup: Setup = { run, traffic, apis, redis, line, countLoads }
  const end = await startTraffic(
    traffic,
    apis.map(({ url }) => url),
  )
  const figures = await tryFaults(setup)
  await end()
  failWrong(run, traffic, 'in the end')
  await untilSettled(run, servers.sql, SETTLE_WITHIN_S)
  failAll(run, await findWrongStock(servers.sql))
  failAll(run, await findWrongMoney(servers.sql, await servers.provider.count()))
  for (const api of apis) await api.stop()
  return `${describeCounts(traffic.counts)}; ${figures.join('; ')}`
}

/** A failure of Redis. `seconds` is its time in the full form. `begin` starts it and returns a function that ends it. */
type Fault = { name: string; seconds: number; begin: (setup: Setup) => Promise<() => Promise<void> | void> }

const faults: Fault[] = [
  {
    name: `flushed every ${FLUSH_EVERY_MS} ms`,
    seconds: 10,
    begin: async ({ redis }) => {
      const timer = setInterval(() => void redis.flush().catch(() => {}), FLUSH_EVERY_MS)
      return () => clearInterval(timer)
    },
  },
  {
    name: HICCUPS,
    seconds: 10,
    begin: async ({ redis }) => {
      redis.freeze()
      const freezing = setInterval(redis.freeze, 3 * HICCUP_MS)
      await Bun.sleep(HICCUP_MS)
      redis.thaw()
      const thawing = setInterval(redis.thaw, 3 * HICCUP_MS)
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
    begin: async ({ line }) => {
      line.cut()
      return line.mend
    },
  },
  {
    name: 'killed',
    seconds: 30,
    begin: async ({ redis }) => {
      await redis.kill()
      return redis.restart
    },
  },
  {
    name: 'frozen',
    seconds: 30,
    begin: async ({ redis }) => {
      redis.freeze()
      return redis.thaw
    },
  },
]

async function tryFaults(setup: Setup): Promise<string[]> {
  const { run } = setup
  await passTime(setup, 'warming up', countFor(run, 10))
  const calm = await passTime(setup, 'calm', countFor(run, 10))
  const figures = [describeStretch(calm, calm)]
  for (const { name, seconds, begin } of faults) {
    const end = await begin(setup)
    const stretch = await passTime(setup, name, countFor(run, seconds))
    await end()
    figures.push(judgeStretch(setup, stretch, calm, await untilNormal(setup)))
    await passTime(setup, `${name}, and back`, countFor(run, 5))
  }
  return figures
}

/** Lets the traffic run for `seconds` and returns the figures. Reports the violations at the end of the stretch. */
async function passTime({ run, traffic, apis }: Setup, name: string, seconds: number): Promise<Stretch> {
  traffic.reads_ms = []
  traffic.writes_ms = []
  const rss_mb: number[][] = apis.map(() => [])
  for (let second = 0; second < seconds; second++) {
    await Bun.sleep(1000)
    for (const [place, api] of apis.entries()) rss_mb[place]?.push(api.readRssMb())
    run.progress(second + 1, seconds, `Redis ${name}: ${describeCounts(traffic.counts)}`)
  }
  failWrong(run, traffic, `Redis ${name}`)
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
  const began = performance.now()
  for (;;) {
    const seconds = (performance.now() - began) / 1000
    const loads = await withoutWrites(traffic, async () => {
      const look = async () => {
        for (const turn of apis.keys()) await ask(traffic, turn, null, { method: 'GET', path: `/v1/products/${traffic.hot.id}` })
      }
      await look()
      const before = await countLoads()
      for (let reads = 0; reads < READS_PER_LOOK; reads++) await look()
      return (await countLoads()) - before
    })
    if (loads === 0) return seconds
    if (seconds > GIVE_UP_AFTER_S) {
      run.fail(`${seconds.toFixed(0)} s after Redis was back, pages still came from the database`)
      return seconds
    }
    await Bun.sleep(20)
  }
}

/** Compares a stretch with the calm one. Only the full form has limits, because the figures depend on the machine. */
function judgeStretch({ run }: Setup, stretch: Stretch, calm: Stretch, normal_after_s: number | null): string {
  const { name, reads_ms, writes_ms, rss_mb } = stretch
  if (!run.short) {
    for (const [what, added] of [
      ['reads', reads_ms - calm.reads_ms],
      ['writes', writes_ms - calm.writes_ms],
    ] as const)
      if (added > MOST_ADDED_MS && name !== HICCUPS)
        run.fail(`Redis ${name}: the p95 of ${what} is ${added.toFixed(0)} ms more than in the calm`)
    for (const [place, mb] of rss_mb.entries()) {
      const growth = mb - (calm.rss_mb[place] ?? 0)
      if (growth > MOST_GROWTH_MB) run.fail(`Redis ${name}: a process has grown by ${growth.toFixed(0)} MB`)
    }
    if (normal_after_s !== null && normal_after_s > NORMAL_WITHIN_S)
      run.fail(`Redis ${name}: normal again only after ${normal_after_s.toFixed(1)} s`)
  }
  const normal = normal_after_s === null ? '' : `, normal again after ${normal_after_s.toFixed(1)} s`
  return `${describeStretch(stretch, calm)}${normal}`
}

function describeStretch({ name, reads_ms, writes_ms, rss_mb }: Stretch, calm: Stretch): string {
  const grown = rss_mb.map((mb, place) => (mb - (calm.rss_mb[place] ?? 0)).toFixed(0)).join(' and ')
  return `${name}: p95 of reads ${reads_ms.toFixed(0)} ms, of writes ${writes_ms.toFixed(0)} ms, grown by ${grown} MB`
}
