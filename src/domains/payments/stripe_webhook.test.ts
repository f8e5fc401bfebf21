import { afterAll, beforeAll, expect, test } from 'bun:test'
import Stripe from 'stripe'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { type Api, openApi } from '../../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { makeSale } from '../../../test/support/factory.ts'
import { spawnApi } from '../../../test/support/server.ts'

const TIMEOUT_MS = 60_000
const SECRET = 'whsec_current'

let db: TestDatabase
let server: ApiProcess
let api: Api
let installation: string
beforeAll(async () => {
  db = await openTestDatabase()
  const stripe = {
    STRIPE_SECRET_KEY: 'sk_test_123',
    STRIPE_WEBHOOK_SECRETS: `whsec_next,${SECRET}`,
    STRIPE_API_URL: 'http://127.0.0.1:1',
  }
  server = await spawnApi({ DATABASE_URL: db.url, LOG_LEVEL: 'silent', ...stripe })
  api = openApi(server.url)
  const [row] = await db.sql`select encode(secret, 'hex') as installation from service_secrets where name = 'installation'`
  installation = row?.installation
}, TIMEOUT_MS)
afterAll(async () => {
  await server.stop()
  await db.close()
}, TIMEOUT_MS)

async function send(type: string, checkout_id: number, tamper = (body: string) => body) {
  // With blanks and an escape: what is verified must be the bytes, not what they parse to.
  const intent = {
    id: `pi_${checkout_id}`,
    object: 'payment_intent',
    metadata: { checkout_id: String(checkout_id), installation },
  }
  const payload = JSON.stringify({ id: `evt_${checkout_id}`, object: 'event', type, data: { object: intent } }, null, 2).replace(
    '"event"',
    '"\\u0065vent"',
  )
  const header = await new Stripe('sk_test_123').webhooks.generateTestHeaderStringAsync({ payload, secret: SECRET })
  return api('POST', '/v1/webhooks/stripe', { raw: tamper(payload), headers: { 'Stripe-Signature': header } })
}

async function stateOf(checkout_id: number) {
  const [state] = await db.sql`
    select p.status, p.provider, p.provider_reference,
      (select count(*)::integer from payment_events e where e.checkout_id = p.checkout_id) as events
    from payments p where p.checkout_id = ${checkout_id}`
  return state
}

test('an event of Stripe settles its checkout, once', async () => {
  const { checkout_id } = await makeSale(db.sql, { outcome: null })
  for (let n = 0; n < 3; n++)
    expect(expectStatus(await send('payment_intent.succeeded', checkout_id), 200)).toEqual({ received: true })
  expect(await stateOf(checkout_id)).toEqual({
    status: 'paid',
    provider: 'stripe',
    provider_reference: `pi_${checkout_id}`,
    events: 1,
  })
})

test('an event that settles nothing is accepted, and changes nothing', async () => {
  const { checkout_id } = await makeSale(db.sql, { outcome: null })
  expectStatus(await send('payment_intent.created', checkout_id), 200)
  expect(await stateOf(checkout_id)).toMatchObject({ status: 'pending', events: 0 })
})

test('an event with an altered byte is rejected, and writes nothing', async () => {
  const { checkout_id } = await makeSale(db.sql, { outcome: null })
  // The same JSON in other bytes.
  const answer = await send('payment_intent.succeeded', checkout_id, (body) => body.replace('\\u0065vent', 'event'))
  expectProblem(answer, 400, 'invalid_signature')
  expect(await stateOf(checkout_id)).toMatchObject({ status: 'pending', events: 0 })
})
