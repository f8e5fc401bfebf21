/** A load that goes on while a server is away: buyers that retry with their key until they have a final response, and readers. */
import type { Sql } from '../../../src/platform/db/client.ts'
import type { Listing, Person } from '../../support/people.ts'
import { type ApiResponse, addToCart, type Call, checkOut, send } from './calls.ts'

const PAUSE_MS = 100
const PROBE_EVERY_MS = 100
const GIVE_UP_AFTER_S = 60

/** The start, the duration and the status of one call. The status is 0 if there was no response. */
export type Sample = { at_ms: number; took_ms: number; status: number; what: string }
/** An order of a response that a buyer received, and the time of that response. */
export type AnsweredOrder = { id: number; at_ms: number }
export type Load = { samples: Sample[]; probes: Sample[]; orders: AnsweredOrder[]; end: () => Promise<void> }

/** Starts the buyers, the readers and a probe of /livez. */
export function startLoad(url: string, buyers: Person[], readers: Person[], listings: Listing[]): Load {
  const samples: Sample[] = []
  const probes: Sample[] = []
  const orders: AnsweredOrder[] = []
  let is_over = false
  /** From this time on, buyers stop their retries. */
  let given_up_ms = Number.POSITIVE_INFINITY
  const pick = (turn: number) => (listings[turn % listings.length] as Listing).id
  const ask = async (person: Person | null, one: Call) => {
    const sample = await call(url, person, one)
    samples.push(sample)
    return sample
  }
  const buy = async (buyer: Person, turn: number) => {
    if ((await ask(buyer, addToCart(pick(turn)))).status !== 201) return
    const checkout = checkOut(`away-${buyer.id}-${turn}`)
    for (;;) {
      const { status, response } = await ask(buyer, checkout)
      if (status === 201) {
        const paid = JSON.parse(response?.text ?? '') as { orders: { id: number }[] }
        orders.push(...paid.orders.map(({ id }) => ({ id, at_ms: performance.now() })))
      }
      // The cart is empty by now: an add without a response can be bought with the unit before it.
      if (status === 201 || (status >= 400 && status < 500 && status !== 409 && status !== 429)) return
      if (status === 409 && response?.code === 'cart_empty') return
      if (performance.now() > given_up_ms) return
      await Bun.sleep(PAUSE_MS)
    }
  }
  const loop = async (turn: (n: number) => Promise<unknown>) => {
    for (let n = 0; !is_over; n++) {
      await turn(n)
      await Bun.sleep(PAUSE_MS * (0.5 + Math.random()))
    }
  }
  const paths = ['/v1/cart', '/v1/search?q=listing', '/v1/orders', '/v1/categories']
  const everybody = [
    ...buyers.map((buyer, place) => loop((n) => buy(buyer, n * 7 + place))),
    ...readers.map((reader, place) => loop((n) => ask(reader, { method: 'GET', path: `${paths[(n + place) % paths.length]}` }))),
    loop(async () => {
      probes.push(await call(url, null, { method: 'GET', path: '/livez' }))
      await Bun.sleep(PROBE_EVERY_MS)
    }),
  ]
  return {
    samples,
    probes,
    orders,
    end: async () => {
      is_over = true
      given_up_ms = performance.now() + GIVE_UP_AFTER_S * 1000
      await Promise.all(everybody)
    },
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
export async function findLostOrders(sql: Sql, orders: AnsweredOrder[]): Promise<AnsweredOrder[]> {
  const lost = await sql<{ id: number }[]>`
    select a.id from unnest(${orders.map(({ id }) => id)}::bigint[]) a (id)
    where not exists (select from orders o where o.id = a.id and o.status = 'paid')`
  const ids = new Set(lost.map(({ id }) => id))
  return orders.filter(({ id }) => ids.has(id))
}
