import { migrate } from '../../../src/deploy/migrate.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { percentile } from '../../support/figures.ts'
import { listItems, makePeople, openShops } from '../../support/people.ts'
import { requires } from '../../support/requirements.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { openPostgres15, type Postgres15 } from '../../support/stores/postgres_15.ts'
import { failAll, findWrongMoney, untilSettled } from '../checks/invariants.ts'
import { call, findLostOrders, type Load, type Sample, startLoad } from '../load/retrying_load.ts'
import type { Run, Scenario } from '../scenario.ts'
import { type Servers, startServers } from '../servers/servers.ts'

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

type Setup = { run: Run; servers: Servers; server: Postgres15; url: string }
/**
 * A failure of PostgreSQL for some seconds. `begin` starts it and returns a function that ends it. That function returns when
 * PostgreSQL accepts connections again.
 */
type Fault = { name: string; seconds: number; in_short: number; begin: (setup: Setup) => Promise<() => Promise<void>> }

const faults: Fault[] = [
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
    begin: async ({ servers }) => {
      const timer = setInterval(() => void endConnections(servers.sql).catch(() => {}), TERMINATE_EVERY_MS)
      return async () => clearInterval(timer)
    },
  },
]

export const postgresAway: Scenario = {
  name: 'postgres_away',
  claim:
    'Stopped, frozen or cutting its connections, PostgreSQL makes calls fail fast, ends no process, and no order that was ' +
    'answered is lost',
  test: async (run) => {
    if (requires('postgresql-15')) return await tryPostgresAway(run)
    run.skip('everything about a PostgreSQL that goes away (there is no server of our own to stop)')
    return 'not tried'
  },
}

async function tryPostgresAway(run: Run): Promise<string> {
  const server = await openPostgres15()
  run.defer(server.stop)
  await migrate(server.url)
  const servers = await startServers(run, 'none', { own_url: server.url })
  const shops = await openShops(servers.sql, 4)
  const listings = await listItems(servers.sql, shops, Array(40).fill(100_000))
  await recordStock(servers.sql)
  const [buyers, readers] = [await makePeople(servers.sql, BUYERS), await makePeople(servers.sql, READERS)]
  const { url, stop } = await servers.startApi()
  const setup: Setup = { run, servers, server, url }
  const load = startLoad(url, buyers, readers, listings)
  run.defer(load.end)
  const spells: Spell[] = []
  for (const [n, fault] of faults.entries()) {
    run.progress(n, faults.length, fault.name)
    spells.push(await passSpell(setup, fault))
  }
  await load.end()
  const figures = spells.map((spell) => judgeSpell(run, spell, load))
  failAll(run, judgeAnswers(load.samples))
  failAll(
    run,
    (await findLostOrders(servers.sql, load.orders)).map(({ id }) => `order ${id} was answered and is not there, or not paid`),
  )
  await untilSettled(run, servers.sql, SETTLE_WITHIN_S)
  failAll(run, await findWrongStock(servers.sql))
  failAll(run, await findWrongMoney(servers.sql, await servers.provider.count()))
  await stop()
  return `${load.samples.length} calls, ${load.orders.length} orders answered, none lost; ${figures.join('; ')}`
}

/** A fault that is over: its start, its end, and the seconds after its end until the process was ready. */
type Spell = { name: string; began_ms: number; ended_ms: number; ready_s: number }

async function passSpell(setup: Setup, { name, seconds, in_short, begin }: Fault): Promise<Spell> {
  await Bun.sleep(CALM_S * 1000)
  const began_ms = performance.now()
  const end = await begin(setup)
  await Bun.sleep((setup.run.short ? in_short : seconds) * 1000)
  await end()
  const ended_ms = performance.now()
  const ready_s = await untilReady(setup.url)
  await Bun.sleep(CALM_S * 1000)
  return { name, began_ms, ended_ms, ready_s }
}

/** Checks the calls that began during the fault. Call it after the load has ended, when all of them have a response. */
function judgeSpell(run: Run, { name, began_ms, ended_ms, ready_s }: Spell, load: Load): string {
  const during = (samples: Sample[]) => samples.filter(({ at_ms }) => at_ms >= began_ms && at_ms < ended_ms)
  const longest = (samples: Sample[]) => Math.max(0, ...samples.map(({ took_ms }) => took_ms))
  const calls = during(load.samples)
  const unavailable = calls.filter(({ status }) => status === 503)
  const [slowest_ms, live_ms] = [longest(unavailable), longest(during(load.probes))]
  if (during(load.probes).some(({ status }) => status !== 200)) run.fail(`${name}: /livez did not response 200`)
  if (!run.short) {
    if (slowest_ms > ANSWER_WITHIN_MS) run.fail(`${name}: a call was refused only after ${slowest_ms.toFixed(0)} ms`)
    if (live_ms > LIVE_WITHIN_MS) run.fail(`${name}: /livez took ${live_ms.toFixed(0)} ms`)
    if (ready_s > READY_WITHIN_S) run.fail(`${name}: ready only after ${ready_s.toFixed(1)} s`)
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
