/** The roles in the traffic. `turn` selects the process of a call: `turn + 1` is another process. */

import { makePeople, type Person } from '../../support/people.ts'
import { startLoops } from '../loops.ts'
import type { ApiGroup } from '../servers/servers.ts'
import { addToCart, checkOut, describe, removeFromCart } from './calls.ts'
import { ask, type Growing, noteDone, noteWrong, SHELF_STOCK, type Traffic, write } from './traffic.ts'

type Shown = { id: number; price: string; quantity: number }
type ShownCart = { shops: { items: { product_id: number; quantity: number; unit_price: string }[] }[] }

/** Starts all roles at these processes. The returned function stops them and waits for their last turns. */
export async function startTraffic(traffic: Traffic, apis: ApiGroup[]): Promise<() => Promise<void>> {
  const { users, servers } = traffic
  traffic.urls = apis.map(({ url }) => url)
  const keepers = await makePeople(servers.sql, users.carts)
  const role = (turn: (n: number) => Promise<void>, pause_ms: number) => async (n: number) => {
    await turn(n)
    await Bun.sleep(pause_ms * (0.5 + traffic.random()))
  }
  const places = (count: number) => [...Array(count).keys()]
  return startLoops([
    role((n) => sell(traffic, n), users.writer_pause_ms),
    ...places(users.readers).map((place) => role((n) => read(traffic, place + n), users.reader_pause_ms)),
    ...keepers.map((keeper, place) => role((n) => keepCart(traffic, keeper, place + n), users.reader_pause_ms)),
    role((n) => signOut(traffic, n), 3 * users.reader_pause_ms),
    ...places(users.buyers).map((place) => role((n) => buy(traffic, place + n), 5 * users.writer_pause_ms)),
  ])
}

/** Raises the price by a cent through one process, then the stock by one through the next. */
async function sell(traffic: Traffic, turn: number): Promise<void> {
  const { hot, seller, price, quantity } = traffic
  await write(traffic, async () => {
    const cents = ++price.begun
    const path = `/v1/products/${hot.id}`
    const raised = await ask(traffic, turn, seller, { method: 'PATCH', path, body: { price: dollars(cents) } })
    if (raised?.status === 200) price.confirmed = cents
    const units = ++quantity.begun
    const stocked = await ask(traffic, turn + 1, seller, {
      method: 'PUT',
      path: `${path}/quantity`,
      body: { quantity: units },
      headers: { 'If-Match': '*' },
    })
    if (stocked?.status === 200) quantity.confirmed = units
    if (raised?.status !== 200 || stocked?.status !== 200)
      noteWrong(traffic, 'the seller is rejected', `${describe(raised)}, ${describe(stocked)}`)
  })
  noteDone(traffic, 'changes')
}

/** Reads the page of the hot listing, the list of its shop, or the page of the listing that buyers buy. */
async function read(traffic: Traffic, turn: number): Promise<void> {
  const { hot, shelf, price, quantity, sold } = traffic
  const lot = traffic.random()
  const path =
    lot < 0.7 ? `/v1/products/${hot.id}` : lot < 0.85 ? `/v1/shops/${hot.shop_id}/products` : `/v1/products/${shelf.id}`
  const before = { price: price.confirmed, quantity: quantity.confirmed, sold: sold.confirmed }
  const response = await ask(traffic, turn, null, { method: 'GET', path })
  if (response?.status !== 200) return noteWrong(traffic, 'a page is missing', `${path} returned ${describe(response)}`)
  const body = JSON.parse(response.text) as Shown & { items?: Shown[] }
  for (const shown of body.items ?? [body]) {
    if (shown.id === hot.id) {
      compare(traffic, `the price on ${path}`, cents(shown.price), before.price, price)
      compare(traffic, `the stock on ${path}`, shown.quantity, before.quantity, quantity)
    } else compare(traffic, `what is sold by ${path}`, SHELF_STOCK - shown.quantity, before.sold, sold)
  }
  noteDone(traffic, 'reads')
}

/** Adds to a cart through one process, reads the cart and removes the line through the next, and reads it through the first. */
async function keepCart(traffic: Traffic, keeper: Person, turn: number): Promise<void> {
  const { hot, price } = traffic
  const look = async (through: number) => {
    const before = price.confirmed
    const response = await ask(traffic, through, keeper, { method: 'GET', path: '/v1/cart' })
    if (response?.status !== 200) {
      noteWrong(traffic, 'a cart cannot be read', describe(response))
      return null
    }
    const line = (JSON.parse(response.text) as ShownCart).shops
      .flatMap(({ items }) => items)
      .find((item) => item.product_id === hot.id)
    if (line) compare(traffic, 'the price in a cart', cents(line.unit_price), before, price)
    return line ? line.quantity : 0
  }
  const added = await ask(traffic, turn, keeper, addToCart(hot.id))
  if (added?.status !== 201) return noteWrong(traffic, 'adding to a cart is rejected', describe(added))
  const after_adding = await look(turn + 1)
  if (after_adding === 0) noteWrong(traffic, 'the cart of its reader is out of date', 'it does not hold what was added')
  const removed = await ask(traffic, turn + 1, keeper, removeFromCart(hot.id))
  if (removed?.status !== 204) return noteWrong(traffic, 'removing from a cart is rejected', describe(removed))
  const after_removing = await look(turn)
  if (after_removing) noteWrong(traffic, 'the cart of its reader is out of date', 'it still holds what was removed')
  noteDone(traffic, 'carts')
}

/** Signs out through one process after two processes have used the session. Both must reject the session then. */
async function signOut(traffic: Traffic, turn: number): Promise<void> {
  const [leaver] = (await makePeople(traffic.servers.sql, 1)) as [Person]
  const look = async (through: number, wanted: number) => {
    const response = await ask(traffic, through, leaver, { method: 'GET', path: '/v1/cart' })
    if (response?.status !== wanted)
      noteWrong(traffic, wanted === 200 ? 'a session is lost' : 'a session outlives its end', describe(response))
  }
  await look(turn, 200)
  await look(turn + 1, 200)
  const left = await ask(traffic, turn, leaver, { method: 'DELETE', path: '/v1/sessions/current' })
  if (left?.status !== 204) return noteWrong(traffic, 'signing out is rejected', describe(left))
  await look(turn + 1, 401)
  await look(turn, 401)
  noteDone(traffic, 'sign-outs')
}

/** Buys one unit: adds it through one process, pays through the next, and reads the cart through the first. */
async function buy(traffic: Traffic, turn: number): Promise<void> {
  const { shelf, sold } = traffic
  const [buyer] = (await makePeople(traffic.servers.sql, 1)) as [Person]
  const added = await ask(traffic, turn, buyer, addToCart(shelf.id))
  if (added?.status !== 201) return noteWrong(traffic, 'adding to a cart is rejected', describe(added))
  await write(traffic, async () => {
    sold.begun++
    const paid = await ask(traffic, turn + 1, buyer, checkOut(`buy-${buyer.id}`))
    if (paid?.status === 201) sold.confirmed++
    else noteWrong(traffic, 'a checkout fails', describe(paid))
  })
  const response = await ask(traffic, turn, buyer, { method: 'GET', path: '/v1/cart' })
  if (response?.status !== 200 || (JSON.parse(response.text) as ShownCart).shops.length > 0)
    noteWrong(traffic, 'the cart of its reader is out of date', `after the checkout it is ${describe(response)}`)
  noteDone(traffic, 'checkouts')
}

/** Checks a shown value: at least the last confirmed write before the read, and at most the last begun write. */
function compare(traffic: Traffic, what: string, shown: number, before: number, { begun }: Growing): void {
  if (shown < before) noteWrong(traffic, `${what} is out of date`, `${shown} after ${before} was confirmed`)
  if (shown > begun) noteWrong(traffic, `${what} is not written yet`, `${shown}, and the last begun write was ${begun}`)
}

const dollars = (cents: number) => (cents / 100).toFixed(2)
const cents = (dollars: string) => Math.round(Number(dollars) * 100)
