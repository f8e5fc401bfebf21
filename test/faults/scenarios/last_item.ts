import { lapseHolds } from '../../support/factory.ts'
import { countEach, describeCounts } from '../../support/figures.ts'
import { fillCarts, type Listing, makePeople, type Person } from '../../support/people.ts'
import { checkAtEnd } from '../checks/invariants.ts'
import { type ApiResponse, addToCart, checkOut, outcomeOf, removeFromCart, send } from '../load/calls.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type Servers, type StoreKind, startServers, stockShops } from '../servers/servers.ts'

/** The servers and the URL of the API. */
type Setup = Servers & { url: string }

export const lastItem: Scenario = {
  name: 'last_item',
  claim: 'Of any number of buyers who want the last unit, one gets it. If the payment of that buyer fails, the next one gets it',
  test: (run) => testLastItem(run, 'none'),
}

/** Runs races of adds, races of checkouts and handovers of the last unit. Each of them has its own items. */
export async function testLastItem(run: Run, store: StoreKind): Promise<string> {
  const buyers = countFor(run, 500)
  const rounds = countFor(run, 5, 2)
  const handovers = 2 * countFor(run, 20)
  const servers = await startServers(run, store)
  const listings = await stockShops(servers.sql, 4, Array(2 * rounds + handovers).fill(1))
  const people = await makePeople(servers.sql, buyers)
  const { url } = await servers.startApi()
  const setup = { ...servers, url }
  for (const [place, listing] of listings.entries()) {
    if (place < rounds) await raceToAdd(run, setup, people, listing)
    else if (place < 2 * rounds) await raceToCheckOut(run, setup, people, listing)
    else await handOver(run, setup, listing, place % 2 ? 'lapses' : 'is dropped')
    run.progress(place + 1, listings.length, 'races and handovers')
  }
  await checkAtEnd(run, servers)
  const races = `${buyers} buyers add one item, ${rounds} times; ${buyers} buyers check out the last unit, ${rounds} times`
  return `${races}; ${handovers} holds of declined winners dropped or lapsed`
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

export function expectOneWinner(run: Run, responses: (ApiResponse | null)[], what: string, loser: string): void {
  const counts = countEach(responses.map(outcomeOf))
  if (counts.get('201') !== 1 || counts.get(loser) !== responses.length - 1) run.fail(`${what}: ${describeCounts(counts)}`)
}

/** The winner's card is declined, and the hold continues: no other buyer gets the item. When the hold ends, one of them does. */
async function handOver(run: Run, { sql, url }: Setup, { id }: Listing, end: 'lapses' | 'is dropped'): Promise<void> {
  const [winner, ...rivals] = (await makePeople(sql, 11)) as [Person, ...Person[]]
  const expect = (what: string, response: ApiResponse | null, wanted: string) => {
    const outcome = outcomeOf(response)
    if (outcome !== wanted) run.fail(`a declined winner's hold ${end}: ${what} returned ${outcome}, not ${wanted}`)
  }
  expect('the first add', await send(url, winner, addToCart(id)), '201')
  expect('a declined card', await send(url, winner, checkOut('declined', 'pm_card_chargeDeclined')), '402 payment_declined')
  for (const rival of rivals.slice(0, 2))
    expect('an add while it is held', await send(url, rival, addToCart(id)), '409 item_reserved')
  if (end === 'lapses') await lapseHolds(sql, winner.id)
  else expect('the removal', await send(url, winner, removeFromCart(id)), '204')
  const responses = await Promise.all(rivals.map((rival) => send(url, rival, addToCart(id))))
  expectOneWinner(run, responses, `a declined winner's hold ${end} and ${rivals.length} buyers add the item`, '409 item_reserved')
  const next = rivals[responses.findIndex((response) => response?.status === 201)]
  if (next) expect('the next checkout', await send(url, next, checkOut('next')), '201')
  expect('the late add of the declined winner', await send(url, winner, addToCart(id)), '409 insufficient_stock')
}
