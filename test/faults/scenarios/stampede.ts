import { Redis } from 'ioredis'
import type { Sql } from '../../../src/platform/db/client.ts'
import { listItems, openShops } from '../../support/people.ts'
import { openLoadCount, PAGE_LOAD } from '../checks/page_loads.ts'
import { type ApiResponse, describe, send } from '../load/calls.ts'
import { waitFor } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { holdLock } from '../servers/hold_lock.ts'
import { type ApiGroup, type Servers, startServers } from '../servers/servers.ts'

/** The limit of the full form. */
const RESPONSES_WITHIN_MS = 1000
/**
 * A caller that has waited 250 ms for another caller's load runs its own. The short form allows one more load for each 500 ms of
 * its slowest reader, because it can run on a slow machine.
 */
const SLOW_MS = 500
const RETRY_MS = 20
const GIVE_UP_AFTER_S = 20

/** The loads of one burst of readers by the database, and the time until its last reader had a response. */
type Burst = { loads: number; slowest_ms: number }
type Setup = { run: Run; servers: Servers; redis: Redis; countLoads: () => Promise<number>; readers: number }
/** The processes by their application_name. */
type Apis = Record<'first' | 'second', ApiGroup>

export const stampede: Scenario = {
  name: 'stampede',
  claim: 'However many readers request a page that has expired, the database loads it once, and twice if the loader dies',
  needs: ['redis-server'],
  test: testStampede,
}

/** Runs rounds without a failure, then rounds in which the scenario kills the process in the middle of its load. */
async function testStampede(run: Run): Promise<string> {
  const servers = await startServers(run, 'redis')
  const rounds = countFor(run, 10, 2)
  const listings = await listItems(servers.sql, await openShops(servers.sql, 2), Array(2 * rounds).fill(1))
  const start = (name: string) => servers.startApi({ DATABASE_URL: `${servers.database_url}?application_name=${name}` })
  const apis: Apis = { first: await start('first'), second: await start('second') }
  const countLoads = await openLoadCount(run, servers.sql, 'the count of loads')
  if (!countLoads) return 'not run'
  const redis = new Redis(servers.redis?.url ?? '')
  run.defer(async () => redis.disconnect())
  const setup: Setup = { run, servers, redis, countLoads, readers: countFor(run, 500) }
  const calm: Burst[] = []
  const killed: Burst[] = []
  for (const [round, { id }] of listings.entries()) {
    await expire(setup, apis, id)
    if (round < rounds) calm.push(await measureBurst(setup, 1, () => readAll(setup, apis, id)))
    else
      killed.push(
        await measureBurst(setup, 2, async () => {
          const { died, slowest_ms } = await readAllAndKill(setup, apis, id)
          apis[died] = await start(died)
          return slowest_ms
        }),
      )
    run.progress(round + 1, listings.length, `${calm.length} bursts, ${killed.length} kills`)
  }
  return `${setup.readers} readers at once: ${describeBursts(calm)}; ${describeBursts(killed)} with the loading process killed`
}

/** Waits until both processes serve the page from the cache, then lets it expire. */
async function expire({ redis, countLoads }: Setup, apis: Apis, id: number): Promise<void> {
  // A new process reads from the database until it trusts Redis.
  for (const { url } of Object.values(apis))
    await waitFor(
      'a page that is read again and again is cached',
      async () => {
        const before = await countLoads()
        await send(url, null, page(id))
        return (await countLoads()) === before
      },
      GIVE_UP_AFTER_S,
    )
  await redis.pexpire(`product:${id}`, 1)
  while (await redis.exists(`product:${id}`)) await Bun.sleep(1)
}

const page = (id: number) => ({ method: 'GET', path: `/v1/products/${id}` })

/** Counts the loads while `readPage` runs. It returns the time of its slowest reader. */
async function measureBurst(setup: Setup, allowed: number, readPage: () => Promise<number>): Promise<Burst> {
  const { run, countLoads, readers } = setup
  const before = await countLoads()
  const slowest_ms = await readPage()
  const loads = (await countLoads()) - before
  const added = run.short ? Math.floor(slowest_ms / SLOW_MS) : 0
  if (loads > allowed + added) run.fail(`${readers} readers of an expired page made ${loads} loads instead of ${allowed}`)
  return { loads, slowest_ms }
}

/**
 * A lock on the table blocks the load. The scenario kills the process that waits for it and releases the lock. PostgreSQL still
 * runs the statement of the dead process, which is the first load. The process that takes over runs the second.
 */
async function readAllAndKill(setup: Setup, apis: Apis, id: number): Promise<{ died: keyof Apis; slowest_ms: number }> {
  const { database_url, sql } = setup.servers
  const release = await holdLock(database_url, (tx) => tx`lock table products in access exclusive mode`)
  const reading = readAll(setup, apis, id)
  const died = await findLoader(sql)
  await apis[died].kill()
  await release()
  return { died, slowest_ms: await reading }
}

/** Returns the process whose load waits for the lock. */
async function findLoader(sql: Sql): Promise<keyof Apis> {
  let loader: keyof Apis | undefined
  await waitFor('a process loads the page', async () => {
    const [waiting] = await sql<{ application_name: keyof Apis }[]>`
      select a.application_name from pg_stat_activity a
      where a.datname = current_database() and a.wait_event_type = 'Lock' and strpos(a.query, ${PAGE_LOAD}) > 0
      order by a.query_start limit 1`
    loader = waiting?.application_name
    return loader !== undefined
  })
  return loader as keyof Apis
}

/**
 * All readers read at once, half of them through each process. A reader whose process has died tries the next one. Returns the ms
 * until the last response.
 */
async function readAll({ run, readers }: Setup, { first, second }: Apis, id: number): Promise<number> {
  const urls = [first.url, second.url]
  const began = performance.now()
  const readOnce = async (reader: number): Promise<ApiResponse | null> => {
    for (let attempt = reader; ; attempt++) {
      const response = await send(urls[attempt % urls.length] as string, null, page(id))
      if (response || performance.now() - began > GIVE_UP_AFTER_S * 1000) return response
      await Bun.sleep(RETRY_MS)
    }
  }
  const responses = await Promise.all(Array.from({ length: readers }, (_, reader) => readOnce(reader)))
  const slowest_ms = performance.now() - began
  const wrong = responses.find((response) => response?.status !== 200)
  if (wrong !== undefined) run.fail(`a read of an expired page returned ${describe(wrong)}`)
  if (!run.short && slowest_ms > RESPONSES_WITHIN_MS)
    run.fail(`the last of ${readers} readers of an expired page waited ${slowest_ms.toFixed(0)} ms`)
  return slowest_ms
}

function describeBursts(bursts: Burst[]): string {
  const loads = [...new Set(bursts.map((burst) => burst.loads))].sort().join(' or ')
  const slowest_ms = Math.max(...bursts.map((burst) => burst.slowest_ms)).toFixed(0)
  return `${bursts.length} times ${loads} ${loads === '1' ? 'load' : 'loads'}, the last response after at most ${slowest_ms} ms`
}
