import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { Answer } from '../../../test/support/client.ts'
import {
  checkOut,
  makeBuyer,
  openPaymentSetup,
  type PayingBuyer,
  type PaymentSetup,
  WEBHOOK_SECRETS,
} from '../../../test/support/payment_setup.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import { eventually } from '../../../test/support/shopper.ts'
import { signWebhook } from './webhook_signature.ts'

const START_TIMEOUT_MS = 60_000
const TEST_TIMEOUT_MS = 60_000

/** Its provider sends every event three times, out of order, before it answers the call that charges. */
let eager: PaymentSetup
/** Its provider sends nothing: the tests do. */
let silent: PaymentSetup
beforeAll(async () => {
  eager = await openPaymentSetup({ webhooks: 'before,after,duplicate=3,shuffle' })
  silent = await openPaymentSetup()
}, START_TIMEOUT_MS)
afterAll(async () => {
  await eager.close()
  await silent.close()
}, START_TIMEOUT_MS)

const [NEXT_SECRET = '', SECRET = ''] = WEBHOOK_SECRETS
const now_s = () => Math.floor(Date.now() / 1000)

type Event = { id: string; type: string; data: { key: string; charge: string; amount: string } }

function makeEvent(checkout_id: number, type = 'charge.paid', id = `evt-${crypto.randomUUID()}`): Event {
  return { id, type, data: { key: String(checkout_id), charge: `sim_${checkout_id}`, amount: '10.00' } }
}

type Sending = { secret?: string; age_s?: number; tamper?: (body: string) => string }

function send(event: Event, { secret = SECRET, age_s = 0, tamper = (body) => body }: Sending = {}): Promise<Answer<unknown>> {
  const body = JSON.stringify(event)
  const headers = signWebhook(secret, event.id, now_s() - age_s, body)
  return silent.api('POST', '/v1/webhooks/simulated', {
    raw: tamper(body),
    headers: { ...headers, 'Content-Type': 'application/json' },
  })
}

/** A checkout whose charge was never answered: pending, for a webhook to settle. */
async function makePending(setup: PaymentSetup): Promise<{ buyer: PayingBuyer; checkout_id: number; order_id: number }> {
  const buyer = await makeBuyer(setup)
  // As the call that charges leaves it; going through the API would take the 5 s of its time limit.
  const [placed] = await setup.sql`
    select * from checkout_split_orders(${buyer.id}, ${crypto.randomUUID()}, ${setup.sql.json(ADDRESS)})`
  return { buyer, checkout_id: placed?.checkout_id, order_id: placed?.order_id }
}

async function trailOf(setup: PaymentSetup, order_id: number): Promise<string[]> {
  const events = await setup.sql<{ status: string }[]>`select status from order_events where order_id = ${order_id} order by id`
  return events.map(({ status }) => status)
}

async function countEvents(setup: PaymentSetup, checkout_id: number): Promise<number> {
  const [row] = await setup.sql<{ count: number }[]>`select count(*) from payment_events where checkout_id = ${checkout_id}`
  return row?.count ?? 0
}

describe('webhooks before the response to the call, duplicated and out of order', () => {
  test(
    'pay the checkout once, and the call returns 201 as usual',
    async () => {
      const buyer = await makeBuyer(eager)
      const key = crypto.randomUUID()
      const first = await checkOut(buyer, 'pm_card_visa', key)
      const { checkout_id, payment, orders } = expectStatus(first, 201)
      expect(payment.status).toBe('paid')
      const again = await checkOut(buyer, 'pm_card_visa', key)
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      expect(again.text).toBe(first.text)
      await eventually(
        10_000,
        () => countEvents(eager, checkout_id),
        (count) => count === 1,
      )
      for (const { id } of orders) expect(await trailOf(eager, id)).toEqual(['pending', 'paid'])
      const { charges } = await eager.payments().count()
      expect(charges[checkout_id]).toEqual({ count: 1, captured: '10.00', refunded: '0.00' })
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'decline it once, and every response to the key is the same 402',
    async () => {
      const buyer = await makeBuyer(eager)
      const key = crypto.randomUUID()
      const first = await checkOut(buyer, 'pm_card_chargeDeclined', key)
      expect(first.status).toBe(402)
      const again = await checkOut(buyer, 'pm_card_chargeDeclined', key)
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      expect(again.text).toBe(first.text)
      const cart = await buyer.api<{ total: string }>('GET', '/v1/cart')
      expect(cart.body.total).toBe('10.00')
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'settle a charge without a response',
    async () => {
      const buyer = await makeBuyer(eager)
      const { checkout_id, payment } = expectStatus(await checkOut(buyer, 'pm_card_timeout'), 201)
      expect(payment.status).toBe('paid')
      expect((await eager.payments().count()).charges[checkout_id]).toMatchObject({ count: 1, captured: '10.00' })
    },
    TEST_TIMEOUT_MS,
  )
})

describe('a signed event', () => {
  test('settles its checkout, under each active secret', async () => {
    for (const secret of [SECRET, NEXT_SECRET]) {
      const { checkout_id, order_id } = await makePending(silent)
      expect(expectStatus(await send(makeEvent(checkout_id), { secret }), 200)).toEqual({ received: true })
      expect(await trailOf(silent, order_id)).toEqual(['pending', 'paid'])
    }
  })

  test(
    'that is sent 50 times at once makes one transition, and each is accepted',
    async () => {
      const { checkout_id, order_id } = await makePending(silent)
      const event = makeEvent(checkout_id)
      const answers = await Promise.all(Array.from({ length: 50 }, () => send(event)))
      expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
      expect(await trailOf(silent, order_id)).toEqual(['pending', 'paid'])
      expect(await countEvents(silent, checkout_id)).toBe(1)
    },
    TEST_TIMEOUT_MS,
  )

  test('that is not final, of an unknown type or of an unknown checkout is accepted and changes nothing', async () => {
    const { checkout_id, order_id } = await makePending(silent)
    for (const event of [
      makeEvent(checkout_id, 'charge.pending'),
      makeEvent(checkout_id, 'balance.available'),
      makeEvent(999_999_999),
    ]) {
      expectStatus(await send(event), 200)
    }
    expect(await trailOf(silent, order_id)).toEqual(['pending'])
    expect(await countEvents(silent, checkout_id)).toBe(0)
  })

  test(
    'that reports a cancelled checkout as paid starts a refund',
    async () => {
      const { checkout_id, order_id } = await makePending(silent)
      const provider = silent.payments().url
      await fetch(`${provider}/charges`, {
        method: 'POST',
        body: JSON.stringify({ key: String(checkout_id), amount: '10.00', method: 'pm_card_visa' }),
      })
      expectStatus(await send(makeEvent(checkout_id, 'charge.declined')), 200)
      for (let n = 0; n < 3; n++) expectStatus(await send(makeEvent(checkout_id)), 200)
      expect(await trailOf(silent, order_id)).toEqual(['pending', 'cancelled'])
      const read = async () => (await silent.payments().count()).charges[checkout_id]?.refunded
      await eventually(30_000, read, (refunded) => refunded === '10.00')
      const readStatus = () =>
        silent.sql`
          select lc.status from late_charges lc join payments p on p.id = lc.payment_id where p.checkout_id = ${checkout_id}`
      await eventually(10_000, readStatus, ([row]) => row?.status === 'refunded')
    },
    TEST_TIMEOUT_MS,
  )
})

describe('rejects an event that the provider did not sign', () => {
  const altered = (body: string) => body.replace('charge.paid', 'charge.paiD')
  test.each([
    ['with another secret', { secret: 'the-secret-of-somebody-else' }],
    ['now but more than 5 minutes ago', { age_s: 301 }],
    ['for now but in 5 minutes', { age_s: -310 }],
    ['with this byte', { tamper: altered }],
    ['with a space at its end', { tamper: (body: string) => `${body} ` }],
    ['in these bytes', { tamper: (body: string) => `\uFEFF${body}` }],
    ['at all', { secret: '' }],
  ] satisfies [string, Sending][])('%s: 400, and nothing is written', async (_, sending) => {
    const { checkout_id, order_id } = await makePending(silent)
    expectProblem(await send(makeEvent(checkout_id), sending), 400, 'invalid_signature')
    expect(await trailOf(silent, order_id)).toEqual(['pending'])
    expect(await countEvents(silent, checkout_id)).toBe(0)
  })

  test('an event without signature headers: 400', async () => {
    expectProblem(await silent.api('POST', '/v1/webhooks/simulated', { raw: '{}' }), 400, 'invalid_signature')
    expectProblem(await silent.api('POST', '/v1/webhooks/simulated'), 400, 'invalid_signature')
  })

  test('an event that is too large: 413', async () => {
    expectProblem(await silent.api('POST', '/v1/webhooks/simulated', { raw: 'x'.repeat(300_000) }), 413)
  })
})

test('a provider that is unknown or not configured has no webhook', async () => {
  expectProblem(await silent.api('POST', '/v1/webhooks/stripe', { raw: '{}' }), 404, 'not_found')
  expectProblem(await silent.api('POST', '/v1/webhooks/somebody', { raw: '{}' }), 422, 'invalid_input')
  expectProblem(await silent.api('GET', '/v1/webhooks/simulated'), 405)
})
