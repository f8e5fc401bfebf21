import type { Sql } from '../../src/platform/db/client.ts'
import { type Listing, listItems, makePeople, openStalls, type Person, type Stall } from '../support/people.ts'
import { findWrongStock, recordStock } from '../support/stock.ts'
import { type Answer, addToCart, checkOut, describe, send } from './stage/calls.ts'
import { contradictAll, findWrongMoney, untilSettled } from './stage/invariants.ts'
import { type ApiGroup, hasRedis, type Stage, setStage } from './stage/stage.ts'
import { countFor, type Proof, type Trial } from './trial.ts'

const PROCESSES = 4
const BUYERS = 8
/** Between two purchases of all buyers together, so one buyer pauses BUYERS times as long. Also between two tries of a call. */
const PAUSE_MS = 100
/** The limit of src/http/limits/policies.ts for one user. Failed checkouts count, too. */
const CHECKOUTS_A_MINUTE = 30
const SETTLED_WITHIN_S = 60
const GIVE_UP_AFTER_MS = 60_000
const BETWEEN_ROUNDS_MS = 1000

export const manyProcesses: Proof = {
  name: 'many_processes',
  claim:
    'Four processes are one service: sign-outs, limits, pages, keys and schedules hold across them while one is killed ' +
    'and one added',
  run: async (trial) => (hasRedis(trial, 'four processes that share a Redis') ? tryManyProcesses(trial) : 'not tried'),
}

type Play = { trial: Trial; stage: Stage; apis: ApiGroup[]; stalls: Stall[]; pages: Listing[] }

async function tryManyProcesses(trial: Trial): Promise<string> {
  const stage = await setStage(trial, 'redis')
  const rounds = countFor(trial, 60, 6)
  const stalls = await openStalls(stage.sql, 4)
  const goods = await listItems(stage.sql, stalls, Array(40).fill(1_000_000))
  const pages = await listItems(stage.sql, stalls, Array(rounds).fill(1))
  await recordStock(stage.sql)
  const start = () => stage.startApi()
  const apis = await Promise.all(Array.from({ length: PROCESSES }, start))
  const play: Play = { trial, stage, apis, stalls, pages }
  const shopping = goShopping(play, await makePeople(stage.sql, BUYERS), goods)
  let kills = 0
  for (let round = 0; round < rounds; round++) {
    if (round % 5 === 4) {
      // A buyer whose call the kill interrupts tries again at another process, as behind a load balancer.
      const [doomed] = apis.splice(round % PROCESSES, 1)
      await doomed?.kill()
      apis.push(await start())
      kills++
    }
    await tryRound(play, round)
    await Bun.sleep(BETWEEN_ROUNDS_MS)
    trial.progress(round + 1, rounds, `${kills} killed, ${shopping.count()} purchases`)
  }
  const bought = await shopping.end()
  await tryLimit(play)
  await untilSettled(trial, stage.sql, SETTLED_WITHIN_S)
  contradictAll(trial, await findWrongStock(stage.sql))
  contradictAll(trial, await findWrongMoney(stage.sql, await stage.provider.count()))
  contradictAll(trial, await findRepeatedSchedules(stage.sql))
  const [made] = await stage.sql<{ paid: number }[]>`
    select count(*)::integer as paid from checkouts where status = 'paid' and idempotency_key like 'buy-%'`
  if (made?.paid !== bought) trial.contradict(`${bought} purchases were answered, ${made?.paid} made`)
  for (const api of apis) await api.stop()
  return `${rounds} sign-outs and price changes seen by all at once, ${kills} processes killed and as many added, ${bought} purchases, each under its key once, one limit for all`
}

/** From the response on, a sign-out and a changed page hold at every process. */
async function tryRound({ trial, stage, apis, stalls, pages }: Play, round: number): Promise<void> {
  const [one, ...others] = apis.toSorted(() => Math.random() - 0.5) as [ApiGroup, ...ApiGroup[]]
  const [person] = (await makePeople(stage.sql, 1)) as [Person]
  // After these calls every process has read this session.
  for (const { url } of apis) await send(url, person, { method: 'GET', path: '/v1/cart' })
  const out = await send(one.url, person, { method: 'DELETE', path: '/v1/sessions/current' })
  if (out?.status !== 204) trial.contradict(`signing out was answered ${describe(out)}`)
  for (const { url } of others) {
    const answer = await send(url, person, { method: 'GET', path: '/v1/cart' })
    if (answer?.status !== 401) trial.contradict(`after signing out elsewhere a process answered ${describe(answer)}`)
  }
  const { id, shop_id } = pages[round] as Listing
  const seller = stalls.find((stall) => stall.shop_id === shop_id)?.seller as Person
  const path = `/v1/products/${id}`
  for (const { url } of apis) await send(url, null, { method: 'GET', path })
  const price = `${100 + round}.00`
  const changed = await send(one.url, seller, { method: 'PATCH', path, body: { price } })
  if (changed?.status !== 200) trial.contradict(`a change of price was answered ${describe(changed)}`)
  for (const { url } of others) {
    const page = await send(url, null, { method: 'GET', path })
    if (!page?.text.includes(`"${price}"`)) trial.contradict('a process showed the price of before a change that was answered')
  }
}

/** Starts buyers that send each call to a random process. A buyer without a response retries with the same key. */
function goShopping({ trial, apis }: Play, buyers: Person[], goods: Listing[]) {
  let is_over = false
  let bought = 0
  const anyone = () => apis[Math.floor(Math.random() * apis.length)] as ApiGroup
  const buyer = async (person: Person, place: number) => {
    for (let turn = 0; !is_over; turn++) {
      const { id } = goods[(turn * 7 + place) % goods.length] as Listing
      await persist(() => send(anyone().url, person, addToCart(id, 1, `add-${place}-${turn}`)))
      const answer = await persist(() => send(anyone().url, person, checkOut(`buy-${place}-${turn}`)))
      if (answer.status === 201) bought++
      else trial.contradict(`a purchase was answered ${describe(answer)}`)
      await Bun.sleep(PAUSE_MS * BUYERS)
    }
  }
  const all = Promise.all(buyers.map(buyer))
  const end = async () => {
    is_over = true
    await all
    return bought
  }
  return { count: () => bought, end }
}

/** Repeats a call until its response is final. No response, "in progress" and 503 are not final. Throws after a minute. */
async function persist(call: () => Promise<Answer | null>): Promise<Answer> {
  const began = performance.now()
  let answer = await call()
  while (answer === null || answer.code === 'idempotency_in_progress' || answer.status === 503) {
    if (performance.now() - began > GIVE_UP_AFTER_MS) throw new Error(`nobody could buy for a minute: ${describe(answer)}`)
    await Bun.sleep(PAUSE_MS)
    answer = await call()
  }
  return answer
}

/**
 * One person calls all processes in turn: together they allow the limit of one process. These processes are new, because the
 * others have a RATE_LIMIT_SCALE of 1,000,000.
 */
async function tryLimit({ trial, stage }: Play): Promise<void> {
  const limited = await Promise.all(Array.from({ length: PROCESSES }, () => stage.startApi({ rate_limit_scale: '1' })))
  const [person] = (await makePeople(stage.sql, 1)) as [Person]
  let allowed = 0
  for (let turn = 0; turn < 2 * CHECKOUTS_A_MINUTE; turn++) {
    const { url } = limited[turn % limited.length] as ApiGroup
    const answer = await send(url, person, checkOut(`limit-${turn}`))
    if (answer?.status !== 429) allowed++
  }
  if (allowed !== CHECKOUTS_A_MINUTE) trial.contradict(`${allowed} of ${CHECKOUTS_A_MINUTE} checkouts a minute were allowed`)
  for (const api of limited) await api.stop()
}

/**
 * Returns the schedules that made two jobs in one minute: each process looks for due schedules, and only one of them must make
 * the job. `reconcile_payments` is left out, because each process also sends this job at its start.
 */
async function findRepeatedSchedules(sql: Sql): Promise<string[]> {
  const repeated = await sql<{ name: string; count: number }[]>`
    select j.name, count(*)::integer as count from pgboss.job j
    where j.name in (select s.name from pgboss.schedule s) and j.name <> 'reconcile_payments'
    group by j.name, date_trunc('minute', j.created_on) having count(*) > 1`
  return repeated.map(({ name, count }) => `${name} was scheduled ${count} times in one minute`)
}
