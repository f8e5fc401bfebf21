import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import { makeSale } from '../../../test/support/factory.ts'
import { findWrongLedger } from '../../../test/support/ledger.ts'
import { openPaymentSetup, type PaymentSetup } from '../../../test/support/payment_setup.ts'
import { startServer } from '../../../test/support/server.ts'
import { eventually, makeSeller, signUp } from '../../../test/support/shopper.ts'

type Account = { status: string; onboarding_url: string | null; requirements: string[] }
const IBAN = 'DE89370400440532013000'

describe('an account that an operator pays by hand', () => {
  const detailsOf = async (shop_id: number): Promise<unknown[]> => {
    const { sql } = await startServer()
    return sql ? [...(await sql`select country, holder_name, iban, status from payout_accounts where shop_id = ${shop_id}`)] : []
  }

  test('asks for the bank account, and is active with it', async () => {
    const { seller, shop } = await makeSeller()
    const path = `/v1/shops/${shop.id}/payout-account`
    expectProblem(await seller.call('GET', path), 404, 'not_found')
    const asked = { status: 'pending', onboarding_url: null, requirements: ['holder_name', 'iban'] }
    expect(expectStatus(await seller.call<Account>('POST', path), 201)).toEqual(asked)
    expect(expectStatus(await seller.call<Account>('GET', path), 200)).toEqual(asked)
    const body = { holder_name: 'Ann Arbor', iban: 'de89 3704 0044 0532 0130 00' }
    const active = { status: 'active', onboarding_url: null, requirements: [] }
    expect(expectStatus(await seller.call<Account>('POST', path, { body }), 201)).toEqual(active)
    expect(expectStatus(await seller.call<Account>('POST', path), 201)).toEqual(active)
    expect(await detailsOf(shop.id)).toEqual([{ country: 'DE', holder_name: 'Ann Arbor', iban: IBAN, status: 'active' }])
  })

  test.each([
    [{ holder_name: 'Ann', iban: 'DE88370400440532013000' }, 'iban'],
    [{ holder_name: 'Ann', iban: 'DE89370400440532013' }, 'iban'],
    [{ holder_name: 'Ann', iban: 'US5012345678901' }, 'iban'],
    [{ holder_name: '\uffff', iban: IBAN }, 'holder_name'],
    [{ holder_name: 'Ann', iban: IBAN, country: 'FR' }, 'country'],
    [{ holder_name: 'Ann' }, 'iban'],
    [{ iban: IBAN }, 'holder_name'],
    [{ country: 'XX' }, 'country'],
    [{ country: 'us' }, 'country'],
  ])('refuses %p', async (body, field) => {
    const { seller, shop } = await makeSeller()
    const answer = await seller.call('POST', `/v1/shops/${shop.id}/payout-account`, { body })
    expect(expectProblem(answer, 422, 'invalid_input').errors?.[0]?.pointer).toBe(`#/${field}`)
  })

  test('is for the owner alone', async () => {
    const { shop } = await makeSeller()
    const other = await signUp('Bo')
    for (const method of ['GET', 'POST'] as const)
      expectProblem(await other.call(method, `/v1/shops/${shop.id}/payout-account`), 403, 'not_owner')
  })
})

describe('an account of the simulated provider', () => {
  let setup: PaymentSetup
  beforeAll(async () => {
    const variables = { PAYOUT_PROVIDER: 'simulated', PAYOUT_HOLD_DAYS: '0', PAYOUT_MINIMUM: '1.00' }
    setup = await openPaymentSetup({ webhooks: 'after,duplicate=2', variables })
  })
  afterAll(() => setup.close())

  async function makeShop() {
    const seller = await signUp('Ann', undefined, setup.api)
    const input = {
      name: crypto.randomUUID(),
      shipping: { base: '3.00', per_extra_item: '0.00', processing_days_min: 1, processing_days_max: 2 },
    }
    const { id } = expectStatus(await seller.call<{ id: number }>('POST', '/v1/shops', { body: input }), 201)
    const path = `/v1/shops/${id}/payout-account`
    const open = async () => expectStatus(await seller.call<Account>('POST', path), 201)
    return { seller, shop_id: id, path, open, read: async () => expectStatus(await seller.call<Account>('GET', path), 200) }
  }
  const visit = (url: string | null, query = '') => fetch(`${url}${query}`, { method: 'POST' })

  test('is active after a visit of the onboarding_url, which a second call returns too', async () => {
    const { open, read } = await makeShop()
    const opened = await open()
    expect(opened).toEqual({ status: 'pending', onboarding_url: expect.any(String), requirements: ['bank_account'] })
    expect(await open()).toEqual(opened)
    expect(await read()).toEqual(opened)
    expect(await (await fetch(`${opened.onboarding_url}`)).text()).toContain('Open the payout account')
    expect((await visit(opened.onboarding_url)).status).toBe(200)
    expect(await read()).toEqual({ status: 'active', onboarding_url: null, requirements: [] })
    expect(await open()).toEqual({ status: 'active', onboarding_url: null, requirements: [] })
  })

  test('is read as the provider says now, although no webhook has come', async () => {
    const { open, read, shop_id } = await makeShop()
    const opened = await open()
    await setup.sql`update payout_accounts set reference = ${`acct_${shop_id}`} where shop_id = ${shop_id}`
    expect(await read()).toEqual({ status: 'active', onboarding_url: null, requirements: [] })
    expect([...(await setup.sql`select status from payout_accounts where shop_id = ${shop_id}`)]).toEqual([{ status: 'active' }])
    const expired = await fetch(`${opened.onboarding_url}`.replace(/payout-accounts.*/, 'payout-accounts/again'))
    expect(await expired.text()).toContain('Open the link again from your shop.')
  })

  test('opens no page for a guessed token, another shop or an unknown kind', async () => {
    const { open } = await makeShop()
    const other = await makeShop()
    await other.open()
    const url = (await open()).onboarding_url ?? ''
    expect((await visit(`${url.slice(0, -4)}AAAA`)).status).toBe(404)
    expect((await visit(url.replace(/\d+\/([^/]+)$/, `${other.shop_id}/$1`))).status).toBe(404)
    expect((await visit(url, '?as=rich')).status).toBe(400)
    expect((await other.read()).status).toBe('pending')
  })

  test('can be restricted, and then names what the provider asks for', async () => {
    const { open, read } = await makeShop()
    const { onboarding_url } = await open()
    await visit(onboarding_url, '?as=restricted')
    expect(await read()).toEqual({ status: 'restricted', onboarding_url, requirements: ['identity_document'] })
  })

  test('takes no bank details here', async () => {
    const { seller, path } = await makeShop()
    const answer = await seller.call('POST', path, { body: { holder_name: 'Ann', iban: IBAN } })
    expect(expectProblem(answer, 422, 'invalid_input').errors?.[0]?.pointer).toBe('#/iban')
  })

  test.each([
    ['', 'paid'],
    ['?as=returns_payout', 'returned'],
    ['?as=no_funds', 'failed'],
  ])('%p: a planned payout becomes %s', async (query, status) => {
    const { seller, shop_id, open } = await makeShop()
    const { sql } = setup
    const sale = await makeSale(sql, { outcome: null, shop: { shop_id, seller_id: seller.id } })
    const charge = { key: String(sale.checkout_id), amount: '23.00', method: 'pm_card_visa' }
    await setup.payments().post('/charges', charge)
    await sql`select settle_checkout(${sale.checkout_id}, 'paid', 'simulated', ${`sim_${sale.checkout_id}`})`
    await sql`select from ship_order(${sale.order_id}, ${seller.id}, 'UPS', '1Z')`
    await sql`select release_earnings()`
    await sql`select plan_payouts()`
    expect([...(await sql`select from payouts where shop_id = ${shop_id}`)]).toEqual([])
    await visit((await open()).onboarding_url, query)
    await sql`select plan_payouts()`
    const payouts = async () => [...(await sql`select status, amount from payouts where shop_id = ${shop_id}`)]
    await eventually(10_000, payouts, ([payout]) => payout?.status === status)
    expect(await payouts()).toEqual([{ status, amount: '23.00' }])
    expect(await findWrongLedger(sql)).toEqual([])
  })
})
