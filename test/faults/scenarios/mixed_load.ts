import { createRandom } from '../../../src/domains/catalog/random.ts'
import { describeCounts } from '../../support/figures.ts'
import { type Listing, listItems, makePeople, openShops, type Person } from '../../support/people.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { countDeadlocks, countWrongTrails, failAll, findWrongMoney, untilSettled } from '../checks/invariants.ts'
import { type ApiResponse, addToCart, cancelOrder, checkOut, describe, send } from '../load/calls.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type Servers, type StoreKind, startServers } from '../servers/servers.ts'

const AT_ONCE = 64
const SHOPS = 8
/** The numbers of listings with one unit, with 3 units, and with many. All of them are hot. */
const ONE_OF_A_KIND = 10
const FEW = 10
const PLENTY = 30
/** The bulk stock for each checkout. The buyers that keep their orders use it up shortly before the end. */
const UNITS_PER_CHECKOUT = 2.2
const SAMPLE_EVERY_MS = 200
const EXPIRE_EVERY_MS = 100
const SETTLE_WITHIN_S = 60

type Plan = 'keep' | 'cancel' | 'decline'
/** The input of the load, and the counts of its outcomes. */
type Load = { url: string; random: () => number; scarce: Listing[]; all: Listing[]; counts: Map<string, number> }

export const mixedLoad: Scenario = {
  name: 'mixed_load',
  claim: 'Under a mixed load the stock equation holds at every moment, nothing deadlocks and nothing fails',
  test: (run) => tryMixedLoad(run, 'none'),
}

/** Checks out 1 to 5 hot items in random order, cancels a fifth and declines a tenth, while holds lapse and expire. */
export async function tryMixedLoad(run: Run, store: StoreKind): Promise<string> {
  const checkouts = countFor(run, 10_000)
  const servers = await startServers(run, store)
  const { sql } = servers
  const bulk = Math.ceil((checkouts * UNITS_PER_CHECKOUT) / PLENTY)
  const stock = [...Array(ONE_OF_A_KIND).fill(1), ...Array(FEW).fill(3), ...Array(PLENTY).fill(bulk)]
  const all = await listItems(sql, await openShops(sql, SHOPS), stock)
  await recordStock(sql)
  const people = await makePeople(sql, checkouts)
  const api = await servers.startApi()
  const load = {
    url: api.url,
    random: createRandom(run.seed),
    all,
    scarce: all.slice(0, ONE_OF_A_KIND + FEW),
    counts: new Map(),
  }
  const watch = watchStock(run, servers)
  let done = 0
  const waiting = people.values()
  const shop = async () => {
    for (const person of waiting) {
      await tryCheckout(run, load, person)
      run.progress(++done, checkouts, describeCounts(load.counts))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, shop))
  const { samples, expired } = await watch.end()
  await untilSettled(run, sql, SETTLE_WITHIN_S)
  failAll(run, await findWrongStock(sql))
  failAll(run, await findWrongMoney(sql, await servers.provider.count()))
  const trails = await countWrongTrails(sql)
  if (trails > 0) run.fail(`${trails} orders are not what their events say`)
  await api.stop()
  const deadlocks = await countDeadlocks(sql)
  if (deadlocks > 0) run.fail(`${deadlocks} deadlocks`)
  return `${checkouts} checkouts, ${AT_ONCE} at a time (${describeCounts(load.counts)}), ${expired} holds expired, ${samples} samples of the stock`
}

/**
 * One buyer fills a cart, checks out, and cancels if that is the plan. The buyer cancels each order twice at once, because a
 * double click must change nothing.
 */
async function tryCheckout(run: Run, load: Load, person: Person): Promise<void> {
  const { url, random, counts } = load
  const lot = random()
  const plan: Plan = lot < 0.2 ? 'cancel' : lot < 0.3 ? 'decline' : 'keep'
  // A buyer whose cart is empty after this adds other items: an empty cart tests little.
  if (!(await fillCart(run, load, person, plan))) await fillCart(run, load, person, 'keep')
  const paid = await send(
    url,
    person,
    checkOut(`mixed-${person.id}`, plan === 'decline' ? 'pm_card_chargeDeclined' : 'pm_card_visa'),
  )
  const allowed = [
    '409 cart_empty',
    '409 item_reserved',
    '409 insufficient_stock',
    // A hold of the buyer lapsed after the last add, and its line was deleted.
    '409 price_changed',
    plan === 'decline' ? '402 payment_declined' : '201',
  ]
  const outcome = expectOneOf(run, 'checking out', paid, allowed)
  counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  if (plan !== 'cancel' || !paid || outcome !== '201') return
  const { orders } = JSON.parse(paid.text) as { orders: { id: number }[] }
  for (const { id } of orders) {
    const responses = await Promise.all([send(url, person, cancelOrder(id)), send(url, person, cancelOrder(id))])
    const statuses = responses.map(describeShortly).sort()
    if (statuses.join() !== '200,409 wrong_order_state')
      run.fail(`two cancellations of one order response ${statuses.join(' and ')}`)
  }
  counts.set('cancelled', (counts.get('cancelled') ?? 0) + 1)
}

/** Adds the items of the plan in random order. Returns true if the cart got at least one of them. */
async function fillCart(run: Run, load: Load, person: Person, plan: Plan): Promise<boolean> {
  let added = 0
  for (const { id } of chooseItems(load, plan)) {
    const response = await send(load.url, person, addToCart(id, load.random() < 0.1 ? 2 : 1))
    if (expectOneOf(run, 'adding', response, ['201', '409 item_reserved', '409 insufficient_stock']) === '201') added++
  }
  return added > 0
}

/**
 * Buyers that keep their orders choose from the scarce items in 3 % of their carts only. They leave these items to buyers that
 * give them back, so that the items stay hot to the end.
 */
function chooseItems({ random, all, scarce }: Load, plan: Plan): Listing[] {
  const from = plan === 'keep' && random() < 0.97 ? all.slice(scarce.length) : all
  const chosen = new Set<Listing>()
  const count = 1 + Math.floor(random() * 5)
  while (chosen.size < count) chosen.add(from[Math.floor(random() * from.length)] as Listing)
  return [...chosen]
}

function describeShortly(response: ApiResponse | null): string {
  return response && !response.code ? String(response.status) : describe(response)
}

function expectOneOf(run: Run, what: string, response: ApiResponse | null, allowed: string[]): string {
  const outcome = describeShortly(response)
  if (!allowed.includes(outcome)) run.fail(`${what} answers ${outcome}`)
  return outcome
}

/** Until `end`, samples the stock equation, makes some holds lapse, and expires lapsed holds. */
function watchStock(run: Run, { sql }: Servers): { end: () => Promise<{ samples: number; expired: number }> } {
  let running = true
  let samples = 0
  let expired = 0
  const sample = async () => {
    while (running) {
      failAll(run, await findWrongStock(sql))
      samples++
      await Bun.sleep(SAMPLE_EVERY_MS)
    }
  }
  const expire = async () => {
    while (running) {
      await sql`
        update cart_items ci set reserved_until = clock_timestamp() - interval '1 second'
        where ci.id in (
          select held.id from cart_items held where held.reserved_until > clock_timestamp() and random() < 0.2 for update skip locked
        )`
      expired += (await sql`select from expire_reservations()`).length
      await Bun.sleep(EXPIRE_EVERY_MS)
    }
  }
  const both = Promise.all([sample(), expire()])
  return {
    end: async () => {
      running = false
      await both
      return { samples, expired }
    },
  }
}
