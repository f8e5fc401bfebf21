import { lapseHolds } from '../../support/factory.ts'
import { countEach, describeCounts } from '../../support/figures.ts'
import { fillCarts, type Listing, listItems, makePeople, openShops, type Person } from '../../support/people.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { failAll, findWrongMoney, untilSettled } from '../checks/invariants.ts'
import { type ApiResponse, addToCart, checkOut, describe, outcomeOf, removeFromCart, send } from '../load/calls.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type Servers, type StoreKind, startServers } from '../servers/servers.ts'

/** A servers and the URL of its API. */
type Setup = Servers & { url: string }

const SETTLE_WITHIN_S = 60

export const lastItem: Scenario = {
  name: 'last_item',
  claim: 'Of any number of buyers who want the last unit one gets it, and when that one fails the next',
  test: (run) => tryLastItem(run, 'none'),
}

/** Runs races of adds, races of checkouts and handovers of the last unit. Each of them has its own items. */
export async function tryLastItem(run: Run, store: StoreKind): Promise<string> {
  const buyers = countFor(run, 500)
  const rounds = countFor(run, 5, 2)
  const handovers = countFor(run, 20)
  const servers = await startServers(run, store)
  const { sql } = servers
  const listings = await listItems(sql, await openShops(sql, 4), Array(2 * rounds + 2 * handovers).fill(1))
  await recordStock(sql)
  const people = await makePeople(sql, buyers)
  const api = await servers.startApi()
  const setup = { ...servers, url: api.url }
  for (const [round, listing] of listings.slice(0, rounds).entries()) {
    await raceToAdd(run, setup, people, listing)
    run.progress(round + 1, listings.length, 'adding')
  }
  for (const [round, listing] of listings.slice(rounds, 2 * rounds).entries()) {
    await raceToCheckOut(run, setup, people, listing)
    run.progress(rounds + round + 1, listings.length, 'checking out')
  }
  for (const [round, listing] of listings.slice(2 * rounds).entries()) {
    await handOver(run, setup, listing, round % 2 ? 'lapses' : 'is dropped')
    run.progress(2 * rounds + round + 1, listings.length, 'handing over')
  }
  await untilSettled(run, sql, SETTLE_WITHIN_S)
  failAll(run, await findWrongStock(sql))
  failAll(run, await findWrongMoney(sql, await servers.provider.count()))
  await api.stop()
  return `${buyers} buyers add one item, ${rounds} times; ${buyers} buyers check out the last unit, ${rounds} times; ${2 * handovers} holds of declined winners dropped or lapsed`
}

async function raceToAdd(run: Run, { sql, url }: Setup, people: Person[], listing: Listing): Promise<void> {
  const responses = await Promise.all(people.map((person) => send(url, person, addToCart(listing.id))))
  expectOneWinner(run, responses, `${people.length} buyers add one item`, '409 item_reserved')
  await sql`delete from cart_items where product_id = ${listing.id}`
}

/** The carts got the item while its stock was higher, so no cart holds it. */
async function raceToCheckOut(run: Run, { sql, url }: Setup, people: Person[], listing: Listing): Promise<void> {
  await sql`delete from cart_items`
  await fillCarts(sql, people, [listing])
  const responses = await Promise.all(people.map((person) => send(url, person, checkOut(`last-${listing.id}`))))
  expectOneWinner(run, responses, `${people.length} buyers check out the last unit`, '409 insufficient_stock')
  const [row] = await sql<{ orders: number }[]>`
    select count(*) as orders from order_items oi join orders o on o.id = oi.order_id
    where oi.product_id = ${listing.id} and o.status = 'paid'`
  if (row?.orders !== 1) run.fail(`${people.length} buyers check out the last unit: ${row?.orders} orders have it`)
}

function expectOneWinner(run: Run, responses: (ApiResponse | null)[], what: string, loser: string): void {
  const counts = countEach(responses.map(outcomeOf))
  if (counts.get('201') !== 1 || counts.get(loser) !== responses.length - 1) run.fail(`${what}: ${describeCounts(counts)}`)
}

/** The winner's card is declined, and the hold continues: no other buyer gets the item. When the hold ends, one of them does. */
async function handOver(run: Run, setup: Setup, listing: Listing, end: 'lapses' | 'is dropped'): Promise<void> {
  const { sql, url } = setup
  const [winner, ...rivals] = await makePeople(sql, 11)
  if (!winner) return
  const expect = (what: string, response: ApiResponse | null, wanted: string) => {
    const got = response && !response.code ? String(response.status) : describe(response)
    if (got !== wanted) run.fail(`a declined winner's hold ${end}: ${what} answers ${got}, not ${wanted}`)
  }
  expect('the first add', await send(url, winner, addToCart(listing.id)), '201')
  expect('a declined card', await send(url, winner, checkOut('declined', 'pm_card_chargeDeclined')), '402 payment_declined')
  for (const rival of rivals.slice(0, 2))
    expect('an add while it is held', await send(url, rival, addToCart(listing.id)), '409 item_reserved')
  if (end === 'lapses') await lapseHolds(sql, winner.id)
  else expect('dropping it', await send(url, winner, removeFromCart(listing.id)), '204')
  const responses = await Promise.all(rivals.map((rival) => send(url, rival, addToCart(listing.id))))
  expectOneWinner(run, responses, `a declined winner's hold ${end} and ${rivals.length} buyers add the item`, '409 item_reserved')
  const next = rivals[responses.findIndex((response) => response?.status === 201)]
  if (next) expect('the next checkout', await send(url, next, checkOut('next')), '201')
  expect('the declined winner, too late,', await send(url, winner, addToCart(listing.id)), '409 insufficient_stock')
}
