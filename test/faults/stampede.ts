import { Redis } from 'ioredis'
import type { Sql } from '../../src/platform/db/client.ts'
import { listItems, openStalls } from '../support/people.ts'
import { type Answer, describe, send } from './stage/calls.ts'
import { PAGE_LOAD } from './stage/loads.ts'
import { type ApiGroup, countLoadsOf, hasRedis, type Stage, setStage } from './stage/stage.ts'
import { countFor, type Proof, type Trial } from './trial.ts'

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
type Play = { trial: Trial; stage: Stage; redis: Redis; countLoads: () => Promise<number>; readers: number }

export const stampede: Proof = {
  name: 'stampede',
  claim: 'However many readers come for a page that has expired, the database loads it once, and twice if the loader dies',
  run: async (trial) => (hasRedis(trial, 'readers of two processes') ? tryStampede(trial) : 'not tried'),
}

/** Runs rounds without a failure, then rounds in which the proof kills the process in the middle of its load. */
async function tryStampede(trial: Trial): Promise<string> {
  const stage = await setStage(trial, 'redis')
  const rounds = countFor(trial, 10, 2)
  const kills = countFor(trial, 10, 2)
  const listings = await listItems(stage.sql, await openStalls(stage.sql, 2), Array(rounds + kills).fill(1))
  let apis = [await stage.startApi({ name: 'first' }), await stage.startApi({ name: 'second' })] as [ApiGroup, ApiGroup]
  const countLoads = await countLoadsOf(trial, stage, 'the count of loads')
  if (!countLoads) return 'not tried'
  const redis = new Redis(stage.redis?.url ?? '')
  trial.later(async () => redis.disconnect())
  const play: Play = { trial, stage, redis, countLoads, readers: countFor(trial, 500) }
  const calm: Rush[] = []
  const killed: Rush[] = []
  for (const [round, { id }] of listings.entries()) {
    await expire(play, apis, id)
    if (round < rounds) calm.push(await rush(play, apis, id))
    else {
      const { rush, survivor, died } = await rushAndKill(play, apis, id)
      killed.push(rush)
      apis =
        died === 'first'
          ? [await stage.startApi({ name: 'first' }), survivor]
          : [survivor, await stage.startApi({ name: 'second' })]
    }
    trial.progress(round + 1, listings.length, `${calm.length} rushes, ${killed.length} kills`)
  }
  for (const api of apis) await api.stop()
  return `${play.readers} readers at once: ${describeRushes(calm)}; ${describeRushes(killed)} with the loading process killed`
}

/** Waits until both processes serve the page from the cache, then lets it expire. */
async function expire({ redis, countLoads }: Play, apis: ApiGroup[], id: number): Promise<void> {
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
async function rush(play: Play, apis: ApiGroup[], id: number): Promise<Rush> {
  const { trial } = play
  const before = await play.countLoads()
  const slowest_ms = await everybodyReads(
    play,
    apis.map(({ url }) => url),
    id,
  )
  const loads = (await play.countLoads()) - before
  if (loads > allowedLoads(trial, 1, slowest_ms))
    trial.contradict(`${play.readers} readers of an expired page made ${loads} loads`)
  return { loads, slowest_ms }
}

/**
 * A lock on the table blocks the load. The proof kills the process that waits for it and releases the lock. PostgreSQL still runs
 * the statement of the dead process, which is the first load. The process that takes over runs the second.
 */
async function rushAndKill(
  play: Play,
  [first, second]: [ApiGroup, ApiGroup],
  id: number,
): Promise<{ rush: Rush; survivor: ApiGroup; died: 'first' | 'second' }> {
  const { trial, stage } = play
  const before = await play.countLoads()
  const held = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const holding = stage.sql.begin(async (sql) => {
    await sql`lock table products in access exclusive mode`
    locked.resolve()
    await held.promise
  })
  await locked.promise
  const reading = everybodyReads(play, [first.url, second.url], id)
  const died = await findLoader(stage.sql)
  await (died === 'first' ? first : second).kill()
  held.resolve()
  await holding
  const slowest_ms = await reading
  const loads = (await play.countLoads()) - before
  if (loads > allowedLoads(trial, 2, slowest_ms))
    trial.contradict(`${play.readers} readers of an expired page made ${loads} loads, its loader killed`)
  return { rush: { loads, slowest_ms }, survivor: died === 'first' ? second : first, died }
}

const allowedLoads = ({ short }: Trial, loads: number, slowest_ms: number) =>
  loads + (short ? Math.floor(slowest_ms / SLOW_MS) : 0)

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
async function everybodyReads({ trial, readers }: Play, urls: string[], id: number): Promise<number> {
  const began = performance.now()
  const readOnce = async (reader: number): Promise<Answer | null> => {
    for (let attempt = reader; ; attempt++) {
      const answer = await send(urls[attempt % urls.length] as string, null, page(id))
      if (answer || performance.now() - began > GIVE_UP_AFTER_MS) return answer
      await Bun.sleep(RETRY_MS)
    }
  }
  const answers = await Promise.all(Array.from({ length: readers }, (_, reader) => readOnce(reader)))
  const slowest_ms = performance.now() - began
  const wrong = answers.find((answer) => answer?.status !== 200)
  if (wrong !== undefined) trial.contradict(`a reader of an expired page is answered ${describe(wrong)}`)
  if (!trial.short && slowest_ms > ANSWERED_WITHIN_MS)
    trial.contradict(`the last of ${readers} readers of an expired page waited ${slowest_ms.toFixed(0)} ms`)
  return slowest_ms
}

function describeRushes(rushes: Rush[]): string {
  const loads = [...new Set(rushes.map((rush) => rush.loads))].sort().join(' or ')
  const slowest_ms = Math.max(...rushes.map((rush) => rush.slowest_ms))
  return `${rushes.length} times ${loads} ${loads === '1' ? 'load' : 'loads'}, the last answer after at most ${slowest_ms.toFixed(0)} ms`
}
