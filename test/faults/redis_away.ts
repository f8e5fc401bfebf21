import { describeCounts, percentile } from '../support/figures.ts'
import { findWrongStock, recordStock } from '../support/stock.ts'
import { contradictAll, findWrongMoney, untilSettled } from './stage/invariants.ts'
import { openRedisLine, type RedisLine } from './stage/redis_line.ts'
import type { RedisProcess } from './stage/redis_process.ts'
import { type ApiGroup, countLoadsOf, hasRedis, setStage } from './stage/stage.ts'
import { startTraffic } from './traffic/start_traffic.ts'
import { ask, type Crowd, contradictWrong, prepareTraffic, type Traffic, withoutWrites } from './traffic/traffic.ts'
import { countFor, type Proof, type Trial } from './trial.ts'

/** Light enough for two cores: no call waits for a processor, so the times measure the wait for Redis. */
const CROWD: Crowd = { readers: 30, reader_pause_ms: 100, writer_pause_ms: 100, carts: 5, buyers: 2 }

/** The limits of the full form. */
const MOST_ADDED_MS = 200
const MOST_GROWTH_MB = 20
const NORMAL_WITHIN_S = 2

const FLUSH_EVERY_MS = 100
/** Too short for the API to give up Redis: calls wait for the end of the freeze, so the proof does not judge their times. */
const HICCUP_MS = 300
const HICCUPS = `frozen for ${HICCUP_MS} ms of each ${3 * HICCUP_MS}`
const SETTLE_WITHIN_S = 60
const GIVE_UP_AFTER_S = 30
const READS_PER_LOOK = 5

/** The figures of a stretch of time: the p95 of reads and writes, and the memory of each process. */
type Stretch = { name: string; reads_ms: number; writes_ms: number; rss_mb: number[] }
type Play = {
  trial: Trial
  traffic: Traffic
  apis: ApiGroup[]
  redis: RedisProcess
  /** The line of the second process. */
  line: RedisLine
  countLoads: (() => Promise<number>) | null
}

export const redisAway: Proof = {
  name: 'redis_away',
  claim: 'Flushed, killed or frozen, Redis costs no answer, no freshness, no session, and next to no time or memory',
  run: async (trial) => (hasRedis(trial, 'everything about a Redis that goes away') ? tryRedisAway(trial) : 'not tried'),
}

async function tryRedisAway(trial: Trial): Promise<string> {
  const stage = await setStage(trial, 'redis')
  const traffic = await prepareTraffic(trial, stage, CROWD)
  await recordStock(stage.sql)
  // The seller sets the stock of this listing, so the stock equation does not apply to it.
  await stage.sql`delete from recorded_stock where product_id = ${traffic.hot.id}`
  const redis = stage.redis as RedisProcess
  const line = await openRedisLine(redis.port)
  trial.later(line.stop)
  const apis = [await stage.startApi(), await stage.startApi({ redis_url: line.url })]
  const countLoads = await countLoadsOf(trial, stage, 'when pages come from the cache again')
  const play: Play = { trial, traffic, apis, redis, line, countLoads }
  const end = await startTraffic(
    traffic,
    apis.map(({ url }) => url),
  )
  const figures = await tryWeathers(play)
  await end()
  contradictWrong(trial, traffic, 'in the end')
  await untilSettled(trial, stage.sql, SETTLE_WITHIN_S)
  contradictAll(trial, await findWrongStock(stage.sql))
  contradictAll(trial, await findWrongMoney(stage.sql, await stage.provider.count()))
  for (const api of apis) await api.stop()
  return `${describeCounts(traffic.counts)}; ${figures.join('; ')}`
}

/** A failure of Redis. `seconds` is its time in the full form. `begin` starts it and returns a function that ends it. */
type Weather = { name: string; seconds: number; begin: (play: Play) => Promise<() => Promise<void> | void> }

const weathers: Weather[] = [
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

async function tryWeathers(play: Play): Promise<string[]> {
  const { trial } = play
  await passTime(play, 'warming up', countFor(trial, 10))
  const calm = await passTime(play, 'calm', countFor(trial, 10))
  const figures = [describeStretch(calm, calm)]
  for (const { name, seconds, begin } of weathers) {
    const end = await begin(play)
    const stretch = await passTime(play, name, countFor(trial, seconds))
    await end()
    figures.push(judgeStretch(play, stretch, calm, await untilNormal(play)))
    await passTime(play, `${name}, and back`, countFor(trial, 5))
  }
  return figures
}

/** Lets the traffic run for `seconds` and returns the figures. Reports the violations at the end of the stretch. */
async function passTime({ trial, traffic, apis }: Play, name: string, seconds: number): Promise<Stretch> {
  traffic.reads_ms = []
  traffic.writes_ms = []
  const rss_mb: number[][] = apis.map(() => [])
  for (let second = 0; second < seconds; second++) {
    await Bun.sleep(1000)
    for (const [place, api] of apis.entries()) rss_mb[place]?.push(api.readRssMb())
    trial.progress(second + 1, seconds, `Redis ${name}: ${describeCounts(traffic.counts)}`)
  }
  contradictWrong(trial, traffic, `Redis ${name}`)
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
async function untilNormal({ trial, traffic, apis, countLoads }: Play): Promise<number | null> {
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
      trial.contradict(`${seconds.toFixed(0)} s after Redis was back, pages still came from the database`)
      return seconds
    }
    await Bun.sleep(20)
  }
}

/** Compares a stretch with the calm one. Only the full form has limits, because the figures depend on the machine. */
function judgeStretch({ trial }: Play, stretch: Stretch, calm: Stretch, normal_after_s: number | null): string {
  const { name, reads_ms, writes_ms, rss_mb } = stretch
  if (!trial.short) {
    for (const [what, added] of [
      ['reads', reads_ms - calm.reads_ms],
      ['writes', writes_ms - calm.writes_ms],
    ] as const)
      if (added > MOST_ADDED_MS && name !== HICCUPS)
        trial.contradict(`Redis ${name}: the p95 of ${what} is ${added.toFixed(0)} ms more than in the calm`)
    for (const [place, mb] of rss_mb.entries()) {
      const growth = mb - (calm.rss_mb[place] ?? 0)
      if (growth > MOST_GROWTH_MB) trial.contradict(`Redis ${name}: a process has grown by ${growth.toFixed(0)} MB`)
    }
    if (normal_after_s !== null && normal_after_s > NORMAL_WITHIN_S)
      trial.contradict(`Redis ${name}: normal again only after ${normal_after_s.toFixed(1)} s`)
  }
  const normal = normal_after_s === null ? '' : `, normal again after ${normal_after_s.toFixed(1)} s`
  return `${describeStretch(stretch, calm)}${normal}`
}

function describeStretch({ name, reads_ms, writes_ms, rss_mb }: Stretch, calm: Stretch): string {
  const grown = rss_mb.map((mb, place) => (mb - (calm.rss_mb[place] ?? 0)).toFixed(0)).join(' and ')
  return `${name}: p95 of reads ${reads_ms.toFixed(0)} ms, of writes ${writes_ms.toFixed(0)} ms, grown by ${grown} MB`
}
