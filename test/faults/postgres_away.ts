import { migrate } from '../../src/deploy/migrate.ts'
import type { Sql } from '../../src/platform/db/client.ts'
import { percentile } from '../support/figures.ts'
import { listItems, makePeople, openStalls } from '../support/people.ts'
import { requires } from '../support/requirements.ts'
import { findWrongStock, recordStock } from '../support/stock.ts'
import { openPostgres15, type Postgres15 } from '../support/stores/postgres_15.ts'
import { call, findLostOrders, type Load, type Sample, startLoad } from './stage/insistent_load.ts'
import { contradictAll, findWrongMoney, untilSettled } from './stage/invariants.ts'
import { type Stage, setStage } from './stage/stage.ts'
import type { Proof, Trial } from './trial.ts'

/** The limits of the full form. */
const ANSWER_WITHIN_MS = 3000
const READY_WITHIN_S = 5
/** Short, because /livez reads no store. */
const LIVE_WITHIN_MS = 1000

const BUYERS = 6
const READERS = 6
const CALM_S = 3
const TERMINATE_EVERY_MS = 500
const SETTLE_WITHIN_S = 90
const GIVE_UP_AFTER_S = 60

type Play = { trial: Trial; stage: Stage; server: Postgres15; url: string }
/**
 * A failure of PostgreSQL for some seconds. `begin` starts it and returns a function that ends it. That function returns when
 * PostgreSQL accepts connections again.
 */
type Mishap = { name: string; seconds: number; in_short: number; begin: (play: Play) => Promise<() => Promise<void>> }

const mishaps: Mishap[] = [
  {
    name: 'stopped at once',
    seconds: 2,
    in_short: 2,
    begin: async ({ server }) => {
      await server.crash()
      return server.start
    },
  },
  {
    name: 'frozen',
    seconds: 10,
    in_short: 4,
    begin: async ({ server }) => {
      server.freeze()
      return async () => server.thaw()
    },
  },
  {
    name: `with all connections ended every ${TERMINATE_EVERY_MS} ms`,
    seconds: 10,
    in_short: 3,
    begin: async ({ stage }) => {
      const timer = setInterval(() => void endConnections(stage.sql).catch(() => {}), TERMINATE_EVERY_MS)
      return async () => clearInterval(timer)
    },
  },
]

export const postgresAway: Proof = {
  name: 'postgres_away',
  claim:
    'Stopped, frozen or cutting its connections, PostgreSQL makes calls fail fast, ends no process, and no order that was ' +
    'answered is lost',
  run: async (trial) => {
    if (requires('postgresql-15')) return await tryPostgresAway(trial)
    trial.leaveOut('everything about a PostgreSQL that goes away (there is no server of our own to stop)')
    return 'not tried'
  },
}

async function tryPostgresAway(trial: Trial): Promise<string> {
  const server = await openPostgres15()
  trial.later(server.stop)
  await migrate(server.url)
  const stage = await setStage(trial, 'none', { own_url: server.url })
  const stalls = await openStalls(stage.sql, 4)
  const listings = await listItems(stage.sql, stalls, Array(40).fill(100_000))
  await recordStock(stage.sql)
  const [buyers, readers] = [await makePeople(stage.sql, BUYERS), await makePeople(stage.sql, READERS)]
  const { url, stop } = await stage.startApi()
  const play: Play = { trial, stage, server, url }
  const load = startLoad(url, buyers, readers, listings)
  trial.later(load.end)
  const spells: Spell[] = []
  for (const [n, mishap] of mishaps.entries()) {
    trial.progress(n, mishaps.length, mishap.name)
    spells.push(await passSpell(play, mishap))
  }
  await load.end()
  const figures = spells.map((spell) => judgeSpell(trial, spell, load))
  contradictAll(trial, judgeAnswers(load.samples))
  contradictAll(
    trial,
    (await findLostOrders(stage.sql, load.orders)).map(({ id }) => `order ${id} was answered and is not there, or not paid`),
  )
  await untilSettled(trial, stage.sql, SETTLE_WITHIN_S)
  contradictAll(trial, await findWrongStock(stage.sql))
  contradictAll(trial, await findWrongMoney(stage.sql, await stage.provider.count()))
  await stop()
  return `${load.samples.length} calls, ${load.orders.length} orders answered, none lost; ${figures.join('; ')}`
}

/** A mishap that is over: its start, its end, and the seconds after its end until the process was ready. */
type Spell = { name: string; began_ms: number; ended_ms: number; ready_s: number }

async function passSpell(play: Play, { name, seconds, in_short, begin }: Mishap): Promise<Spell> {
  await Bun.sleep(CALM_S * 1000)
  const began_ms = performance.now()
  const end = await begin(play)
  await Bun.sleep((play.trial.short ? in_short : seconds) * 1000)
  await end()
  const ended_ms = performance.now()
  const ready_s = await untilReady(play.url)
  await Bun.sleep(CALM_S * 1000)
  return { name, began_ms, ended_ms, ready_s }
}

/** Checks the calls that began during the mishap. Call it after the load has ended, when all of them have a response. */
function judgeSpell(trial: Trial, { name, began_ms, ended_ms, ready_s }: Spell, load: Load): string {
  const during = (samples: Sample[]) => samples.filter(({ at_ms }) => at_ms >= began_ms && at_ms < ended_ms)
  const longest = (samples: Sample[]) => Math.max(0, ...samples.map(({ took_ms }) => took_ms))
  const calls = during(load.samples)
  const unavailable = calls.filter(({ status }) => status === 503)
  const [slowest_ms, live_ms] = [longest(unavailable), longest(during(load.probes))]
  if (during(load.probes).some(({ status }) => status !== 200)) trial.contradict(`${name}: /livez did not answer 200`)
  if (!trial.short) {
    if (slowest_ms > ANSWER_WITHIN_MS) trial.contradict(`${name}: a call was refused only after ${slowest_ms.toFixed(0)} ms`)
    if (live_ms > LIVE_WITHIN_MS) trial.contradict(`${name}: /livez took ${live_ms.toFixed(0)} ms`)
    if (ready_s > READY_WITHIN_S) trial.contradict(`${name}: ready only after ${ready_s.toFixed(1)} s`)
  }
  const p95_ms = percentile(
    unavailable.map(({ took_ms }) => took_ms),
    0.95,
  )
  const refused = `${unavailable.length} of ${calls.length} calls refused (p95 ${p95_ms.toFixed(0)} ms, at most ${slowest_ms.toFixed(0)} ms)`
  return `${name}: ${refused}, the slowest of all ${longest(calls).toFixed(0)} ms, ready ${ready_s.toFixed(1)} s after its return`
}

/** Returns the seconds until /readyz and a call that needs the database both return 200, or infinity after 60 s. */
async function untilReady(url: string): Promise<number> {
  const began = performance.now()
  const isWell = async (path: string) => (await call(url, null, { method: 'GET', path })).status === 200
  while (!((await isWell('/readyz')) && (await isWell('/v1/search?q=listing')))) {
    if (performance.now() - began > GIVE_UP_AFTER_S * 1000) return Number.POSITIVE_INFINITY
    await Bun.sleep(50)
  }
  return (performance.now() - began) / 1000
}

/** Returns the wrong responses: no response, a 5xx that is not 503, or 401. A failure of PostgreSQL must become a 503. */
function judgeAnswers(samples: Sample[]): string[] {
  const bad = samples.filter(({ status }) => status === 0 || (status >= 500 && status !== 503) || status === 401)
  return [...new Set(bad.map(({ what, status }) => `${what} was answered ${status || 'not at all'}`))]
}

async function endConnections(sql: Sql): Promise<void> {
  await sql`
    select pg_terminate_backend(a.pid) from pg_stat_activity a
    where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend'`
}
