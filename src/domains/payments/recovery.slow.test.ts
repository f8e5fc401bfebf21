import { afterAll, beforeAll, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import {
  checkOut,
  makeBuyer,
  openPaymentSetup,
  type PayingBuyer,
  type PaymentSetup,
} from '../../../test/support/payment_setup.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import { eventually } from '../../../test/support/shopper.ts'

/** Room for a lease of 8 s, a start of the API and a machine that is busy otherwise. */
const TEST_TIMEOUT_MS = 120_000

/** No webhooks: what is settled here is settled by calls, jobs and the reconciler. */
let setup: PaymentSetup
beforeAll(async () => {
  setup = await openPaymentSetup()
}, TEST_TIMEOUT_MS)
afterAll(() => setup.close(), TEST_TIMEOUT_MS)

async function statusOf(buyer: PayingBuyer, checkout_id: number): Promise<string> {
  return (await buyer.api<{ status: string }>('GET', `/v1/checkouts/${checkout_id}`)).body.status
}

async function checkoutsOf(buyer: PayingBuyer): Promise<{ id: number; status: string }[]> {
  return [
    ...(await setup.sql<
      { id: number; status: string }[]
    >`select id, status from checkouts where buyer_id = ${buyer.id} order by id`),
  ]
}

async function chargeOf(checkout_id: number) {
  return (await setup.payments().count()).charges[checkout_id]
}

async function stockOf(buyer: PayingBuyer): Promise<number> {
  const [product] = await setup.sql<{ quantity: number }[]>`select quantity from products where id = ${buyer.product_id}`
  return product?.quantity ?? -1
}

test(
  'an API killed after the charge: the same key returns 201, and the charge was made once',
  async () => {
    const buyer = await makeBuyer(setup)
    const key = crypto.randomUUID()
    const dying = checkOut(buyer, 'pm_card_slow', key).catch(() => null)
    const [placed] = await eventually(
      20_000,
      () => checkoutsOf(buyer),
      (checkouts) => checkouts.length === 1,
    )
    const checkout_id = placed?.id ?? 0
    await eventually(
      20_000,
      () => setup.payments().find(checkout_id),
      (charge) => charge !== null,
    )
    await setup.killApi()
    await dying
    await setup.startApi()
    const answer = await eventually(
      60_000,
      () => checkOut(buyer, 'pm_card_slow', key),
      ({ status }) => status !== 409,
    )
    expect(expectStatus(answer, 201)).toMatchObject({ checkout_id, payment: { status: 'paid' } })
    expect(await chargeOf(checkout_id)).toEqual({ count: 1, captured: '10.00', refunded: '0.00' })
    expect(await checkoutsOf(buyer)).toEqual([{ id: checkout_id, status: 'paid' }])
  },
  TEST_TIMEOUT_MS,
)

test(
  'an API killed before the charge: the checkout is settled without another call',
  async () => {
    const buyer = await makeBuyer(setup)
    // A process that dies between its commit and its call leaves a pending checkout.
    const fingerprint = new Uint8Array(32)
    const [placed] = await setup.sql`
      select checkout_id from place_checkout(
        ${buyer.id}, 'POST /v1/checkout', 'a-key', ${fingerprint}, 8, ${setup.sql.json(ADDRESS)}, 'pm_card_visa', null, 'request')`
    await eventually(
      60_000,
      () => statusOf(buyer, placed?.checkout_id),
      (status) => status === 'paid',
    )
    expect(await chargeOf(placed?.checkout_id)).toMatchObject({ count: 1, captured: '10.00' })
  },
  TEST_TIMEOUT_MS,
)

test(
  'the sweep of the next start finds a checkout whose job is lost',
  async () => {
    const buyer = await makeBuyer(setup)
    const { checkout_id } = expectStatus(await checkOut(buyer, 'pm_card_timeout'), 202)
    await setup.killApi()
    await setup.sql`delete from pgboss.job where name = 'settle_checkout'`
    await setup.sql`update checkouts set settle_after = now() where id = ${checkout_id} and status = 'pending'`
    await setup.startApi()
    await eventually(
      60_000,
      () => statusOf(buyer, checkout_id),
      (status) => status === 'paid',
    )
    expect(await chargeOf(checkout_id)).toEqual({ count: 1, captured: '10.00', refunded: '0.00' })
  },
  TEST_TIMEOUT_MS,
)

test(
  'the reconciler finds a refund whose job is lost, and refunds once',
  async () => {
    const buyer = await makeBuyer(setup)
    const { checkout_id, orders } = expectStatus(await checkOut(buyer, 'pm_card_visa'), 201)
    await setup.killPayments()
    expectStatus(await buyer.api('POST', `/v1/orders/${orders[0]?.id}/cancel`), 200)
    await setup.killApi()
    await setup.sql`delete from pgboss.job where name = 'refund_payment'`
    await setup.sql`update refunds set created_at = created_at - interval '40 seconds'`
    await setup.startPayments()
    await setup.startApi()
    await eventually(
      60_000,
      () => chargeOf(checkout_id),
      (charge) => charge?.refunded === '10.00',
    )
    expect(await stockOf(buyer)).toBe(5)
    const readStatus = () => setup.sql`select status from refunds where order_id = ${orders[0]?.id ?? 0}`
    await eventually(10_000, readStatus, ([refund]) => refund?.status === 'refunded')
  },
  TEST_TIMEOUT_MS,
)

test(
  'a charge that never reached the provider is not made after its buyer is gone for a minute',
  async () => {
    const buyer = await makeBuyer(setup)
    await setup.killApi()
    const [placed] =
      await setup.sql`select checkout_id from checkout_split_orders(${buyer.id}, 'b-key', ${setup.sql.json(ADDRESS)}, 'pm_card_visa')`
    const checkout_id = placed?.checkout_id
    await setup.sql`
      update checkouts set created_at = created_at - interval '2 minutes', charge_until = charge_until - interval '2 minutes'
      where id = ${checkout_id}`
    await setup.startApi()
    await eventually(
      60_000,
      () => statusOf(buyer, checkout_id),
      (status) => status === 'cancelled',
    )
    expect(await setup.payments().find(checkout_id)).toBeNull()
    expect(await stockOf(buyer)).toBe(5)
  },
  TEST_TIMEOUT_MS,
)

test(
  'a provider that is down: 503, stock and cart are back, and the same key works once it is up',
  async () => {
    const buyer = await makeBuyer(setup)
    const key = crypto.randomUUID()
    await setup.killPayments()
    expectProblem(await checkOut(buyer, 'pm_card_visa', key), 503, 'payment_unavailable')
    expect(await stockOf(buyer)).toBe(5)
    expect((await buyer.api<{ total: string }>('GET', '/v1/cart')).body.total).toBe('10.00')
    await setup.startPayments()
    const { checkout_id } = expectStatus(await checkOut(buyer, 'pm_card_visa', key), 201)
    expect(await chargeOf(checkout_id)).toMatchObject({ count: 1, captured: '10.00' })
  },
  TEST_TIMEOUT_MS,
)

test(
  'an open breaker: 503 before anything is written',
  async () => {
    const failing = await makeBuyer(setup)
    const isOpen = async () => {
      const [before] = await setup.sql<{ count: number }[]>`select count(*) from checkouts`
      expectProblem(await checkOut(failing, 'pm_card_error'), 503, 'payment_unavailable')
      const [after] = await setup.sql<{ count: number }[]>`select count(*) from checkouts`
      return before?.count === after?.count
    }
    await eventually(20_000, isOpen, (open) => open)
    const buyer = await makeBuyer(setup)
    const answer = await checkOut(buyer, 'pm_card_visa')
    expectProblem(answer, 503, 'payment_unavailable')
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await checkoutsOf(buyer)).toEqual([])
  },
  TEST_TIMEOUT_MS,
)
