/** Payouts by Stripe: our calls against its own mock, and whole payouts against a stand-in that keeps balances. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import pino from 'pino'
import Stripe from 'stripe'
import { testDatabase } from '../../../db/test/test_database.ts'
import { findWrongLedger } from '../../../test/support/ledger.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { requires } from '../../../test/support/requirements.ts'
import { type StripeConnect, startStripeConnect } from '../../../test/support/stripe_connect_stand_in.ts'
import { type StripeMock, startStripeMock } from '../../../test/support/stripe_mock.ts'
import { startStripeStandIn } from '../../../test/support/stripe_stand_in.ts'
import { createMetrics } from '../../platform/metrics/metrics.ts'
import { NotSent, type PayoutProvider } from '../payouts/provider.ts'
import { sendOnce } from '../payouts/send_payout.ts'
import { applyEvent } from './apply_event.ts'
import type { PaymentProvider } from './provider.ts'
import { openStripeProvider } from './stripe.ts'

const INSTALLATION = 'a1b2'
const SECRET = 'whsec_current'
const BASE_URL = 'https://market.example'
const open = (api_url: string): PaymentProvider =>
  openStripeProvider({
    secret_key: 'sk_test_123',
    webhook_secrets: [SECRET],
    installation: INSTALLATION,
    api_url,
    base_url: BASE_URL,
  })
const ample = () => AbortSignal.timeout(20_000)
const TRANSFER = {
  key: 'transfer_3',
  payout_key: 'payout_8',
  account: 'acct_123',
  amount: '21.10',
  source: 'pi_123',
  group: 'checkout_7',
}
const REVERSAL = { key: 'transfer_4', payout_key: 'payout_8', account: 'acct_123', amount: '3.00', reversed: 'tr_123' }
const PAYOUT = { key: 'payout_8', account: 'acct_123', amount: '18.10' }

describe.if(requires('stripe-mock'))("Stripe's own mock", () => {
  let mock: StripeMock
  let payouts: PayoutProvider
  beforeAll(async () => {
    mock = await startStripeMock()
    payouts = open(mock.url).payouts
  })
  afterAll(() => mock.stop())

  test('accepts our account and its link', async () => {
    const account = { shop_id: 5, country: 'US' }
    expect(await payouts.openAccount({ ...account, reference: null }, ample())).toMatchObject({
      reference: expect.stringMatching(/^acct_/),
    })
    await payouts.openAccount({ ...account, reference: 'acct_123' }, ample())
  })

  test('accepts our transfer, reversal and payout, and our questions about them', async () => {
    expect(await payouts.transfer(TRANSFER, ample())).toMatchObject({ outcome: 'done', reference: expect.stringMatching(/^tr_/) })
    expect(await payouts.transfer({ ...TRANSFER, source: null, group: null }, ample())).toMatchObject({ outcome: 'done' })
    expect(await payouts.reverse(REVERSAL, ample())).toMatchObject({ outcome: 'done' })
    expect(await payouts.pay(PAYOUT, ample())).toMatchObject({ reference: expect.stringMatching(/^po_/) })
    const query = { ...TRANSFER, ...REVERSAL }
    expect(await payouts.findTransfer({ ...query, is_reversal: false }, ample())).toBeNull()
    expect(await payouts.findTransfer({ ...query, is_reversal: true }, ample())).toBeNull()
    expect(await payouts.findPayout({ ...PAYOUT, reference: null }, ample())).toBeNull()
    expect(await payouts.findPayout({ ...PAYOUT, reference: 'po_123' }, ample())).not.toBeNull()
    await payouts.listBooks?.({ since: new Date(), accounts: ['acct_123'] }, ample())
  })
})

describe('responses of Stripe', () => {
  const answering = async (
    status: number,
    error: Record<string, unknown>,
    call: (payouts: PayoutProvider) => Promise<unknown>,
  ) => {
    const standIn = startStripeStandIn(({ method, path }) =>
      method === 'GET' && !path.startsWith('/v1/payment_intents')
        ? { body: { object: 'list', data: [], has_more: false, url: '/' } }
        : path.startsWith('/v1/payment_intents')
          ? { body: { id: 'pi_123', object: 'payment_intent', latest_charge: 'ch_1' } }
          : { status, body: { error } },
    )
    const result = await call(open(standIn.url).payouts).catch((thrown: Error) => thrown)
    await standIn.stop()
    return result
  }
  const calls = [
    ['transfer', (payouts: PayoutProvider) => payouts.transfer(TRANSFER, ample())],
    ['reverse', (payouts: PayoutProvider) => payouts.reverse(REVERSAL, ample())],
    ['pay', (payouts: PayoutProvider) => payouts.pay(PAYOUT, ample())],
  ] as const

  test.each(calls)('%s: a refusal has failed, and says why', async (_, call) => {
    const error = { type: 'invalid_request_error', code: 'balance_insufficient', message: 'Insufficient funds' }
    expect(await answering(400, error, call)).toEqual({
      outcome: 'failed',
      reference: null,
      failure_reason: 'Insufficient funds',
    })
  })

  test.each(calls)('%s: an error that comes before any work moved nothing', async (_, call) => {
    for (const status of [401, 403, 429]) expect(await answering(status, { message: 'no' }, call)).toBeInstanceOf(NotSent)
  })

  test.each(calls)('%s: any other error leaves the outcome unknown', async (_, call) => {
    const error = await answering(500, { type: 'api_error', message: 'no' }, call)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(NotSent)
  })
})

describe('a payout by Stripe', async () => {
  const db = await testDatabase()
  const log = pino({ level: 'silent' })
  let stripe: StripeConnect
  let provider: PaymentProvider
  beforeEach(async () => {
    stripe = startStripeConnect()
    provider = open(stripe.url)
    await db.sql`
      insert into settings (name, value) values ('PAYOUT_HOLD_DAYS', '0'), ('PAYOUT_MINIMUM', '1'), ('PAYOUT_PROVIDER', 'stripe')
      on conflict (name) do update set value = excluded.value`
  })
  afterEach(async () => {
    expect(await findWrongLedger(db.sql)).toEqual([])
    await stripe.stop()
  })

  type Seller = { shop_id: number; seller_id: number }
  async function makeReleased(shop?: Seller) {
    const sale = await db.makeSale({ outcome: null, ...(shop ? { shop } : {}) })
    await db.sql`select settle_checkout(${sale.checkout_id}, 'paid', 'stripe', ${`pi_${sale.checkout_id}`})`
    await db.sql`select from ship_order(${sale.order_id}, ${sale.seller_id}, 'UPS', '1Z')`
    await db.sql`select release_earnings()`
    return sale
  }
  const event = async (type: string, object: unknown, account?: string) => {
    const payload = JSON.stringify({ id: `evt_${crypto.randomUUID()}`, object: 'event', type, account, data: { object } })
    const header = await new Stripe('sk_test_123').webhooks.generateTestHeaderStringAsync({ payload, secret: SECRET })
    const read = await provider.readEvent?.(payload, new Headers({ 'stripe-signature': header }))
    if (read) await applyEvent('stripe', read, { sql: db.sql, log, metrics: createMetrics() })
    return read ?? null
  }
  async function makeSeller() {
    const sale = await makeReleased()
    const query = { shop_id: sale.shop_id, country: 'US' }
    await db.sql`select from open_payout_account(${sale.shop_id}, ${sale.seller_id})`
    const opened = await provider.payouts.openAccount({ ...query, reference: null }, ample())
    await db.sql`select settle_payout_account(${sale.shop_id}, 'stripe', ${opened.reference}, ${opened.status}, ${opened.requirements})`
    return { ...sale, opened, account: opened.reference }
  }
  async function makeActive() {
    const seller = await makeSeller()
    stripe.activate(seller.account)
    await event('account.updated', stripe.find(seller.account))
    return seller
  }
  async function plan({ shop_id }: Seller) {
    await db.sql`select from plan_payout(${shop_id})`
    return db.value<number>`select max(id) from payouts where shop_id = ${shop_id}`
  }
  const send = (payout_id: number) => sendOnce(payout_id, db.sql, provider.payouts)
  const statusOf = (payout_id: number) => db.value<string>`select status from payouts where id = ${payout_id}`
  const payoutAt = (payout_id: number) =>
    db.value<string>`select provider_reference from payouts where id = ${payout_id}`.then((id) => stripe.find(id))
  const count = (path: RegExp) => stripe.calls.filter((call) => call.method === 'POST' && path.test(call.path)).length

  test('begins once account.updated says that the account can be paid', async () => {
    const seller = await makeSeller()
    expect(seller.opened).toEqual({
      reference: seller.account,
      status: 'pending',
      requirements: ['external_account'],
      onboarding_url: `https://connect.example/${seller.account}`,
    })
    expect(stripe.calls[0]?.form).toMatchObject({
      country: 'US',
      'controller[stripe_dashboard][type]': 'express',
      'capabilities[transfers][requested]': 'true',
      'capabilities[card_payments][requested]': 'true',
      'settings[payouts][schedule][interval]': 'manual',
      'metadata[shop_id]': String(seller.shop_id),
    })
    await expect(plan(seller)).rejects.toThrow('not active')
    // An event that is late tells an old state: Stripe is asked for the present one.
    const late = { ...stripe.find(seller.account) }
    stripe.activate(seller.account)
    await event('account.updated', late)
    expect(await db.value<string>`select status from payout_accounts where shop_id = ${seller.shop_id}`).toBe('active')
    await plan(seller)
  })

  test('is of an account in the United States: Stripe is asked for US dollars', async () => {
    const sale = await makeReleased()
    const opened = db.sql`select from open_payout_account(${sale.shop_id}, ${sale.seller_id}, '{"country": "DE"}')`
    expect(await refusalOf(opened)).toMatchObject({ code: 'SWINV', detail: { field: 'country' } })
    const query = { shop_id: sale.shop_id, reference: null }
    await expect(provider.payouts.openAccount({ ...query, country: 'MX' }, ample())).rejects.toMatchObject({
      code: 'invalid_input',
      extensions: { errors: [{ pointer: '#/country', detail: expect.stringContaining('MX') }] },
    })
    // A refusal is kept under its key, so another country is another request.
    await provider.payouts.openAccount({ ...query, country: 'US' }, ample())
  })

  test('ignores events about accounts of other systems and about deleted ones', async () => {
    const seller = await makeActive()
    const { calls } = stripe
    const before = calls.length
    expect(await event('account.updated', { ...stripe.find(seller.account), metadata: {} })).toBeNull()
    expect(calls.length).toBe(before)
    expect(await event('account.updated', { ...stripe.find(seller.account), id: 'acct_gone' })).toBeNull()
  })

  test('keeps what a webhook has told of an account meanwhile', async () => {
    const { shop_id, account } = await makeActive()
    const settle = (status: string, known: string) =>
      db.value<string>`select settle_payout_account(${shop_id}, 'stripe', ${account}, ${status}, '{}', ${known})`
    expect(await settle('pending', 'pending')).toBe('active')
    expect(await settle('restricted', 'active')).toBe('restricted')
  })

  test('that failed is asked for again if an older event says that it is paid', async () => {
    const seller = await makeActive()
    const payout_id = await plan(seller)
    await send(payout_id)
    const payout = (await payoutAt(payout_id)) as { id: string }
    Object.assign(payout, { status: 'failed', failure_message: 'closed' })
    await event('payout.failed', payout, seller.account)
    expect(await event('payout.paid', { ...payout, status: 'paid' }, seller.account)).toMatchObject({ outcome: 'failed' })
    expect(await db.rows`select status, problem from payouts where id = ${payout_id}`).toEqual([
      { status: 'failed', problem: null },
    ])
  })

  test('transfers the money of the charge, pays it to the bank, and ends by its webhook', async () => {
    const seller = await makeActive()
    const payout_id = await plan(seller)
    await send(payout_id)
    expect(stripe.calls.find(({ path, method }) => method === 'POST' && path === '/v1/transfers')).toMatchObject({
      form: {
        amount: '2300',
        currency: 'usd',
        destination: seller.account,
        source_transaction: `ch_of_pi_${seller.checkout_id}`,
        transfer_group: `${INSTALLATION}_checkout_${seller.checkout_id}`,
      },
    })
    expect(stripe.calls.find(({ path, method }) => method === 'POST' && path === '/v1/payouts')).toMatchObject({
      account: seller.account,
      form: { amount: '2300', 'metadata[key]': `payout_${payout_id}` },
    })
    expect(await statusOf(payout_id)).toBe('sent')
    await event('payout.paid', { ...(await payoutAt(payout_id)), status: 'paid' })
    expect(await statusOf(payout_id)).toBe('paid')
    await event('payout.failed', { ...(await payoutAt(payout_id)), status: 'failed', failure_code: 'account_closed' })
    expect(await statusOf(payout_id)).toBe('returned')
  })

  test('that the bank refuses before it had it has failed', async () => {
    const seller = await makeActive()
    const payout_id = await plan(seller)
    await send(payout_id)
    const failed = { ...(await payoutAt(payout_id)), status: 'failed', failure_message: 'The account is closed.' }
    await event('payout.failed', failed)
    await event('payout.failed', { ...failed, metadata: { key: `payout_${payout_id}`, installation: 'another' } })
    expect(await statusOf(payout_id)).toBe('failed')
    expect(await db.value<string>`select failure_reason from payouts where id = ${payout_id}`).toBe('The account is closed.')
  })

  test.each([[/^\/v1\/transfers$/], [/^\/v1\/payouts$/]])('whose answer to %p is lost is made once', async (path) => {
    const seller = await makeActive()
    const payout_id = await plan(seller)
    stripe.loseAnswer(path)
    await expect(send(payout_id)).rejects.toThrow('lost')
    await send(payout_id)
    expect(await statusOf(payout_id)).toBe('sent')
    expect([count(/^\/v1\/transfers$/), count(/^\/v1\/payouts$/)]).toEqual([1, 1])
    expect(stripe.balanceOf(seller.account)).toBe(0)
  })

  test('that a killed worker has made is found again, also after a day', async () => {
    const seller = await makeActive()
    const payout_id = await plan(seller)
    await send(payout_id)
    await db.sql`update transfers set status = 'planned', provider_reference = null where payout_id = ${payout_id}`
    await db.sql`update payouts set status = 'planned', provider_reference = null where id = ${payout_id}`
    stripe.forgetKeys()
    await send(payout_id)
    expect(await statusOf(payout_id)).toBe('sent')
    expect([count(/^\/v1\/transfers$/), count(/^\/v1\/payouts$/)]).toEqual([1, 1])
  })

  test('takes a refund back by a reversal, and is lower by one that Stripe refuses', async () => {
    const seller = await makeActive()
    const first = await plan(seller)
    await send(first)
    await event('payout.paid', { ...(await payoutAt(first)), status: 'paid' })
    await db.sql`
      select from refund_part(${seller.order_id}, ${seller.seller_id}, '3.00', null, null, null, 'goodwill', null)`
    await makeReleased(seller)
    const second = await plan(seller)
    await send(second)
    expect(await statusOf(second)).toBe('sent')
    expect(await payoutAt(second)).toMatchObject({ amount: 2000 })
    expect([count(/reversals$/), stripe.balanceOf(seller.account)]).toEqual([1, 0])
  })

  test('is in the books with its transfers and reversals, those of the dashboard included', async () => {
    const seller = await makeActive()
    const first = await plan(seller)
    await send(first)
    await event('payout.paid', { ...(await payoutAt(first)), status: 'paid' })
    await db.sql`
      select from refund_part(${seller.order_id}, ${seller.seller_id}, '3.00', null, null, null, 'goodwill', null)`
    await makeReleased(seller)
    await send(await plan(seller))
    const stripeOf = new Stripe('sk_test_123', { host: '127.0.0.1', port: new URL(stripe.url).port, protocol: 'http' })
    const by_hand = { amount: 700, currency: 'usd', destination: seller.account }
    const dashboard = await stripeOf.transfers.create(by_hand)
    await stripeOf.transfers.create({
      ...by_hand,
      metadata: { installation: 'another' },
      destination: (await makeSeller()).account,
    })
    const known = await db.rows`
      select case when amount > 0 then 'transfer' else 'reversal' end as what, provider_reference as reference,
        abs(amount)::text as amount
      from transfers where shop_id = ${seller.shop_id}
      union all select 'payout', provider_reference, amount::text from payouts where shop_id = ${seller.shop_id}`
    const list = async (since: Date) => (await provider.payouts.listBooks?.({ since, accounts: [seller.account] }, ample())) ?? []
    const listed = await list(new Date(Date.now() - 3_600_000))
    const byReference = (entries: { reference?: string }[]) => entries.map(({ reference }) => reference).sort()
    expect(byReference(listed)).toEqual(byReference([...known, { reference: dashboard.id }]))
    expect(listed.map(({ created_at, ...entry }) => entry)).toEqual(expect.arrayContaining([...known] as never[]))
    expect(await list(new Date(Date.now() + 3_600_000))).toEqual([])
  })

  test('reports a reversal that was made in the dashboard, once', async () => {
    const seller = await makeActive()
    await send(await plan(seller))
    const id = await db.value<string>`select provider_reference from transfers where shop_id = ${seller.shop_id}`
    const reversed = (metadata: Record<string, string>) => ({
      ...stripe.find(id),
      reversals: { object: 'list', data: [{ id: 'trr_9', amount: 500, metadata }] },
    })
    expect(await event('transfer.reversed', reversed({ installation: INSTALLATION, key: 'transfer_4' }))).toBeNull()
    expect(await event('transfer.reversed', reversed({}))).toMatchObject({
      kind: 'reversal',
      transfer_reference: id,
      provider_reference: 'trr_9',
      amount: '5.00',
    })
    expect(await db.rows`select provider_reference from payment_events where outcome = 'transfer_reversed'`).toEqual([
      { provider_reference: 'trr_9' },
    ])
  })
})
