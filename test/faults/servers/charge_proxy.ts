/**
 * A proxy that can hold a charge, a refund, a transfer or a payout: before the payment provider gets the request, or before the API gets the response.
 */
import { waitFor } from '../loops.ts'

export type ChargeProxy = {
  url: string
  /** From now on, holds the charges of checkouts, or what else this path makes, with an id above `above` at this place. */
  holdAt: (place: 'request' | 'response', above?: number, path?: HeldPath) => void
  /** Waits until the proxy holds a charge. Throws after 20 s without one. */
  untilHeld: () => Promise<unknown>
  /** Passes the held charges and all later ones. */
  release: () => void
  /** Rejects the held charges with 400 and passes all later ones. */
  reject: () => void
  stop: () => Promise<void>
}

export type HeldPath = '/charges' | '/refunds' | '/transfers' | '/payouts'

/** The longest value that Bun allows. */
const IDLE_TIMEOUT_S = 255

/** Opens the proxy in front of the provider at this URL. */
export function openChargeProxy(provider_url: string): ChargeProxy {
  let place: 'request' | 'response' | null = null
  let passed_up_to = 0
  let held_path: string = '/charges'
  const held: ((passes: boolean) => void)[] = []
  const hold = () => new Promise<boolean>((resolve) => held.push(resolve))
  const end = (passes: boolean) => {
    place = null
    for (const resolve of held.splice(0)) resolve(passes)
  }
  const pass = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    const body = request.method === 'POST' ? await request.text() : null
    const is_held = body !== null && pathname === held_path && idOf(JSON.parse(body).key) > passed_up_to
    if (is_held && place === 'request' && !(await hold())) return new Response(null, { status: 400 })
    const response = await fetch(provider_url + pathname + search, { method: request.method, body })
    const text = await response.text()
    if (is_held && place === 'response' && !(await hold())) return new Response(null, { status: 400 })
    return new Response(text, { status: response.status })
  }
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: IDLE_TIMEOUT_S,
    fetch: (request) => pass(request).catch(() => new Response(null, { status: 502 })),
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    holdAt: (next, above = 0, path = '/charges') => {
      place = next
      held_path = path
      passed_up_to = above
    },
    untilHeld: () => waitFor('the proxy holds a charge', () => held.length > 0, 20),
    release: () => end(true),
    reject: () => end(false),
    stop: async () => {
      end(false)
      await server.stop(true)
    },
  }
}

/** The key of a charge is the id of its checkout; any other key is a word and an id: `refund_7`. */
function idOf(key: string): number {
  return Number(key.replace(/^[a-z]+_/, ''))
}
