import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
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

function send(type: string, checkout_id: number, tamper = (body: string) => body) {
  // With blanks and an escape: what is verified must be the bytes, not what they parse to.
  const intent = {
    id: `pi_${checkout_id}`,
    object: 'payment_intent',
    metadata: { checkout_id: String(checkout_id), installation },
  }
  return sendObject(type, intent, `evt_${checkout_id}`, tamper)
}

async function sendObject(type: string, object: unknown, id: string = crypto.randomUUID(), tamper = (body: string) => body) {
  const payload = JSON.stringify({ id, object: 'event', type, data: { object } }, null, 2).replace('"event"', '"\\u0065vent"')
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

describe('refunds and disputes of Stripe', () => {
  const refund = (checkout_id: number, status: string, amount = 500) => ({
    id: `re_${checkout_id}`,
    object: 'refund',
    amount,
    currency: 'usd',
    payment_intent: `pi_${checkout_id}`,
    status,
    metadata: {},
  })
  const payPaid = async () => {
    const sale = await makeSale(db.sql, { outcome: null })
    expectStatus(await send('payment_intent.succeeded', sale.checkout_id), 200)
    return sale
  }
  const orderOf = async (order_id: number) => {
    const [row] = await db.sql`select order_json(o)::jsonb as shown from orders o where o.id = ${order_id}`
    return row?.shown
  }

  test('a refund in the dashboard is booked once, and fails later', async () => {
    const { checkout_id, order_id } = await payPaid()
    for (const type of ['refund.created', 'charge.refund.updated', 'refund.updated'])
      expectStatus(await sendObject(type, refund(checkout_id, 'succeeded')), 200)
    expect(await orderOf(order_id)).toMatchObject({ refunded: '5.00', refunds: [{ amount: '5.00', status: 'refunded' }] })
    expectStatus(await sendObject('refund.failed', refund(checkout_id, 'failed')), 200)
    expect(await orderOf(order_id)).toMatchObject({ refunded: '0.00', refunds: [{ amount: '5.00', status: 'failed' }] })
  })

  test('a refund above the total changes nothing, and gets 200', async () => {
    const { checkout_id, order_id } = await payPaid()
    expectStatus(await sendObject('refund.created', refund(checkout_id, 'succeeded', 2301)), 200)
    expect(await orderOf(order_id)).toMatchObject({ refunded: '0.00', refunds: [] })
  })

  test('charge.refunded enqueues the question which refund it was', async () => {
    const { checkout_id } = await payPaid()
    const charge = { id: 'ch_1', object: 'charge', payment_intent: `pi_${checkout_id}` }
    for (let n = 0; n < 2; n++) expectStatus(await sendObject('charge.refunded', charge), 200)
    const jobs = await db.sql`
      select from pgboss.job j join payments p on j.data @> jsonb_build_object('payment_id', p.id)
      where j.name = 'reconcile_provider' and p.checkout_id = ${checkout_id}`
    expect(jobs).toHaveLength(1)
  })

  test('a dispute is shown until the bank decides', async () => {
    const { checkout_id, order_id } = await payPaid()
    const dispute = { id: 'dp_1', object: 'dispute', amount: 2300, currency: 'usd', payment_intent: `pi_${checkout_id}` }
    const open = { ...dispute, reason: 'product_not_received', status: 'needs_response' }
    for (const type of ['charge.dispute.created', 'charge.dispute.funds_withdrawn'])
      expectStatus(await sendObject(type, open), 200)
    expect(await orderOf(order_id)).toMatchObject({
      disputes: [{ amount: '23.00', status: 'open', reason: 'product_not_received' }],
    })
    expectStatus(await sendObject('charge.dispute.closed', { ...open, status: 'lost' }), 200)
    expect(await orderOf(order_id)).toMatchObject({ disputes: [{ status: 'lost' }] })
  })
})
