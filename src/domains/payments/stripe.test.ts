import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import Stripe from 'stripe'
import { requires } from '../../../test/support/requirements.ts'
import { type StripeMock, startStripeMock } from '../../../test/support/stripe_mock.ts'
import {
  type StripeCall,
  type StripeReply,
  type StripeStandIn,
  startStripeStandIn,
} from '../../../test/support/stripe_stand_in.ts'
import { toProblem } from '../../platform/problem.ts'
import { NotCharged, type PaymentProvider } from './provider.ts'
import { openStripeProvider } from './stripe.ts'

const INSTALLATION = 'a1b2'
const BASE_URL = 'https://market.example'
const SECRETS = ['whsec_next', 'whsec_current']

function open(api_url: string): PaymentProvider {
  return openStripeProvider({
    secret_key: 'sk_test_123',
    webhook_secrets: SECRETS,
    installation: INSTALLATION,
    api_url,
    base_url: BASE_URL,
  })
}

const ample = () => AbortSignal.timeout(20_000)
const CHARGE = { checkout_id: 7, amount: '24.50', method: 'pm_card_visa' }

describe.if(requires('stripe-mock'))("Stripe's own mock", () => {
  let mock: StripeMock
  let provider: PaymentProvider
  beforeAll(async () => {
    mock = await startStripeMock()
    provider = open(mock.url)
  })
  afterAll(() => mock.stop())

  // Its example of a charge is not paid.
  test('accepts our charge', async () => {
    expect(await provider.charge(CHARGE, ample())).toEqual({ outcome: 'declined', reference: expect.stringMatching(/^pi_/) })
  })

  test('accepts our lookups of the charge, with and without its reference', async () => {
    expect(await provider.find({ ...CHARGE, reference: 'pi_123', age_s: 20 }, ample())).toMatchObject({
      outcome: 'declined',
    })
    expect(await provider.find({ ...CHARGE, reference: null, age_s: 20 }, ample())).toBeNull()
  })

  test('accepts our cancellation', async () => {
    const cancelled = await provider.cancel({ ...CHARGE, reference: 'pi_123', age_s: 20 }, ample())
    expect(cancelled).toMatchObject({ reference: expect.stringMatching(/^pi_/) })
  })

  test('accepts our refund', async () => {
    expect(await provider.refund({ key: 'refund_1', reference: 'pi_123', amount: '4.50' }, ample())).toEqual({
      reference: expect.stringMatching(/^re_/),
      outcome: 'refunded',
      failure_reason: null,
    })
  })

  test('accepts our lists of refunds and disputes', async () => {
    await provider.listFollowUps({ charge: 'pi_123' }, ample())
    await provider.listFollowUps({ days: 2 }, ample())
  })

  test('rejects an unknown parameter, so the tests above can fail', async () => {
    const stripe = new Stripe('sk_test_123', {
      host: '127.0.0.1',
      port: new URL(mock.url).port,
      protocol: 'http',
      maxNetworkRetries: 0,
    })
    const order = { amount: 1, currency: 'usd', no_such_parameter: true } as Stripe.PaymentIntentCreateParams
    await expect(stripe.paymentIntents.create(order)).rejects.toThrow()
  })
})

describe('responses of Stripe', () => {
  let standIn: StripeStandIn
  let calls: StripeCall[]
  let reply: (call: StripeCall) => StripeReply | Promise<StripeReply>
  let provider: PaymentProvider

  beforeEach(() => {
    standIn = startStripeStandIn((call) => reply(call))
    calls = standIn.calls
    provider = open(standIn.url)
  })
  afterEach(() => standIn.stop())

  const intent = (status: string, metadata: Record<string, string> = {}) => ({
    id: 'pi_1',
    object: 'payment_intent',
    status,
    metadata,
  })
  const refuse = (status: number, error: Record<string, unknown>) => () => ({ status, body: { error } })
  const unexpectedState = refuse(400, { type: 'invalid_request_error', code: 'payment_intent_unexpected_state', message: 'no' })
  const list = (data: unknown[]) => ({ body: { object: 'list', data, has_more: false, url: '/v1/x' } })
  const charge = () => provider.charge(CHARGE, ample())

  test('charges once, in cents, under a key that no other database has', async () => {
    reply = () => ({ body: intent('succeeded') })
    expect(await charge()).toEqual({ outcome: 'paid', reference: 'pi_1' })
    expect(calls).toEqual([
      {
        method: 'POST',
        path: '/v1/payment_intents',
        form: {
          amount: '2450',
          currency: 'usd',
          payment_method: 'pm_card_visa',
          confirm: 'true',
          'automatic_payment_methods[enabled]': 'true',
          'automatic_payment_methods[allow_redirects]': 'always',
          return_url: 'https://market.example/payment-actions/done',
          transfer_group: `${INSTALLATION}_checkout_7`,
          'metadata[checkout_id]': '7',
          'metadata[installation]': INSTALLATION,
        },
        key: `${INSTALLATION}_checkout_7`,
      },
    ])
  })

  test.each([
    ['requires_payment_method', { body: intent('canceled') }, 'declined'],
    ['requires_capture', { body: intent('canceled') }, 'declined'],
    ['requires_payment_method', unexpectedState(), 'paid'],
  ] as const)('%s: the intent is cancelled, and its new status counts', async (status, cancelled, outcome) => {
    let reads = 0
    reply = ({ method }) => (method === 'POST' ? cancelled : { body: intent(reads++ === 0 ? status : 'succeeded') })
    const find = () => provider.find({ ...CHARGE, reference: 'pi_1', age_s: 20 }, ample())
    expect(await find()).toEqual({ outcome, reference: 'pi_1' })
    expect(calls.map(({ method, path }) => `${method} ${path}`).slice(0, 2)).toEqual([
      'GET /v1/payment_intents/pi_1',
      'POST /v1/payment_intents/pi_1/cancel',
    ])
  })

  test('the event of a failed step ends the intent before it is a decline', async () => {
    const object = { ...intent('requires_payment_method', { checkout_id: '7', installation: INSTALLATION }) }
    const payload = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'payment_intent.payment_failed',
      data: { object },
    })
    const header = await new Stripe('sk_test_123').webhooks.generateTestHeaderStringAsync({ payload, secret: 'whsec_current' })
    const read = () => provider.readEvent?.(payload, new Headers({ 'stripe-signature': header }))
    reply = ({ method }) => ({ body: intent(method === 'POST' ? 'canceled' : 'requires_payment_method') })
    expect(await read()).toMatchObject({ kind: 'charge', checkout_id: 7, outcome: 'declined' })
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/payment_intents/pi_1',
      'POST /v1/payment_intents/pi_1/cancel',
    ])
    reply = () => ({ body: intent('succeeded') })
    expect(await read()).toMatchObject({ outcome: 'paid' })
    reply = () => ({ body: intent('processing') })
    expect(await read()).toBeNull()
    reply = refuse(500, { type: 'api_error', message: 'no' })
    await expect(read()).rejects.toThrow()
  })

  test.each([
    ['succeeded', 'paid'],
    ['processing', 'pending'],
    ['canceled', 'declined'],
  ])('%s: %s', async (status, outcome) => {
    reply = () => ({ body: intent(status) })
    expect(await charge()).toMatchObject({ outcome, reference: 'pi_1' })
  })

  const redirect = {
    type: 'redirect_to_url',
    redirect_to_url: { url: 'https://hooks.stripe.com/3d_secure_2/1', return_url: null },
  }
  test.each([
    [redirect, { type: 'redirect_to_url', url: 'https://hooks.stripe.com/3d_secure_2/1' }],
    [
      { type: 'use_stripe_sdk', use_stripe_sdk: {} },
      { type: 'use_stripe_sdk', client_secret: 'pi_1_secret' },
    ],
  ])('requires_action: the page of the bank, or the secret for its library', async (next_action, expected) => {
    reply = () => ({ body: { ...intent('requires_action'), client_secret: 'pi_1_secret', next_action } })
    const result = { outcome: 'requires_action', reference: 'pi_1', next_action: expected } as const
    expect(await charge()).toEqual(result)
    expect(await provider.find({ ...CHARGE, reference: 'pi_1', age_s: 20 }, ample())).toEqual(result)
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/payment_intents',
      'GET /v1/payment_intents/pi_1',
    ])
  })

  describe('a cancellation', () => {
    const cancel = (reference: string | null = 'pi_1') => provider.cancel({ ...CHARGE, reference, age_s: 20 }, ample())
    const paths = () => calls.map(({ method, path }) => `${method} ${path.replace('/v1/payment_intents', '')}`)

    test('of an intent that requires an action: declined', async () => {
      reply = ({ method }) => ({ body: intent(method === 'POST' ? 'canceled' : 'requires_action') })
      expect(await cancel()).toEqual({ outcome: 'declined', reference: 'pi_1' })
      expect(paths()).toEqual(['GET /pi_1', 'POST /pi_1/cancel'])
    })

    test.each([
      ['succeeded', 'paid'],
      ['canceled', 'declined'],
    ])('of an intent that is %s: %s, and no call changes it', async (status, outcome) => {
      reply = () => ({ body: intent(status) })
      expect(await cancel()).toEqual({ outcome: outcome as 'paid', reference: 'pi_1' })
      expect(paths()).toEqual(['GET /pi_1'])
    })

    test('of an intent that the buyer confirms meanwhile: its new status counts', async () => {
      let reads = 0
      reply = ({ method }) => {
        if (method === 'POST') return unexpectedState()
        return { body: intent(reads++ === 0 ? 'requires_action' : 'succeeded') }
      }
      expect(await cancel()).toEqual({ outcome: 'paid', reference: 'pi_1' })
      expect(paths()).toEqual(['GET /pi_1', 'POST /pi_1/cancel', 'GET /pi_1'])
    })

    test('without a reference searches the intent, and returns null if Stripe has none', async () => {
      reply = () => list([])
      expect(await cancel(null)).toBeNull()
      expect(paths()).toEqual(['GET '])
    })
  })

  test('a declined card or an invalid token: declined', async () => {
    reply = refuse(402, {
      type: 'card_error',
      code: 'card_declined',
      message: 'no',
      payment_intent: intent('requires_payment_method'),
    })
    expect(await charge()).toEqual({ outcome: 'declined', reference: 'pi_1' })
    reply = refuse(400, { type: 'invalid_request_error', code: 'resource_missing', param: 'payment_method', message: 'no' })
    expect(await charge()).toEqual({ outcome: 'declined', reference: null })
  })

  test('an amount that Stripe cannot charge: declined, and no failure of Stripe', async () => {
    reply = refuse(400, { type: 'invalid_request_error', code: 'amount_too_small', param: 'amount', message: 'no' })
    expect(await charge()).toEqual({ outcome: 'declined', reference: null })
  })

  test.each([
    [401, 'invalid_request_error'],
    [403, 'invalid_request_error'],
    [429, 'rate_limit_error'],
  ])('%d: certainly not charged', async (status, type) => {
    reply = refuse(status, { type, message: 'no' })
    await expect(charge()).rejects.toBeInstanceOf(NotCharged)
    expect(calls).toHaveLength(1)
  })

  test.each([
    [500, 'api_error'],
    [409, 'idempotency_error'],
  ])('%d: the outcome is unknown, and there is no retry', async (status, type) => {
    reply = refuse(status, { type, message: 'no' })
    const error = await charge().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(NotCharged)
    expect(calls).toHaveLength(1)
  })

  test('no response within the deadline: aborted, and the outcome is unknown', async () => {
    reply = () => new Promise(() => {})
    const error = await provider.charge(CHARGE, AbortSignal.timeout(100)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(NotCharged)
    expect(calls).toHaveLength(1)
  })

  test('no connection: certainly not charged', async () => {
    await standIn.stop()
    await expect(charge()).rejects.toBeInstanceOf(NotCharged)
  })

  test('finds a lost charge among the intents of its minutes, and ignores those of other databases', async () => {
    const other = intent('succeeded', { checkout_id: '7', installation: 'another' })
    const own = { ...intent('succeeded', { checkout_id: '7', installation: INSTALLATION }), id: 'pi_2' }
    reply = () => list([other, own])
    const find = () => provider.find({ ...CHARGE, reference: null, age_s: 20 }, ample())
    expect(await find()).toEqual({ outcome: 'paid', reference: 'pi_2' })
    const { form } = calls[0] as StripeCall
    expect(Math.abs(Number(form['created[gte]']) - (Date.now() / 1000 - 80))).toBeLessThan(30)
    reply = () => list([other])
    expect(await find()).toBeNull()
  })
})

describe('a webhook', () => {
  const provider = open('http://127.0.0.1:1')
  const stripe = new Stripe('sk_test_123')
  const now_s = Math.floor(Date.now() / 1000)

  function makeEvent(type: string, metadata: Record<string, string> = { checkout_id: '7', installation: INSTALLATION }): string {
    return JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type,
      data: { object: { id: 'pi_1', object: 'payment_intent', metadata } },
    })
  }

  async function read(payload: string, { secret = 'whsec_current', timestamp = now_s, body = payload } = {}) {
    const header = await stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp })
    return provider.readEvent?.(body, new Headers({ 'stripe-signature': header }))
  }

  test.each([
    ['payment_intent.succeeded', 'paid'],
    ['payment_intent.canceled', 'declined'],
  ])('%s: %s, under each active secret', async (type, outcome) => {
    const event = { kind: 'charge', event_id: 'evt_1', checkout_id: 7, outcome, provider_reference: 'pi_1' } as const
    for (const secret of SECRETS) expect(await read(makeEvent(type), { secret })).toEqual(event as never)
  })

  test('ignores events of another type, database or system', async () => {
    expect(await read(makeEvent('payment_intent.processing'))).toBeNull()
    expect(await read(makeEvent('customer.created'))).toBeNull()
    expect(await read(makeEvent('payment_intent.succeeded', { checkout_id: '7', installation: 'another' }))).toBeNull()
    expect(await read(makeEvent('payment_intent.succeeded', {}))).toBeNull()
    expect(await read(makeEvent('payment_intent.succeeded', { checkout_id: '7; drop', installation: INSTALLATION }))).toBeNull()
  })

  test('rejects an altered, old or unsigned event, and one signed with another secret', async () => {
    const payload = makeEvent('payment_intent.succeeded')
    const unsigned = (headers: Record<string, string>) => provider.readEvent?.(payload, new Headers(headers))
    const attempts = [
      () => read(payload, { body: payload.replace('pi_1', 'pi_2') }),
      () => read(payload, { body: `${payload} ` }),
      () => read(payload, { timestamp: now_s - 301 }),
      () => read(payload, { secret: 'whsec_other' }),
      () => unsigned({}),
      () => unsigned({ 'stripe-signature': 't=1,v1=00' }),
    ]
    for (const attempt of attempts) {
      const error = await attempt()?.catch((thrown: unknown) => thrown)
      expect(toProblem(error).code).toBe('invalid_signature')
    }
  })
})
