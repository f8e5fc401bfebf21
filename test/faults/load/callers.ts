/** Callers that each send the next call after the response to the last one, and the counts of their calls. */
import type { Listing, Person } from '../../support/people.ts'
import { addToCart, type Call, checkOut } from './calls.ts'
import { asRequest, openKeepAliveClient, type RawResponse } from './keep_alive_client.ts'

/** A later response does not count as good, because its caller has no use for it. */
const GOOD_WITHIN_MS = 2000

export type LoadOptions = {
  url: string
  callers: Person[]
  listings: Listing[]
  duration_ms: number
  /** The shortest time from a call to the next call of the same caller. */
  every_ms?: number
  /** Each caller closes its connection after this number of calls and opens a new one. By default it keeps its connection. */
  calls_per_connection?: number
}
export type Timed = { response: RawResponse; took_ms: number }
/** `goodput` is the number of good responses a second. */
export type Outcome = { goodput: number; statuses: Map<string, number>; times_ms: number[] }

/** Runs all callers for `duration_ms`. */
export async function runLoad(options: LoadOptions): Promise<Outcome> {
  const { url, callers, listings, duration_ms, every_ms = 0, calls_per_connection = Number.POSITIVE_INFINITY } = options
  const began = performance.now()
  const outcome: Outcome = { goodput: 0, statuses: new Map(), times_ms: [] }
  let good = 0
  const callInTurn = async (person: Person, place: number) => {
    const client = openKeepAliveClient(url)
    for (let turn = 0; performance.now() < began + duration_ms; turn++) {
      const call = chooseCall(turn, place, began, listings)
      const { response, took_ms } = await time(() => client.send(asRequest(call, person)))
      const status = statusOf(response)
      outcome.statuses.set(status, (outcome.statuses.get(status) ?? 0) + 1)
      outcome.times_ms.push(took_ms)
      if (Number(status) < 300 && took_ms <= GOOD_WITHIN_MS) good++
      if (took_ms < every_ms) await Bun.sleep(every_ms - took_ms)
      if (turn % calls_per_connection === calls_per_connection - 1) client.close()
    }
    client.close()
  }
  await Promise.all(callers.map(callInTurn))
  return { ...outcome, goodput: (good * 1000) / (performance.now() - began) }
}

/** Of ten calls, eight are reads that no cache has, one adds to the cart and one checks out. */
function chooseCall(turn: number, place: number, round: number, listings: Listing[]): Call {
  const { id } = listings[(turn * 7 + place) % listings.length] as Listing
  if (turn % 10 === 8) return addToCart(id)
  if (turn % 10 === 9) return checkOut(`load-${round}-${place}-${turn}`)
  const path = turn % 2 === 0 ? `/v1/search?q=listing+${(turn * 31 + place) % 200}&price_min=${turn % 50}` : '/v1/orders'
  return { method: 'GET', path }
}

/** Returns the response and the time that it took. */
export async function time(send: () => Promise<RawResponse>): Promise<Timed> {
  const began = performance.now()
  const response = await send()
  return { response, took_ms: performance.now() - began }
}

export const statusOf = (response: RawResponse): string => ('status' in response ? String(response.status) : 'no response')
