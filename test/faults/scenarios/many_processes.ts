import type { Sql } from '../../../src/platform/db/client.ts'
import { type Listing, listItems, makePeople, openShops, type Person, type Shop } from '../../support/people.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { failAll, findWrongMoney, untilSettled } from '../checks/invariants.ts'
import { type ApiResponse, addToCart, checkOut, describe, send } from '../load/calls.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type ApiGroup, hasRedis, type Servers, startServers } from '../servers/servers.ts'

const PROCESSES = 4
const BUYERS = 8
/** Between two purchases of all buyers together, so one buyer pauses BUYERS times as long. Also between two tries of a call. */
const PAUSE_MS = 100
/** The limit of src/http/limits/policies.ts for one user. Failed checkouts count, too. */
const CHECKOUTS_A_MINUTE = 30
const SETTLED_WITHIN_S = 60
const GIVE_UP_AFTER_MS = 60_000
const BETWEEN_ROUNDS_MS = 1000

export const manyProcesses: Scenario = {
  name: 'many_processes',
  claim:
    'Four processes are one service: sign-outs, limits, pages, keys and schedules hold across them while one is killed ' +
    'and one added',
  test: async (run) => (hasRedis(run, 'four processes that share a Redis') ? tryManyProcesses(run) : 'not tried'),
}

type Setup = { run: Run; servers: Servers; apis: ApiGroup[]; shops: Shop[]; pages: Listing[] }

async function tryManyProcesses(run: Run): Promise<string> {
  const servers = await startServers(run, 'redis')
  const rounds = countFor(run, 60, 6)
  const shops = await openShops(servers.sql, 4)
  const goods = await listItems(servers.sql, shops, Array(40).fill(1_000_000))
  const pages = await listItems(servers.sql, shops, Array(rounds).fill(1))
  await recordStock(servers.sql)
  const start = () => servers.startApi()
  const apis = await Promise.all(Array.from({ length: PROCESSES }, start))
  const setup: Setup = { run, servers, apis, shops, pages }
  const shopping = goShopping(setup, await makePeople(servers.sql, BUYERS), goods)
  let kills = 0
  for (let round = 0; round < rounds; round++) {
    if (round % 5 === 4) {
      // A buyer whose call the kill interrupts tries again at another process, as behind a load balancer.
      const [doomed] = apis.splice(round % PROCESSES, 1)
      await doomed?.kill()
      apis.push(await start())
      kills++
    }
    await tryRound(setup, round)
    await Bun.sleep(BETWEEN_ROUNDS_MS)
    run.progress(round + 1, rounds, `${kills} killed, ${shopping.count()} purchases`)
  }
  const bought = await shopping.end()
  await tryLimit(setup)
  await untilSettled(run, servers.sql, SETTLED_WITHIN_S)
  failAll(run, await findWrongStock(servers.sql))
  failAll(run, await findWrongMoney(servers.sql, await servers.provider.count()))
  failAll(run, await findRepeatedSchedules(servers.sql))
  const [made] = await servers.sql<{ paid: number }[]>`
    select count(*)::integer as paid from checkouts where status = 'paid' and idempotency_key like 'buy-%'`
  if (made?.paid !== bought) run.fail(`${bought} purchases were answered, ${made?.paid} made`)
  for (const api of apis) await api.stop()
  return `${rounds} sign-outs and price changes seen by all at once, ${kills} processes killed and as many added, ${bought} purchases, each under its key once, one limit for all`
}

/** From the response on, a sign-out and a changed page hold at every process. */
async function tryRound({ run, servers, apis, shops, pages }: Setup, round: number): Promise<void> {
  const [one, ...others] = apis.toSorted(() => Math.random() - 0.5) as [ApiGroup, ...ApiGroup[]]
  const [person] = (await makePeople(servers.sql, 1)) as [Person]
  // After these calls every process has read this session.
  for (const { url } of apis) await send(url, person, { method: 'GET', path: '/v1/cart' })
  const out = await send(one.url, person, { method: 'DELETE', path: '/v1/sessions/current' })
  if (out?.status !== 204) run.fail(`signing out was answered ${describe(out)}`)
  for (const { url } of others) {
    const response = await send(url, person, { method: 'GET', path: '/v1/cart' })
    if (response?.status !== 401) run.fail(`after signing out elsewhere a process answered ${describe(response)}`)
  }
  const { id, shop_id } = pages[round] as Listing
  const seller = shops.find((shop) => shop.shop_id === shop_id)?.seller as Person
  const path = `/v1/products/${id}`
  for (const { url } of apis) await send(url, null, { method: 'GET', path })
  const price = `${100 + round}.00`
  const changed = await send(one.url, seller, { method: 'PATCH', path, body: { price } })
  if (changed?.status !== 200) run.fail(`a change of price was answered ${describe(changed)}`)
  for (const { url } of others) {
    const page = await send(url, null, { method: 'GET', path })
    if (!page?.text.includes(`"${price}"`)) run.fail('a process showed the price of before a change that was answered')
  }
}

/** Starts buyers that send each call to a random process. A buyer without a response retries with the same key. */
function goShopping({ run, apis }: Setup, buyers: Person[], goods: Listing[]) {
  let is_over = false
  let bought = 0
  const anyone = () => apis[Math.floor(Math.random() * apis.length)] as ApiGroup
  const buyer = async (person: Person, place: number) => {
    for (let turn = 0; !is_over; turn++) {
      const { id } = goods[(turn * 7 + place) % goods.length] as Listing
      await persist(() => send(anyone().url, person, addToCart(id, 1, `add-${place}-${turn}`)))
      const response = await persist(() => send(anyone().url, person, checkOut(`buy-${place}-${turn}`)))
      if (response.status === 201) bought++
      else run.fail(`a purchase was answered ${describe(response)}`)
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
async function persist(call: () => Promise<ApiResponse | null>): Promise<ApiResponse> {
  const began = performance.now()
  let response = await call()
  while (response === null || response.code === 'idempotency_in_progress' || response.status === 503) {
    if (performance.now() - began > GIVE_UP_AFTER_MS) throw new Error(`nobody could buy for a minute: ${describe(response)}`)
    await Bun.sleep(PAUSE_MS)
    response = await call()
  }
  return response
}

/**
 * One person calls all processes in turn: together they allow the limit of one process. These processes are new, because the
 * others have a RATE_LIMIT_SCALE of 1,000,000.
 */
async function tryLimit({ run, servers }: Setup): Promise<void> {
  const limited = await Promise.all(Array.from({ length: PROCESSES }, () => servers.startApi({ rate_limit_scale: '1' })))
  const [person] = (await makePeople(servers.sql, 1)) as [Person]
  let allowed = 0
  for (let turn = 0; turn < 2 * CHECKOUTS_A_MINUTE; turn++) {
    const { url } = limited[turn % limited.length] as ApiGroup
    const response = await send(url, person, checkOut(`limit-${turn}`))
    if (response?.status !== 429) allowed++
  }
  if (allowed !== CHECKOUTS_A_MINUTE) run.fail(`${allowed} of ${CHECKOUTS_A_MINUTE} checkouts a minute were allowed`)
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
