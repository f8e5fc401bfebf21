import { lapseHolds } from '../support/factory.ts'
import { countEach, describeCounts } from '../support/figures.ts'
import { fillCarts, type Listing, listItems, makePeople, openStalls, type Person } from '../support/people.ts'
import { findWrongStock, recordStock } from '../support/stock.ts'
import { type Answer, addToCart, checkOut, describe, outcomeOf, removeFromCart, send } from './stage/calls.ts'
import { contradictAll, findWrongMoney, untilSettled } from './stage/invariants.ts'
import { type Stage, type StoreKind, setStage } from './stage/stage.ts'
import { countFor, type Proof, type Trial } from './trial.ts'

/** A stage and the URL of its API. */
type Play = Stage & { url: string }

const SETTLE_WITHIN_S = 60

export const lastItem: Proof = {
  name: 'last_item',
  claim: 'Of any number of buyers who want the last unit one gets it, and when that one fails the next',
  run: (trial) => tryLastItem(trial, 'none'),
}

/** Runs races of adds, races of checkouts and handovers of the last unit. Each of them has its own items. */
export async function tryLastItem(trial: Trial, store: StoreKind): Promise<string> {
  const buyers = countFor(trial, 500)
  const rounds = countFor(trial, 5, 2)
  const handovers = countFor(trial, 20)
  const stage = await setStage(trial, store)
  const { sql } = stage
  const listings = await listItems(sql, await openStalls(sql, 4), Array(2 * rounds + 2 * handovers).fill(1))
  await recordStock(sql)
  const people = await makePeople(sql, buyers)
  const api = await stage.startApi()
  const play = { ...stage, url: api.url }
  for (const [round, listing] of listings.slice(0, rounds).entries()) {
    await raceToAdd(trial, play, people, listing)
    trial.progress(round + 1, listings.length, 'adding')
  }
  for (const [round, listing] of listings.slice(rounds, 2 * rounds).entries()) {
    await raceToCheckOut(trial, play, people, listing)
    trial.progress(rounds + round + 1, listings.length, 'checking out')
  }
  for (const [round, listing] of listings.slice(2 * rounds).entries()) {
    await handOver(trial, play, listing, round % 2 ? 'lapses' : 'is dropped')
    trial.progress(2 * rounds + round + 1, listings.length, 'handing over')
  }
  await untilSettled(trial, sql, SETTLE_WITHIN_S)
  contradictAll(trial, await findWrongStock(sql))
  contradictAll(trial, await findWrongMoney(sql, await stage.provider.count()))
  await api.stop()
  return `${buyers} buyers add one item, ${rounds} times; ${buyers} buyers check out the last unit, ${rounds} times; ${2 * handovers} holds of declined winners dropped or lapsed`
}

async function raceToAdd(trial: Trial, { sql, url }: Play, people: Person[], listing: Listing): Promise<void> {
  const answers = await Promise.all(people.map((person) => send(url, person, addToCart(listing.id))))
  expectOneWinner(trial, answers, `${people.length} buyers add one item`, '409 item_reserved')
  await sql`delete from cart_items where product_id = ${listing.id}`
}

/** The carts got the item while its stock was higher, so no cart holds it. */
async function raceToCheckOut(trial: Trial, { sql, url }: Play, people: Person[], listing: Listing): Promise<void> {
  await sql`delete from cart_items`
  await fillCarts(sql, people, [listing])
  const answers = await Promise.all(people.map((person) => send(url, person, checkOut(`last-${listing.id}`))))
  expectOneWinner(trial, answers, `${people.length} buyers check out the last unit`, '409 insufficient_stock')
  const [row] = await sql<{ orders: number }[]>`
    select count(*) as orders from order_items oi join orders o on o.id = oi.order_id
    where oi.product_id = ${listing.id} and o.status = 'paid'`
  if (row?.orders !== 1) trial.contradict(`${people.length} buyers check out the last unit: ${row?.orders} orders have it`)
}

function expectOneWinner(trial: Trial, answers: (Answer | null)[], what: string, loser: string): void {
  const counts = countEach(answers.map(outcomeOf))
  if (counts.get('201') !== 1 || counts.get(loser) !== answers.length - 1) trial.contradict(`${what}: ${describeCounts(counts)}`)
}

/** The winner's card is declined, and the hold continues: no other buyer gets the item. When the hold ends, one of them does. */
async function handOver(trial: Trial, play: Play, listing: Listing, end: 'lapses' | 'is dropped'): Promise<void> {
  const { sql, url } = play
  const [winner, ...rivals] = await makePeople(sql, 11)
  if (!winner) return
  const expect = (what: string, answer: Answer | null, wanted: string) => {
    const got = answer && !answer.code ? String(answer.status) : describe(answer)
    if (got !== wanted) trial.contradict(`a declined winner's hold ${end}: ${what} answers ${got}, not ${wanted}`)
  }
  expect('the first add', await send(url, winner, addToCart(listing.id)), '201')
  expect('a declined card', await send(url, winner, checkOut('declined', 'pm_card_chargeDeclined')), '402 payment_declined')
  for (const rival of rivals.slice(0, 2))
    expect('an add while it is held', await send(url, rival, addToCart(listing.id)), '409 item_reserved')
  if (end === 'lapses') await lapseHolds(sql, winner.id)
  else expect('dropping it', await send(url, winner, removeFromCart(listing.id)), '204')
  const answers = await Promise.all(rivals.map((rival) => send(url, rival, addToCart(listing.id))))
  expectOneWinner(trial, answers, `a declined winner's hold ${end} and ${rivals.length} buyers add the item`, '409 item_reserved')
  const next = rivals[answers.findIndex((answer) => answer?.status === 201)]
  if (next) expect('the next checkout', await send(url, next, checkOut('next')), '201')
  expect('the declined winner, too late,', await send(url, winner, addToCart(listing.id)), '409 insufficient_stock')
}
