import { createRandom } from '../../../src/domains/catalog/random.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { describeCounts } from '../../support/figures.ts'
import { type Listing, listItems, makePeople, openShops, type Person, variantFor } from '../../support/people.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { checkAtEnd, countDeadlocks, failAll, findWrongRefunds } from '../checks/invariants.ts'
import { findWrongMoment } from '../checks/ledger.ts'
import { type ApiResponse, addToCart, cancelOrder, checkOut, outcomeOf, send } from '../load/calls.ts'
import { type Disputes, openDisputes } from '../load/disputes.ts'
import { openPayoutAccounts, PAYS_AT_ONCE, setCommission } from '../load/payout_accounts.ts'
import { startLoops } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type StoreKind, startServers, varyListings } from '../servers/servers.ts'

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
/** Few at once, so that orders and shops are released and paid at every moment of the load. */
const [RELEASED_AT_ONCE, PLANNED_AT_ONCE] = [200, 4]

type Plan = 'keep' | 'cancel' | 'decline' | 'refund' | 'dispute'
/** The input of the load, and the counts of its outcomes. */
type Load = {
  run: Run
  url: string
  random: () => number
  scarce: Listing[]
  plenty: Listing[]
  /** By the id of their shop. */
  sellers: Map<number, Person>
  disputes: Disputes
  release: () => Promise<unknown>
  counts: Map<string, number>
}
type Bought = { id: number; shop_id: number; items: { line_id: number }[] }

export const mixedLoad: Scenario = {
  name: 'mixed_load',
  claim: 'Under a mixed load stock, money and the ledger add up at every moment, nothing deadlocks and no call fails',
  test: (run) => testMixedLoad(run, 'none'),
}

/**
 * Checks out 1 to 5 hot items in random order, two thirds of them with variants, cancels a fifth, refunds a fifth in part or in parts
 * to the end, disputes a twentieth and declines a tenth. Sellers ship the others. Meanwhile holds lapse and expire, and earnings are
 * released and paid.
 */
export async function testMixedLoad(run: Run, store: StoreKind): Promise<string> {
  const checkouts = countFor(run, 10_000)
  const servers = await startServers(run, store)
  const { sql } = servers
  const bulk = Math.ceil((checkouts * UNITS_PER_CHECKOUT) / PLENTY)
  const stock = [...Array(ONE_OF_A_KIND).fill(1), ...Array(FEW).fill(3), ...Array(PLENTY).fill(bulk)]
  const shops = await openShops(sql, SHOPS)
  const listings = await varyListings(sql, await listItems(sql, shops, stock), stock)
  await recordStock(sql)
  await setCommission(sql)
  const sellers = new Map(shops.map(({ shop_id, seller }) => [shop_id, seller]))
  const people = await makePeople(sql, checkouts)
  const api = await servers.startApi(PAYS_AT_ONCE)
  await openPayoutAccounts(sql, shops, (place) => (place === 0 ? 'no_funds' : 'active'))
  const scarce = listings.slice(0, ONE_OF_A_KIND + FEW)
  const plenty = listings.slice(ONE_OF_A_KIND + FEW)
  const release = () => sql`select release_earnings(${RELEASED_AT_ONCE})`
  const load: Load = {
    run,
    url: api.url,
    random: createRandom(run.seed),
    scarce,
    plenty,
    sellers,
    disputes: openDisputes(servers, api.url),
    release,
    counts: new Map(),
  }
  let [samples, expired, done, payouts] = [0, 0, 0, 0]
  const sample = async () => {
    failAll(run, await findWrongStock(sql))
    failAll(run, await findWrongRefunds(sql))
    failAll(run, await findWrongMoment(sql))
    samples++
    await Bun.sleep(SAMPLE_EVERY_MS)
  }
  const expire = async () => {
    expired += await expireHolds(sql)
    await Bun.sleep(EXPIRE_EVERY_MS)
  }
  const pay = async () => {
    await release()
    const [planned] = await sql<{ payouts: number }[]>`select plan_payouts(${PLANNED_AT_ONCE}) as payouts`
    payouts += planned?.payouts ?? 0
    await Bun.sleep(EXPIRE_EVERY_MS)
  }
  // Two that pay, because operators and the worker can plan at once.
  const endWatch = startLoops([sample, expire, pay, pay])
  const waiting = people.values()
  const shopInTurn = async () => {
    for (const person of waiting) {
      await testCheckout(load, person)
      run.progress(++done, checkouts, describeCounts(load.counts))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, shopInTurn))
  await endWatch()
  await checkAtEnd(run, servers)
  await api.stop()
  const deadlocks = await countDeadlocks(sql)
  if (deadlocks > 0) run.fail(`${deadlocks} deadlocks`)
  const outcomes = `${checkouts} checkouts, ${AT_ONCE} at a time (${describeCounts(load.counts)})`
  return `${outcomes}, ${payouts} payouts, ${expired} holds expired, ${samples} samples of stock, money and ledger`
}

/**
 * One buyer fills a cart, checks out, and cancels if that is the plan. The buyer cancels each order twice at once, because a
 * double click must change nothing.
 */
async function testCheckout(load: Load, person: Person): Promise<void> {
  const { run, url, random, counts } = load
  const lot = random()
  const plan: Plan = lot < 0.2 ? 'cancel' : lot < 0.3 ? 'decline' : lot < 0.5 ? 'refund' : lot < 0.55 ? 'dispute' : 'keep'
  // A buyer whose cart is empty after this adds other items: an empty cart tests little.
  if (!(await fillCart(load, person, plan))) await fillCart(load, person, 'keep')
  const method = plan === 'decline' ? 'pm_card_chargeDeclined' : 'pm_card_visa'
  const paid = await send(url, person, checkOut(`mixed-${person.id}`, method))
  const outcome = expectOneOf(run, 'a checkout', paid, [
    '409 cart_empty',
    '409 item_reserved',
    '409 insufficient_stock',
    // A hold of the buyer lapsed after the last add, and its line was deleted.
    '409 price_changed',
    plan === 'decline' ? '402 payment_declined' : '201',
  ])
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
  count(outcome)
  if (!paid || outcome !== '201') return
  const { checkout_id, orders } = JSON.parse(paid.text) as { checkout_id: number; orders: Bought[] }
  if (plan === 'refund') for (const order of orders) await refundParts(load, order)
  if (plan === 'refund') count('refunded')
  const ship = async () => {
    for (const order of orders) await shipOrder(load, order)
  }
  if (plan === 'keep') await ship()
  // What is shipped while the bank decides is due at once, so only the dispute holds it.
  const work = () => ship().then(load.release)
  if (plan === 'dispute') count(`dispute ${await load.disputes.goThrough(checkout_id, random() < 0.5 ? 'won' : 'lost', work)}`)
  if (plan !== 'cancel') return
  for (const { id } of orders) {
    const cancellations = await Promise.all([send(url, person, cancelOrder(id)), send(url, person, cancelOrder(id))])
    const outcomes = cancellations.map(outcomeOf).sort()
    if (outcomes.join() !== '200,409 wrong_order_state')
      run.fail(`two cancellations of one order returned ${outcomes.join(' and ')}`)
  }
  count('cancelled')
}

/** Ships an order, and marks every second one as delivered. */
async function shipOrder({ run, url, sellers }: Load, { id, shop_id }: Bought): Promise<void> {
  const seller = sellers.get(shop_id) as Person
  const body = { carrier: 'UPS', tracking_number: '1' }
  const shipped = await send(url, seller, { method: 'POST', path: `/v1/orders/${id}/ship`, body })
  expectOneOf(run, 'a shipment', shipped, ['200'])
  if (id % 2 === 0)
    expectOneOf(run, 'a delivery', await send(url, seller, { method: 'POST', path: `/v1/orders/${id}/deliver` }), ['200'])
}

/**
 * Refunds a cent, then a unit of the first line, by calls at once. The unit returns to the stock. Every second order goes back as a
 * whole after that.
 */
async function refundParts({ run, url, sellers }: Load, { id, shop_id, items }: Bought): Promise<void> {
  const seller = sellers.get(shop_id) as Person
  const parts = [{ amount: '0.01' }, { items: [{ line_id: items[0]?.line_id, quantity: 1 }] }]
  const path = `/v1/orders/${id}/refunds`
  const refund = (part: object, place: number) =>
    send(url, seller, { method: 'POST', path, body: { reason: 'other', ...part }, key: `part-${id}-${place}` })
  // The cent can be missing for the unit, where the postage is free.
  for (const response of await Promise.all(parts.map(refund)))
    expectOneOf(run, 'a refund', response, ['201', '409 refund_exceeds_order'])
  if (id % 2 === 0) expectOneOf(run, 'the refund of the rest', await refund({}, 2), ['201', '409 wrong_order_state'])
}

/** Adds the items of the plan in random order. Returns true if the cart got at least one of them. */
async function fillCart(load: Load, person: Person, plan: Plan): Promise<boolean> {
  let added = 0
  for (const listing of chooseItems(load, plan)) {
    const quantity = load.random() < 0.1 ? 2 : 1
    const response = await send(load.url, person, addToCart(listing.id, quantity, undefined, variantFor(person, listing)))
    if (expectOneOf(load.run, 'an add', response, ['201', '409 item_reserved', '409 insufficient_stock']) === '201') added++
  }
  return added > 0
}

/**
 * Buyers that keep their orders choose from the scarce items in 3 % of their carts only. They leave these items to buyers that
 * give them back, so that the items stay hot to the end.
 */
function chooseItems({ random, scarce, plenty }: Load, plan: Plan): Listing[] {
  const from = plan === 'keep' && random() < 0.97 ? plenty : [...scarce, ...plenty]
  const chosen = new Set<Listing>()
  const count = 1 + Math.floor(random() * 5)
  while (chosen.size < count) chosen.add(from[Math.floor(random() * from.length)] as Listing)
  return [...chosen]
}

function expectOneOf(run: Run, what: string, response: ApiResponse | null, allowed: string[]): string {
  const outcome = outcomeOf(response)
  if (!allowed.includes(outcome)) run.fail(`${what} returned ${outcome}`)
  return outcome
}

/** Makes some holds lapse and expires lapsed holds. Returns the number of expired ones. */
async function expireHolds(sql: Sql): Promise<number> {
  await sql`
    update cart_items ci set reserved_until = clock_timestamp() - interval '1 second'
    where ci.id in (
      select held.id from cart_items held where held.reserved_until > clock_timestamp() and random() < 0.2 for update skip locked
    )`
  return (await sql`select from expire_reservations()`).length
}
