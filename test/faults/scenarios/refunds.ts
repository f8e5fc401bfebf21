import { createRandom } from '../../../src/domains/catalog/random.ts'
import { countEach, describeCounts } from '../../support/figures.ts'
import { type Listing, listItems, makePeople, openShops, type Person, type Shop } from '../../support/people.ts'
import { recordStock } from '../../support/stock.ts'
import { checkAtEnd } from '../checks/invariants.ts'
import { type ApiResponse, addToCart, type Call, cancelOrder, checkOut, describe, outcomeOf, send } from '../load/calls.ts'
import { waitFor } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { holdLock } from '../servers/hold_lock.ts'
import { type Servers, startServers } from '../servers/servers.ts'

type Setup = Servers & { run: Run; url: string; shop: Shop; listings: Listing[] }
type Order = { id: number; buyer: Person }

/** The total of each order of the shop, and what one refund of many gives back. */
const TOTAL = '20.50'
const PART = '1.00'
const AT_ONCE = 50
/** A killed process holds its job for up to a minute. */
const SETTLE_WITHIN_S = 120

export const refunds: Scenario = {
  name: 'refunds',
  claim: 'Refunds at once, repeated, killed or against other moves give back what is left of an order, once',
  test: async (run) => {
    const servers = await startServers(run, 'none', { holds_charges: true })
    const [shop] = (await openShops(servers.sql, 1)) as [Shop]
    const listings = await listItems(servers.sql, [shop], [1_000_000, 1_000_000, ...Array(countFor(run, 5)).fill(1)])
    await servers.sql`update products set price = ${TOTAL}`
    await servers.sql`update shops set shipping = shipping || '{"base": "0.00", "per_extra_item": "0.00"}'`
    await recordStock(servers.sql)
    const api = await servers.startApi()
    const setup: Setup = { ...servers, run, url: api.url, shop, listings }
    const figures = [
      await refundAtOnce(setup, countFor(run, 20)),
      await repeatOneKey(setup, countFor(run, 20)),
      await raceMoves(setup, countFor(run, 200)),
      await returnNothing(setup, countFor(run, 500)),
    ]
    await api.stop()
    figures.push(await killRefunds(setup, countFor(run, 200)))
    const last = await servers.startApi()
    await checkAtEnd(run, servers, SETTLE_WITHIN_S)
    await last.stop()
    return figures.join('; ')
  },
}

const refund = ({ id }: Order, key: string, body: object = { amount: PART }): Call => ({
  method: 'POST',
  path: `/v1/orders/${id}/refunds`,
  body: { reason: 'other', ...body },
  key,
})
const ship = ({ id }: Order): Call => ({
  method: 'POST',
  path: `/v1/orders/${id}/ship`,
  body: { carrier: 'UPS', tracking_number: '1' },
})

/** Buys one unit of a listing. */
async function buy({ sql, url }: Setup, listing: Listing): Promise<Order> {
  const [buyer] = (await makePeople(sql, 1)) as [Person]
  await send(url, buyer, addToCart(listing.id))
  const paid = await send(url, buyer, checkOut(`buy-${buyer.id}`))
  if (paid?.status !== 201) throw new Error(`a checkout returned ${describe(paid)}`)
  const [order] = (JSON.parse(paid.text) as { orders: [{ id: number }] }).orders
  return { id: order.id, buyer }
}

/** 50 refunds of 1.00 at once of an order of 20.50: 20 of them fit. */
async function refundAtOnce(setup: Setup, rounds: number): Promise<string> {
  const { run, url, shop, listings } = setup
  for (let round = 0; round < rounds; round++) {
    const order = await buy(setup, listings[0] as Listing)
    const calls = Array.from({ length: AT_ONCE }, (_, n) => send(url, shop.seller, refund(order, `part-${order.id}-${n}`)))
    expectCounts(run, await Promise.all(calls), { '201': 20, '409 refund_exceeds_order': 30 }, `${AT_ONCE} refunds at once`)
    await expectBooks(setup, order, '20.00')
    run.progress(round + 1, rounds, `${AT_ONCE} refunds at once`)
  }
  return `${AT_ONCE} refunds of $${PART} at once of each of ${rounds} orders of $${TOTAL}`
}

/** 50 calls with one key at once. Calls that find the first one in progress are 409. */
async function repeatOneKey(setup: Setup, rounds: number): Promise<string> {
  const { run, url, shop, sql, listings } = setup
  for (let round = 0; round < rounds; round++) {
    const order = await buy(setup, listings[0] as Listing)
    const call = refund(order, `one-${order.id}`)
    await Promise.all(Array.from({ length: AT_ONCE }, () => send(url, shop.seller, call)))
    const again = await send(url, shop.seller, call)
    if (again?.status !== 201 || !again.replayed) run.fail(`a repeated refund returned ${describe(again)}`)
    const [row] = await sql<{ refunds: number }[]>`select count(*) as refunds from refunds where order_id = ${order.id}`
    if (row?.refunds !== 1) run.fail(`${AT_ONCE} calls with one key made ${row?.refunds} refunds`)
    run.progress(round + 1, rounds, 'one key')
  }
  return `${AT_ONCE} calls with one key for each of ${rounds} orders`
}

/** Refunds, cancels, ships, delivers and receives each order at once. checkAtEnd compares the money, the stock and the events. */
async function raceMoves(setup: Setup, rounds: number): Promise<string> {
  const { run, url, shop, listings } = setup
  const random = createRandom(run.seed)
  const allowed = ['200', '201', '409 wrong_order_state', '409 refund_exceeds_order']
  for (let round = 0; round < rounds; round++) {
    const order = await buy(setup, listings[1] as Listing)
    if (random() < 0.5) await send(url, shop.seller, ship(order))
    const move = (name: string): Call => ({ method: 'POST', path: `/v1/orders/${order.id}/${name}` })
    const calls: [Person, Call][] = [
      [shop.seller, refund(order, `a-${order.id}`, { amount: '7.33' })],
      [shop.seller, refund(order, `b-${order.id}`, {})],
      [shop.seller, refund(order, `c-${order.id}`, { restock: random() < 0.5 })],
      [shop.seller, ship(order)],
      [shop.seller, move('deliver')],
      [shop.seller, move('refund')],
      [order.buyer, move('receive')],
      [order.buyer, cancelOrder(order.id)],
    ]
    const responses = await Promise.all(calls.map(([who, call]) => send(url, who, call)))
    for (const outcome of responses.map(outcomeOf)) if (!allowed.includes(outcome)) run.fail(`a move returned ${outcome}`)
    run.progress(round + 1, rounds, 'moves against each other')
  }
  return `8 moves at once of each of ${rounds} orders`
}

/** A one-of-a-kind item is refunded after its delivery: it is with its buyer, so no other buyer gets it. */
async function returnNothing(setup: Setup, buyers: number): Promise<string> {
  const { run, url, shop, sql, listings } = setup
  const people = await makePeople(sql, buyers)
  for (const listing of listings.slice(2)) {
    const order = await buy(setup, listing)
    for (const call of [ship(order), { method: 'POST', path: `/v1/orders/${order.id}/deliver` }, refund(order, 'back', {})])
      await send(url, shop.seller, call)
    const adds = await Promise.all(people.map((person) => send(url, person, addToCart(listing.id))))
    expectCounts(run, adds, { '409 insufficient_stock': buyers }, 'adds of a refunded item that its buyer has')
  }
  return `${buyers} buyers for each of ${listings.length - 2} delivered and refunded items`
}

const STEPS = ['before the provider', 'after the provider', 'before the completion'] as const

/** Kills the process that makes a refund: after the row, after the provider, and while the completion waits for the order. */
async function killRefunds(setup: Setup, kills: number): Promise<string> {
  const { run, sql, charge_proxy, shop, listings, database_url, startApi } = setup
  for (let kill = 0; kill < kills; kill++) {
    const step = STEPS[kill % STEPS.length] as (typeof STEPS)[number]
    const api = await startApi()
    const order = await buy({ ...setup, url: api.url }, listings[0] as Listing)
    const [newest] = await sql<{ id: number }[]>`select coalesce(max(id), 0) as id from refunds`
    charge_proxy.holdAt(step === 'before the provider' ? 'request' : 'response', newest?.id ?? 0, '/refunds')
    const made = await send(api.url, shop.seller, refund(order, `kill-${order.id}`))
    if (made?.status !== 201) run.fail(`a refund returned ${describe(made)}`)
    await charge_proxy.untilHeld()
    if (step === 'before the completion') await killAtLock({ sql, database_url }, order, charge_proxy.release, api.kill)
    else {
      await api.kill()
      charge_proxy.reject()
    }
    run.progress(kill + 1, kills, `killed ${step}`)
  }
  return `${kills} SIGKILLs before the provider, after it and before the completion`
}

async function killAtLock(
  { sql, database_url }: Pick<Servers, 'sql' | 'database_url'>,
  order: Order,
  release: () => void,
  kill: () => Promise<void>,
): Promise<void> {
  const unlock = await holdLock(database_url, (tx) => tx`select from orders where id = ${order.id} for update`)
  release()
  await waitFor('the completion waits for the order', async () => {
    const waiting = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query ilike '%settle_refund%'`
    return waiting.length > 0
  })
  await kill()
  await unlock()
}

/** The provider gave back this amount for the order, and the order says so. */
async function expectBooks({ run, sql, provider }: Setup, { id }: Order, refunded: string): Promise<void> {
  await waitFor('every refund of the order is made', async () => {
    const open = await sql`select from refunds where order_id = ${id} and status in ('pending', 'sent')`
    return open.length === 0
  })
  const [row] = await sql<{ checkout_id: number; refunded: string }[]>`
    select checkout_id, refunded from orders where id = ${id}`
  const { charges } = await provider.count()
  const given = charges[row?.checkout_id ?? 0]?.refunded
  if (row?.refunded !== refunded || given !== refunded)
    run.fail(`order ${id} has refunds of $${row?.refunded} and the provider gave back $${given}, not $${refunded}`)
}

function expectCounts(run: Run, responses: (ApiResponse | null)[], wanted: Record<string, number>, what: string): void {
  const counts = countEach(responses.map(outcomeOf))
  const is_right =
    [...counts].every(([outcome, count]) => wanted[outcome] === count) && counts.size === Object.keys(wanted).length
  if (!is_right) run.fail(`${what}: ${describeCounts(counts)}`)
}
