/** Refunds and disputes of Stripe, against a server that answers by Stripe's documented objects. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import Stripe from 'stripe'
import {
  type StripeCall,
  type StripeReply,
  type StripeStandIn,
  startStripeStandIn,
} from '../../../test/support/stripe_stand_in.ts'
import type { PaymentProvider } from './provider.ts'
import { openStripeProvider } from './stripe.ts'

const INSTALLATION = 'a1b2'
const SECRET = 'whsec_current'

let standIn: StripeStandIn
let calls: StripeCall[]
let reply: (call: StripeCall) => StripeReply
let provider: PaymentProvider
beforeEach(() => {
  standIn = startStripeStandIn((call) => reply(call))
  calls = standIn.calls
  const api_url = standIn.url
  provider = openStripeProvider({
    secret_key: 'sk_test_123',
    webhook_secrets: [SECRET],
    installation: INSTALLATION,
    api_url,
    base_url: api_url,
  })
})
afterEach(() => standIn.stop())

const ample = () => AbortSignal.timeout(20_000)
const list = (data: unknown[]) => ({ body: { object: 'list', data, has_more: false, url: '/v1/x' } })
const stripeRefund = (values: Record<string, unknown> = {}) => ({
  id: 're_1',
  object: 'refund',
  amount: 450,
  currency: 'usd',
  payment_intent: 'pi_1',
  status: 'succeeded',
  metadata: { key: 'refund_3', installation: INSTALLATION },
  ...values,
})
const stripeDispute = (values: Record<string, unknown> = {}) => ({
  id: 'dp_1',
  object: 'dispute',
  amount: 450,
  currency: 'usd',
  payment_intent: 'pi_1',
  reason: 'fraudulent',
  status: 'needs_response',
  ...values,
})

describe('a refund', () => {
  const refund = () => provider.refund({ key: 'refund_3', reference: 'pi_1', amount: '4.50' }, ample())

  test('is made under our key, and not again if Stripe has one with the key', async () => {
    reply = ({ method }) =>
      method === 'GET' ? list([stripeRefund({ metadata: { key: 'refund_2' } })]) : { body: stripeRefund({ id: 're_2' }) }
    expect(await refund()).toEqual({ reference: 're_2', outcome: 'refunded', failure_reason: null })
    expect(calls[1]).toMatchObject({
      path: '/v1/refunds',
      form: {
        payment_intent: 'pi_1',
        amount: '450',
        'metadata[key]': 'refund_3',
        'metadata[installation]': INSTALLATION,
      },
      key: `${INSTALLATION}_refund_3`,
    })
    reply = () => list([stripeRefund()])
    expect(await refund()).toMatchObject({ reference: 're_1' })
    expect(calls).toHaveLength(3)
  })

  test.each([
    ['pending', 'sent'],
    ['requires_action', 'sent'],
    ['succeeded', 'refunded'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
  ])('%s: %s, in the response and when it is asked for again', async (status, outcome) => {
    reply = ({ method }) => (method === 'GET' ? list([]) : { body: stripeRefund({ status }) })
    expect(await refund()).toMatchObject({ reference: 're_1', outcome })
    reply = () => list([stripeRefund({ status })])
    expect(await refund()).toMatchObject({ reference: 're_1', outcome })
  })

  test.each([
    { code: 'charge_already_refunded', message: 'Charge ch_1 has already been refunded.' },
    { code: 'charge_disputed', message: 'Charge ch_1 has been charged back; cannot issue a refund.' },
    { param: 'amount', message: 'Refund amount ($4.50) is greater than unrefunded amount on charge ($4.00)' },
  ])('that Stripe refuses for good has failed: %p', async (error) => {
    reply = ({ method }) => {
      return method === 'GET' ? list([]) : { status: 400, body: { error: { type: 'invalid_request_error', ...error } } }
    }
    expect(await refund()).toEqual({ reference: null, outcome: 'failed', failure_reason: error.message })
  })

  test.each([
    [400, { code: 'balance_insufficient' }],
    [404, { code: 'resource_missing', param: 'payment_intent' }],
    [500, {}],
  ])('that Stripe can make later throws: %d %p', async (status, error) => {
    const type = status === 500 ? 'api_error' : 'invalid_request_error'
    reply = ({ method }) => (method === 'GET' ? list([]) : { status, body: { error: { type, message: 'no', ...error } } })
    await expect(refund()).rejects.toThrow('no')
  })
})

const REFUND_EVENT = {
  kind: 'refund',
  event_id: 'evt_1',
  payment_reference: 'pi_1',
  refund_reference: 're_1',
  key: 'refund_3',
  amount: '4.50',
  currency: 'usd',
  outcome: 'refunded',
  failure_reason: null,
} as const
const DISPUTE_EVENT = {
  kind: 'dispute',
  event_id: 'evt_1',
  payment_reference: 'pi_1',
  dispute_reference: 'dp_1',
  amount: '4.50',
  currency: 'usd',
  outcome: 'open',
  reason: 'fraudulent',
} as const

describe('the list', () => {
  test('of a charge, or of the last days, has refunds and disputes', async () => {
    reply = ({ path }) =>
      path === '/v1/refunds' ? list([stripeRefund(), stripeRefund({ payment_intent: null })]) : list([stripeDispute()])
    const events = [
      { ...REFUND_EVENT, event_id: 're_1.succeeded' },
      { ...DISPUTE_EVENT, event_id: 'dp_1.needs_response' },
    ]
    expect(await provider.listFollowUps({ charge: 'pi_1' }, ample())).toEqual(events)
    expect(calls.map(({ path, form }) => [path, form.payment_intent])).toEqual([
      ['/v1/refunds', 'pi_1'],
      ['/v1/disputes', 'pi_1'],
    ])
    expect(await provider.listFollowUps({ days: 2 }, ample())).toEqual(events)
    const since_s = Number(calls[2]?.form['created[gte]'])
    expect(Math.abs(since_s - (Date.now() / 1000 - 2 * 24 * 3600))).toBeLessThan(60)
  })
})

describe('a webhook', () => {
  async function read(type: string, object: unknown) {
    const payload = JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object } })
    const header = await new Stripe('sk_test_123').webhooks.generateTestHeaderStringAsync({ payload, secret: SECRET })
    return (await provider.readEvent?.(payload, new Headers({ 'stripe-signature': header }))) ?? null
  }

  test.each(['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated'])('%s: the refund', async (type) => {
    expect(await read(type, stripeRefund())).toEqual(REFUND_EVENT)
    expect(await read(type, stripeRefund({ status: 'failed', failure_reason: 'lost_or_stolen_card' }))).toEqual({
      ...REFUND_EVENT,
      outcome: 'failed',
      failure_reason: 'lost_or_stolen_card',
    })
  })

  test.each([{}, null, { key: 'a note of a person' }])(
    'of a refund in the dashboard has no key: metadata %p',
    async (metadata) => {
      expect(await read('refund.created', stripeRefund({ metadata, currency: 'eur' }))).toEqual({
        ...REFUND_EVENT,
        key: null,
        currency: 'eur',
      })
    },
  )

  test('of a refund of another database, or without an intent, is ignored', async () => {
    expect(await read('refund.updated', stripeRefund({ metadata: { key: 'refund_3', installation: 'another' } }))).toBeNull()
    expect(await read('refund.updated', stripeRefund({ payment_intent: null }))).toBeNull()
  })

  test('charge.refunded names the charge alone', async () => {
    const charge = { id: 'ch_1', object: 'charge', payment_intent: 'pi_1', amount_refunded: 450 }
    expect(await read('charge.refunded', charge)).toEqual({ kind: 'charge_refunded', payment_reference: 'pi_1' })
  })

  test.each([
    ['charge.dispute.created', 'needs_response', 'open'],
    ['charge.dispute.updated', 'under_review', 'open'],
    ['charge.dispute.funds_withdrawn', 'needs_response', 'open'],
    ['charge.dispute.funds_reinstated', 'won', 'won'],
    ['charge.dispute.closed', 'won', 'won'],
    ['charge.dispute.closed', 'lost', 'lost'],
  ])('%s, %s: the dispute is %s', async (type, status, outcome) => {
    expect(await read(type, stripeDispute({ status }))).toEqual({ ...DISPUTE_EVENT, outcome } as never)
  })

  test('of an inquiry, which takes no money, is ignored', async () => {
    for (const status of ['warning_needs_response', 'warning_under_review', 'warning_closed', 'prevented'])
      expect(await read('charge.dispute.created', stripeDispute({ status }))).toBeNull()
  })
})
