/** A load that goes on while a server is away: buyers that retry with their key until they have a final response, and readers. */
import type { Sql } from '../../../src/platform/db/client.ts'
import type { Listing, Person } from '../../support/people.ts'
import { startLoops } from '../loops.ts'
import { type ApiResponse, addToCart, type Call, checkOut, send } from './calls.ts'

const PAUSE_MS = 100
const GIVE_UP_AFTER_S = 60
const PATHS = ['/v1/cart', '/v1/search?q=listing', '/v1/orders', '/v1/categories']

/** The start, the duration and the status of one call. The status is 0 if there was no response. */
export type Sample = { at_ms: number; took_ms: number; status: number; what: string }
/** An order of a response that a buyer received, and the time of that response. */
export type ConfirmedOrder = { id: number; at_ms: number }
/** `probes` are the calls of /livez. From `given_up_ms` on, buyers stop their retries. */
export type Load = {
  url: string
  listings: Listing[]
  samples: Sample[]
  probes: Sample[]
  orders: ConfirmedOrder[]
  given_up_ms: number
  end: () => Promise<void>
}

/** Starts the buyers, the readers and a probe of /livez. */
export function startLoad(url: string, buyers: Person[], readers: Person[], listings: Listing[]): Load {
  const load: Load = {
    url,
    listings,
    samples: [],
    probes: [],
    orders: [],
    given_up_ms: Number.POSITIVE_INFINITY,
    end: async () => {
      load.given_up_ms = performance.now() + GIVE_UP_AFTER_S * 1000
      await end()
    },
  }
  const pause = () => Bun.sleep(PAUSE_MS * (0.5 + Math.random()))
  const end = startLoops([
    ...buyers.map((buyer, place) => (n: number) => buy(load, buyer, n * 7 + place).then(pause)),
    ...readers.map(
      (reader, place) => (n: number) =>
        record(load, reader, { method: 'GET', path: `${PATHS[(n + place) % PATHS.length]}` }).then(pause),
    ),
    async () => {
      load.probes.push(await call(url, null, { method: 'GET', path: '/livez' }))
      await Bun.sleep(PAUSE_MS)
    },
  ])
  return load
}

async function record(load: Load, person: Person, one: Call): Promise<Sample & { response: ApiResponse | null }> {
  const sample = await call(load.url, person, one)
  load.samples.push(sample)
  return sample
}

async function buy(load: Load, buyer: Person, turn: number): Promise<void> {
  const { id } = load.listings[turn % load.listings.length] as Listing
  if ((await record(load, buyer, addToCart(id))).status !== 201) return
  const checkout = checkOut(`away-${buyer.id}-${turn}`)
  for (;;) {
    const { status, response } = await record(load, buyer, checkout)
    if (status === 201) {
      const paid = JSON.parse(response?.text ?? '') as { orders: { id: number }[] }
      load.orders.push(...paid.orders.map((order) => ({ id: order.id, at_ms: performance.now() })))
    }
    // The cart is empty by now: an add without a response can be bought with the unit before it.
    if (status === 409 && response?.code === 'cart_empty') return
    const is_final = status === 201 || (status >= 400 && status < 500 && status !== 409 && status !== 429)
    if (is_final || performance.now() > load.given_up_ms) return
    await Bun.sleep(PAUSE_MS)
  }
}

/** Sends one call and measures its time. */
export async function call(url: string, person: Person | null, one: Call): Promise<Sample & { response: ApiResponse | null }> {
  const at_ms = performance.now()
  const response = await send(url, person, one)
  const took_ms = performance.now() - at_ms
  return { at_ms, took_ms, what: `${one.method} ${one.path.split('?')[0]}`, status: response?.status ?? 0, response }
}

/** Returns the orders that the database lacks or that are not paid. */
export async function findLostOrders(sql: Sql, orders: ConfirmedOrder[]): Promise<ConfirmedOrder[]> {
  const lost = await sql<{ id: number }[]>`
    select a.id from unnest(${orders.map(({ id }) => id)}::bigint[]) a (id)
    where not exists (select from orders o where o.id = a.id and o.status = 'paid')`
  const ids = new Set(lost.map(({ id }) => id))
  return orders.filter(({ id }) => ids.has(id))
}
