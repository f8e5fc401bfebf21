import { migrate } from '../../../src/deploy/migrate.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { percentile } from '../../support/figures.ts'
import { makePeople } from '../../support/people.ts'
import { openPostgres15, type Postgres15 } from '../../support/stores/postgres_15.ts'
import { checkAtEnd, failAll } from '../checks/invariants.ts'
import { call, findLostOrders, type Load, type Sample, startLoad } from '../load/retrying_load.ts'
import { waitFor } from '../loops.ts'
import type { Run, Scenario } from '../scenario.ts'
import { startServers, stockShops } from '../servers/servers.ts'

/** The limits of the full form. */
const RESPONSE_WITHIN_MS = 3000
const READY_WITHIN_S = 5
/** Short, because /livez reads no store. */
const LIVE_WITHIN_MS = 1000

const BUYERS = 6
const READERS = 6
const CALM_S = 3
const TERMINATE_EVERY_MS = 500
const SETTLE_WITHIN_S = 90
const GIVE_UP_AFTER_S = 60

type Setup = { run: Run; sql: Sql; server: Postgres15; url: string }
/**
 * A failure of PostgreSQL for some seconds. `inject` starts it and returns a function that ends it. That function returns when
 * PostgreSQL accepts connections again.
 */
type Fault = { name: string; seconds: number; in_short: number; inject: (setup: Setup) => Promise<() => Promise<void> | void> }

const faults: Fault[] = [
  {
    name: 'stopped at once',
    seconds: 2,
    in_short: 2,
    inject: async ({ server }) => {
      await server.crash()
      return server.start
    },
  },
  {
    name: 'frozen',
    seconds: 10,
    in_short: 4,
    inject: async ({ server }) => {
      server.freeze()
      return server.thaw
    },
  },
  {
    name: `with all connections ended every ${TERMINATE_EVERY_MS} ms`,
    seconds: 10,
    in_short: 3,
    inject: async ({ sql }) => {
      const timer = setInterval(() => void endConnections(sql).catch(() => {}), TERMINATE_EVERY_MS)
      return () => clearInterval(timer)
    },
  },
]

export const postgresAway: Scenario = {
  name: 'postgres_away',
  claim: 'If PostgreSQL stops, freezes or ends its connections, calls fail fast, no process ends, and no confirmed order is lost',
  needs: ['postgresql-15'],
  test: testPostgresAway,
}

async function testPostgresAway(run: Run): Promise<string> {
  const server = await openPostgres15()
  run.defer(server.stop)
  await migrate(server.url)
  const servers = await startServers(run, 'none', { own_url: server.url })
  const { sql } = servers
  const listings = await stockShops(sql, 4, Array(40).fill(100_000))
  const [buyers, readers] = [await makePeople(sql, BUYERS), await makePeople(sql, READERS)]
  const { url } = await servers.startApi()
  const load = startLoad(url, buyers, readers, listings)
  run.defer(load.end)
  const outages: Outage[] = []
  for (const [n, fault] of faults.entries()) {
    run.progress(n, faults.length, fault.name)
    outages.push(await runFault({ run, sql, server, url }, fault))
  }
  await load.end()
  const figures = outages.map((outage) => judgeOutage(run, outage, load))
  failAll(run, findWrongResponses(load.samples))
  const lost = await findLostOrders(sql, load.orders)
  const findings = lost.map(({ id }) => `order ${id} was confirmed and is lost, or not paid`)
  failAll(run, findings)
  await checkAtEnd(run, servers, SETTLE_WITHIN_S)
  return `${load.samples.length} calls, ${load.orders.length} orders confirmed, ${lost.length} lost; ${figures.join('; ')}`
}

/** A fault that is over: its start, its end, and the seconds after its end until the process was ready. */
type Outage = { name: string; began_ms: number; ended_ms: number; ready_s: number }

async function runFault(setup: Setup, { name, seconds, in_short, inject }: Fault): Promise<Outage> {
  await Bun.sleep(CALM_S * 1000)
  const began_ms = performance.now()
  const end = await inject(setup)
  await Bun.sleep((setup.run.short ? in_short : seconds) * 1000)
  await end()
  const ended_ms = performance.now()
  const isWell = async (path: string) => (await call(setup.url, null, { method: 'GET', path })).status === 200
  const isReady = async () => (await isWell('/readyz')) && (await isWell('/v1/search?q=listing'))
  const ready_s = await waitFor(`the process is ready after PostgreSQL was ${name}`, isReady, GIVE_UP_AFTER_S)
  await Bun.sleep(CALM_S * 1000)
  return { name, began_ms, ended_ms, ready_s }
}

/** Checks the calls that began during the fault. Call it after the load has ended, when all of them have a response. */
function judgeOutage(run: Run, { name, began_ms, ended_ms, ready_s }: Outage, load: Load): string {
  const during = (samples: Sample[]) => samples.filter(({ at_ms }) => at_ms >= began_ms && at_ms < ended_ms)
  const times = (samples: Sample[]) => samples.map(({ took_ms }) => took_ms)
  const longest = (samples: Sample[]) => Math.max(0, ...times(samples))
  const calls = during(load.samples)
  const unavailable = calls.filter(({ status }) => status === 503)
  const [slowest_ms, live_ms] = [longest(unavailable), longest(during(load.probes))]
  if (during(load.probes).some(({ status }) => status !== 200)) run.fail(`${name}: /livez did not return 200`)
  if (!run.short) {
    if (slowest_ms > RESPONSE_WITHIN_MS) run.fail(`${name}: a call was rejected only after ${slowest_ms.toFixed(0)} ms`)
    if (live_ms > LIVE_WITHIN_MS) run.fail(`${name}: /livez took ${live_ms.toFixed(0)} ms`)
    if (ready_s > READY_WITHIN_S) run.fail(`${name}: ready only after ${ready_s.toFixed(1)} s`)
  }
  const p95_ms = percentile(times(unavailable), 0.95)
  const times_ms = `p95 ${p95_ms.toFixed(0)} ms, at most ${slowest_ms.toFixed(0)} ms`
  const rejected = `${unavailable.length} of ${calls.length} calls rejected (${times_ms})`
  const slowest = `the slowest of all ${longest(calls).toFixed(0)} ms`
  return `${name}: ${rejected}, ${slowest}, ready ${ready_s.toFixed(1)} s after its return`
}

/** Returns the wrong responses: no response, a 5xx that is not 503, or 401. A failure of PostgreSQL must become a 503. */
function findWrongResponses(samples: Sample[]): string[] {
  const wrong = samples.filter(({ status }) => status === 0 || (status >= 500 && status !== 503) || status === 401)
  return [...new Set(wrong.map(({ what, status }) => `${what} returned ${status || 'no response'}`))]
}

async function endConnections(sql: Sql): Promise<void> {
  await sql`
    select pg_terminate_backend(a.pid) from pg_stat_activity a
    where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend'`
}
