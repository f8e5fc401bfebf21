/** A proxy in front of the payment provider that can hold a charge: before the provider hears of it, or before its answer is heard. */
export type TollGate = {
  url: string
  /** From now on charges of checkouts with an id above this one stop there; null lets all of them pass. */
  holdAt: (place: 'request' | 'answer' | null, above?: number) => void
  /** Waits until a charge is held. */
  arrival: () => Promise<void>
  /** Lets go of those that are held. One whose caller has gone meanwhile is not passed on. */
  release: () => void
  stop: () => Promise<void>
}

/** As long as Bun allows. */
const IDLE_TIMEOUT_S = 255

/** Opens the gate in front of the provider at this address. */
export function openTollGate(provider_url: string): TollGate {
  let place: 'request' | 'answer' | null = null
  let newest_let_through = 0
  let held: (() => void)[] = []
  let watching: (() => void)[] = []
  const hold = () =>
    new Promise<void>((resolve) => {
      held.push(resolve)
      for (const watch of watching.splice(0)) watch()
    })
  const pass = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    const body = request.method === 'POST' ? await request.text() : null
    const stops = body !== null && pathname === '/charges' && Number(JSON.parse(body).key) > newest_let_through
    if (stops && place === 'request') {
      await hold()
      if (request.signal.aborted) return new Response(null, { status: 400 })
    }
    const answer = await fetch(provider_url + pathname, { method: request.method, body, signal: request.signal })
    const text = await answer.text()
    if (stops && place === 'answer') await hold()
    return new Response(text, { status: answer.status })
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
    arrival: () => (held.length > 0 ? Promise.resolve() : new Promise((resolve) => watching.push(resolve))),
    release: () => {
      for (const go of held.splice(0)) go()
    },
    stop: async () => {
      for (const go of held.splice(0)) go()
      held = []
      watching = []
      await server.stop(true)
    },
  }
}
