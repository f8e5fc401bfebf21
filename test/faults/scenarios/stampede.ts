import { Redis } from 'ioredis'
import type { Sql } from '../../../src/platform/db/client.ts'
import { listItems, openShops } from '../../support/people.ts'
import { PAGE_LOAD } from '../checks/page_loads.ts'
import { type ApiResponse, describe, send } from '../load/calls.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type ApiGroup, countLoadsOf, hasRedis, type Servers, startServers } from '../servers/servers.ts'

/** The limit of the full form. */
const ANSWERED_WITHIN_MS = 1000
/**
 * A caller that has waited 250 ms for another caller's load runs its own. The short form allows one more load for each 500 ms of
 * its slowest reader, because it can run on a slow machine.
 */
const SLOW_MS = 500
const TOOK_HOLD_WITHIN_MS = 10_000
const RETRY_MS = 20
const GIVE_UP_AFTER_MS = 20_000

/** The loads of one rush by the database, and the time until its last reader had a response. */
type Rush = { loads: number; slowest_ms: number }
type Setup = { run: Run; servers: Servers; redis: Redis; countLoads: () => Promise<number>; readers: number }

export const stampede: Scenario = {
  name: 'stampede',
  claim: 'However many readers come for a page that has expired, the database loads it once, and twice if the loader dies',
  test: async (run) => (hasRedis(run, 'readers of two processes') ? tryStampede(run) : 'not tried'),
}

/** Runs rounds without a failure, then rounds in which the scenario kills the process in the middle of its load. */
async function tryStampede(run: Run): Promise<string> {
  const servers = await startServers(run, 'redis')
  const rounds = countFor(run, 10, 2)
  const kills = countFor(run, 10, 2)
  const listings = await listItems(servers.sql, await openShops(servers.sql, 2), Array(rounds + kills).fill(1))
  let apis = [await servers.startApi({ name: 'first' }), await servers.startApi({ name: 'second' })] as [ApiGroup, ApiGroup]
  const countLoads = await countLoadsOf(run, servers, 'the count of loads')
  if (!countLoads) return 'not tried'
  const redis = new Redis(servers.redis?.url ?? '')
  run.defer(async () => redis.disconnect())
  const setup: Setup = { run, servers, redis, countLoads, readers: countFor(run, 500) }
  const calm: Rush[] = []
  const killed: Rush[] = []
  for (const [round, { id }] of listings.entries()) {
    await expire(setup, apis, id)
    if (round < rounds) calm.push(await rush(setup, apis, id))
    else {
      const { rush, survivor, died } = await rushAndKill(setup, apis, id)
      killed.push(rush)
      apis =
        died === 'first'
          ? [await servers.startApi({ name: 'first' }), survivor]
          : [survivor, await servers.startApi({ name: 'second' })]
    }
    run.progress(round + 1, listings.length, `${calm.length} rushes, ${killed.length} kills`)
  }
  for (const api of apis) await api.stop()
  return `${setup.readers} readers at once: ${describeRushes(calm)}; ${describeRushes(killed)} with the loading process killed`
}

/** Waits until both processes serve the page from the cache, then lets it expire. */
async function expire({ redis, countLoads }: Setup, apis: ApiGroup[], id: number): Promise<void> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS
  for (const { url } of apis) {
    for (let before = -1; before < (await countLoads()); ) {
      // A new process reads from the database until it trusts Redis.
      if (performance.now() > deadline) throw new Error('A page that is read again and again is not kept.')
      before = await countLoads()
      await send(url, null, page(id))
    }
  }
  await redis.pexpire(`product:${id}`, 1)
  while (await redis.exists(`product:${id}`)) await Bun.sleep(1)
}

const page = (id: number) => ({ method: 'GET', path: `/v1/products/${id}` })

/** All readers at once, half of them through each process. */
async function rush(setup: Setup, apis: ApiGroup[], id: number): Promise<Rush> {
  const { run } = setup
  const before = await setup.countLoads()
  const slowest_ms = await everybodyReads(
    setup,
    apis.map(({ url }) => url),
    id,
  )
  const loads = (await setup.countLoads()) - before
  if (loads > allowedLoads(run, 1, slowest_ms)) run.fail(`${setup.readers} readers of an expired page made ${loads} loads`)
  return { loads, slowest_ms }
}

/**
 * A lock on the table blocks the load. The scenario kills the process that waits for it and releases the lock. PostgreSQL still runs
 * the statement of the dead process, which is the first load. The process that takes over runs the second.
 */
async function rushAndKill(
  setup: Setup,
  [first, second]: [ApiGroup, ApiGroup],
  id: number,
): Promise<{ rush: Rush; survivor: ApiGroup; died: 'first' | 'second' }> {
  const { run, servers } = setup
  const before = await setup.countLoads()
  const held = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const holding = servers.sql.begin(async (sql) => {
    await sql`lock table products in access exclusive mode`
    locked.resolve()
    await held.promise
  })
  await locked.promise
  const reading = everybodyReads(setup, [first.url, second.url], id)
  const died = await findLoader(servers.sql)
  await (died === 'first' ? first : second).kill()
  held.resolve()
  await holding
  const slowest_ms = await reading
  const loads = (await setup.countLoads()) - before
  if (loads > allowedLoads(run, 2, slowest_ms))
    run.fail(`${setup.readers} readers of an expired page made ${loads} loads, its loader killed`)
  return { rush: { loads, slowest_ms }, survivor: died === 'first' ? second : first, died }
}

const allowedLoads = ({ short }: Run, loads: number, slowest_ms: number) => loads + (short ? Math.floor(slowest_ms / SLOW_MS) : 0)

/** Returns the process whose load waits for the lock. */
async function findLoader(sql: Sql): Promise<'first' | 'second'> {
  const deadline = performance.now() + TOOK_HOLD_WITHIN_MS
  while (performance.now() < deadline) {
    const [waiting] = await sql<{ application_name: string }[]>`
      select a.application_name from pg_stat_activity a
      where a.datname = current_database() and a.wait_event_type = 'Lock' and strpos(a.query, ${PAGE_LOAD}) > 0
      order by a.query_start limit 1`
    if (waiting) return waiting.application_name === 'first' ? 'first' : 'second'
    await Bun.sleep(2)
  }
  throw new Error('No process began to load the page.')
}

/** Returns the ms until the last response. A reader whose process has died tries the next one. */
async function everybodyReads({ run, readers }: Setup, urls: string[], id: number): Promise<number> {
  const began = performance.now()
  const readOnce = async (reader: number): Promise<ApiResponse | null> => {
    for (let attempt = reader; ; attempt++) {
      const response = await send(urls[attempt % urls.length] as string, null, page(id))
      if (response || performance.now() - began > GIVE_UP_AFTER_MS) return response
      await Bun.sleep(RETRY_MS)
    }
  }
  const responses = await Promise.all(Array.from({ length: readers }, (_, reader) => readOnce(reader)))
  const slowest_ms = performance.now() - began
  const wrong = responses.find((response) => response?.status !== 200)
  if (wrong !== undefined) run.fail(`a reader of an expired page is answered ${describe(wrong)}`)
  if (!run.short && slowest_ms > ANSWERED_WITHIN_MS)
    run.fail(`the last of ${readers} readers of an expired page waited ${slowest_ms.toFixed(0)} ms`)
  return slowest_ms
}

function describeRushes(rushes: Rush[]): string {
  const loads = [...new Set(rushes.map((rush) => rush.loads))].sort().join(' or ')
  const slowest_ms = Math.max(...rushes.map((rush) => rush.slowest_ms))
  return `${rushes.length} times ${loads} ${loads === '1' ? 'load' : 'loads'}, the last response after at most ${slowest_ms.toFixed(0)} ms`
}
