/** A proxy that can hold a charge: before the payment provider gets the request, or before the API gets the response. */
export type ChargeProxy = {
  url: string
  /** From now on, holds the charges of checkouts with an id above `above` at this place. */
  holdAt: (place: 'request' | 'response', above?: number) => void
  /** Waits until the gate holds a charge. Throws after 20 s without one. */
  arrival: () => Promise<void>
  /** Passes the held charges and all later ones. */
  open: () => void
  /** Rejects the held charges with 400 and passes all later ones. */
  drop: () => void
  stop: () => Promise<void>
}

/** The longest value that Bun allows. */
const IDLE_TIMEOUT_S = 255

const ARRIVES_WITHIN_MS = 20_000

/** Opens the gate in front of the provider at this URL. */
export function openChargeProxy(provider_url: string): ChargeProxy {
  let place: 'request' | 'response' | null = null
  let newest_let_through = 0
  let held: ((passes: boolean) => void)[] = []
  const hold = () => new Promise<boolean>((resolve) => held.push(resolve))
  const letGo = (passes: boolean) => {
    place = null
    for (const go of held.splice(0)) go(passes)
  }
  const pass = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    const body = request.method === 'POST' ? await request.text() : null
    const stops = body !== null && pathname === '/charges' && Number(JSON.parse(body).key) > newest_let_through
    if (stops && place === 'request' && !(await hold())) return new Response(null, { status: 400 })
    const response = await fetch(provider_url + pathname, { method: request.method, body })
    const text = await response.text()
    if (stops && place === 'response' && !(await hold())) return new Response(null, { status: 400 })
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
    holdAt: (next, above = 0) => {
      place = next
      newest_let_through = above
    },
    arrival: async () => {
      const deadline = performance.now() + ARRIVES_WITHIN_MS
      while (held.length === 0) {
        if (performance.now() > deadline) throw new Error('No charge came to the gate.')
        await Bun.sleep(5)
      }
    },
    open: () => letGo(true),
    drop: () => letGo(false),
    stop: async () => {
      letGo(false)
      held = []
      await server.stop(true)
    },
  }
}
