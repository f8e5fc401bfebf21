import type { Sql } from '../../../src/platform/db/client.ts'
import { SENT_AT_START } from '../../../src/platform/jobs/queues.ts'
import { type Listing, listItems, makePeople, openShops, type Person, type Shop } from '../../support/people.ts'
import { recordStock } from '../../support/stock.ts'
import { checkAtEnd, failAll } from '../checks/invariants.ts'
import { type ApiResponse, addToCart, type Call, checkOut, describe, send } from '../load/calls.ts'
import { startLoops } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type ApiGroup, type Servers, startServers } from '../servers/servers.ts'

const PROCESSES = 4
const BUYERS = 8
/** Between two purchases of all buyers together, so one buyer pauses BUYERS times as long. Also between two tries of a call. */
const PAUSE_MS = 100
/** The limit of src/http/limits/policies.ts for one user. Failed checkouts count, too. */
const CHECKOUTS_A_MINUTE = 30
const GIVE_UP_AFTER_MS = 60_000
const BETWEEN_ROUNDS_MS = 1000

export const manyProcesses: Scenario = {
  name: 'many_processes',
  claim: 'Four processes act as one: sign-outs, limits, pages, keys and schedules hold while one is killed and one added',
  needs: ['redis-server'],
  test: testManyProcesses,
}

type Setup = { run: Run; servers: Servers; apis: ApiGroup[]; shops: Shop[] }

async function testManyProcesses(run: Run): Promise<string> {
  const servers = await startServers(run, 'redis')
  const { sql, startApi } = servers
  const rounds = countFor(run, 60, 6)
  const shops = await openShops(sql, 4)
  const goods = await listItems(sql, shops, Array(40).fill(1_000_000))
  const pages = await listItems(sql, shops, Array(rounds).fill(1))
  await recordStock(sql)
  const apis = await Promise.all(Array.from({ length: PROCESSES }, () => startApi()))
  const setup: Setup = { run, servers, apis, shops }
  const purchases = { count: 0 }
  const buyers = await makePeople(sql, BUYERS)
  const endShopping = startLoops(buyers.map((person) => (turn: number) => buy(setup, person, turn, goods, purchases)))
  let kills = 0
  for (const [round, page] of pages.entries()) {
    if (round % 5 === 4) {
      // A buyer whose call the kill interrupts tries again at another process, as behind a load balancer.
      const [doomed] = apis.splice(round % PROCESSES, 1)
      await doomed?.kill()
      apis.push(await startApi())
      kills++
    }
    await testSignOut(setup)
    await testPriceChange(setup, page, `${100 + round}.00`)
    await Bun.sleep(BETWEEN_ROUNDS_MS)
    run.progress(round + 1, rounds, `${kills} killed, ${purchases.count} purchases`)
  }
  await endShopping()
  await testLimit(setup)
  await checkAtEnd(run, servers)
  failAll(run, await findRepeatedSchedules(sql))
  const [made] = await sql<{ paid: number }[]>`
    select count(*)::integer as paid from checkouts where status = 'paid' and idempotency_key like 'buy-%'`
  if (made?.paid !== purchases.count) run.fail(`${purchases.count} purchases have a response, and ${made?.paid} are paid`)
  const seen = `${rounds} sign-outs and price changes seen by all at once, ${kills} processes killed and as many added`
  return `${seen}, ${purchases.count} purchases, each under its key once, one limit for all`
}

/** From its response on, a sign-out holds at every process. */
async function testSignOut({ run, servers, apis }: Setup): Promise<void> {
  const [one, ...others] = shuffle(apis)
  const [person] = (await makePeople(servers.sql, 1)) as [Person]
  const cart: Call = { method: 'GET', path: '/v1/cart' }
  // After these calls every process has read this session.
  for (const { url } of apis) await send(url, person, cart)
  const out = await send(one.url, person, { method: 'DELETE', path: '/v1/sessions/current' })
  if (out?.status !== 204) run.fail(`a sign-out returned ${describe(out)}`)
  for (const { url } of others) {
    const response = await send(url, person, cart)
    if (response?.status !== 401) run.fail(`after a sign-out elsewhere a process returned ${describe(response)}`)
  }
}

/** From its response on, every process shows a new price. */
async function testPriceChange({ run, apis, shops }: Setup, { id, shop_id }: Listing, price: string): Promise<void> {
  const [one, ...others] = shuffle(apis)
  const seller = shops.find((shop) => shop.shop_id === shop_id)?.seller as Person
  const path = `/v1/products/${id}`
  for (const { url } of apis) await send(url, null, { method: 'GET', path })
  const changed = await send(one.url, seller, { method: 'PATCH', path, body: { price } })
  if (changed?.status !== 200) run.fail(`a change of a price returned ${describe(changed)}`)
  for (const { url } of others) {
    const page = await send(url, null, { method: 'GET', path })
    if (!page?.text.includes(`"${price}"`)) run.fail('after the response to a change of a price, a process showed the old price')
  }
}

/** Buys one item. Each call goes to a random process, and a call without a response is repeated with the same key. */
async function buy(setup: Setup, person: Person, turn: number, goods: Listing[], purchases: { count: number }): Promise<void> {
  const { id } = goods[(turn * 7 + person.id) % goods.length] as Listing
  await persist(setup, person, addToCart(id, 1, `add-${turn}`))
  const response = await persist(setup, person, checkOut(`buy-${turn}`))
  if (response.status === 201) purchases.count++
  else setup.run.fail(`a purchase returned ${describe(response)}`)
  await Bun.sleep(PAUSE_MS * BUYERS)
}

/** Repeats a call until its response is final. No response, "in progress" and 503 are not final. Throws after a minute. */
async function persist({ apis }: Setup, person: Person, call: Call): Promise<ApiResponse> {
  const began = performance.now()
  for (;;) {
    const response = await send(shuffle(apis)[0].url, person, call)
    if (response && response.code !== 'idempotency_in_progress' && response.status !== 503) return response
    if (performance.now() - began > GIVE_UP_AFTER_MS) throw new Error(`no purchase for a minute: ${describe(response)}`)
    await Bun.sleep(PAUSE_MS)
  }
}

const shuffle = (apis: ApiGroup[]) => apis.toSorted(() => Math.random() - 0.5) as [ApiGroup, ...ApiGroup[]]

/**
 * One person calls all processes in turn: together they allow the limit of one process. These processes are new, because the
 * others have a RATE_LIMIT_SCALE of 1,000,000.
 */
async function testLimit({ run, servers }: Setup): Promise<void> {
  const limited = await Promise.all(Array.from({ length: PROCESSES }, () => servers.startApi({ RATE_LIMIT_SCALE: '1' })))
  const [person] = (await makePeople(servers.sql, 1)) as [Person]
  let allowed = 0
  for (let turn = 0; turn < 2 * CHECKOUTS_A_MINUTE; turn++) {
    const { url } = limited[turn % limited.length] as ApiGroup
    const response = await send(url, person, checkOut(`limit-${turn}`))
    if (response?.status !== 429) allowed++
  }
  if (allowed !== CHECKOUTS_A_MINUTE) run.fail(`${allowed} checkouts a minute were allowed instead of ${CHECKOUTS_A_MINUTE}`)
}

/**
 * Returns the schedules that made two jobs in one minute: each process looks for due schedules, and only one of them must make
 * the job. The jobs that each process also sends at its start are left out.
 */
async function findRepeatedSchedules(sql: Sql): Promise<string[]> {
  const repeated = await sql<{ name: string; count: number }[]>`
    select j.name, count(*)::integer as count from pgboss.job j
    where j.name in (select s.name from pgboss.schedule s) and j.name <> all (${SENT_AT_START}::text[])
    group by j.name, date_trunc('minute', j.created_on) having count(*) > 1`
  return repeated.map(({ name, count }) => `${name} was scheduled ${count} times in one minute`)
}
