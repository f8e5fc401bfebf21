/** Responses of a payment provider, or of a proxy before it. Only the documented responses count as an outcome. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { openGateway, type PaymentGateway } from './gateway.ts'
import type { PaymentProvider } from './provider.ts'
import { openActionPages } from './simulated_actions.ts'
import { openSimulatedClient } from './simulated_client.ts'
import { openStripeProvider } from './stripe.ts'

let answer: () => Response
let elsewhere = 0
let other: Bun.Server<undefined>
let server: Bun.Server<undefined>
let gateway: PaymentGateway | undefined
beforeAll(() => {
  other = Bun.serve({
    port: 0,
    fetch: () => {
      elsewhere += 1
      return Response.json({ id: 'pi_1', status: 'succeeded', metadata: {}, key: '7', charge: 'ch_1', outcome: 'paid' })
    },
  })
  server = Bun.serve({ port: 0, fetch: () => answer() })
})
afterAll(async () => {
  await server.stop(true)
  await other.stop(true)
})
afterEach(() => gateway?.close())

const html = '<html>Bad gateway</html>'
const odd: [string, () => Response][] = [
  ['a page', () => new Response(html, { headers: { 'Content-Type': 'text/html' } })],
  ['nothing', () => new Response('')],
  ['an empty object', () => Response.json({})],
  ['null', () => Response.json(null)],
  ['a list', () => Response.json([])],
  ['words of its own', () => Response.json({ id: 'pi_1', status: 'PAID', key: '7', charge: 'ch_1', outcome: 'PAID' })],
  ['other types', () => Response.json({ id: 1, status: true, key: 7, charge: 1, outcome: true })],
  ['half of an answer', () => new Response('{"id":"pi_1","status":"succeeded"')],
  ['a redirect', () => new Response(null, { status: 307, headers: { Location: `http://127.0.0.1:${other.port}/v1/x` } })],
]

const providers: [string, (url: string) => PaymentProvider][] = [
  ['the simulated provider', (url) => openSimulatedClient(url, [], openActionPages(new Uint8Array(), url))],
  [
    'Stripe',
    (api_url) =>
      openStripeProvider({ secret_key: 'sk_test_1', webhook_secrets: [], installation: 'a1b2', api_url, base_url: api_url }),
  ],
]

describe.each(providers)('%s', (_, open) => {
  test.each(odd)('response %s: the outcome is unknown, and nothing counts as a payment', async (_, reply) => {
    answer = reply
    gateway = openGateway(open(`http://127.0.0.1:${server.port}`))
    const { outcome } = await gateway.charge({ checkout_id: 7, amount: '24.50', method: 'pm_card_visa' })
    expect({ outcome, elsewhere }).toEqual({ outcome: 'pending', elsewhere: 0 })
  })
})
