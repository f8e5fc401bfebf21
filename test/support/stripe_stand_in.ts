/** A server that answers as Stripe would, for what its mock never says. */

/** `form`: the fields of a POST, or the query of a GET. `key`: the Idempotency-Key. `account`: the Stripe-Account, if there is one. */
export type StripeCall = { method: string; path: string; form: Record<string, string>; key: string | null; account?: string }
export type StripeReply = { status?: number; body: unknown }
export type StripeStandIn = { url: string; calls: StripeCall[]; stop: () => Promise<void> }

/** Starts the server. `calls` lists what it was asked. */
export function startStripeStandIn(reply: (call: StripeCall) => StripeReply | Promise<StripeReply>): StripeStandIn {
  const calls: StripeCall[] = []
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const { pathname, searchParams } = new URL(request.url)
      const form = Object.fromEntries(request.method === 'POST' ? new URLSearchParams(await request.text()) : searchParams)
      const account = request.headers.get('stripe-account')
      const key = request.headers.get('idempotency-key')
      const call: StripeCall = { method: request.method, path: pathname, form, key, ...(account ? { account } : {}) }
      calls.push(call)
      const { status = 200, body } = await reply(call)
      return Response.json(body, { status })
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, calls, stop: () => server.stop(true) }
}
