/** Refunds that fail, refunds of the dashboard and disputes, from the provider to the books. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import { readSamples } from '../../../test/support/metrics.ts'
import {
  checkOut,
  makeBuyer,
  openPaymentSetup,
  type PayingBuyer,
  type PaymentSetup,
} from '../../../test/support/payment_setup.ts'
import type { Order } from '../../../test/support/responses.ts'
import { eventually } from '../../../test/support/shopper.ts'

const START_TIMEOUT_MS = 60_000
const TEST_TIMEOUT_MS = 60_000
const LIMIT_MS = 40_000

/** Its provider sends each event three times, before and after its response, out of order. */
let eager: PaymentSetup
/** Its provider sends no webhooks: only questions find out. */
let silent: PaymentSetup
/** Its provider is inside the process. */
let inside: PaymentSetup
beforeAll(async () => {
  const [first, second, third] = await Promise.all([
    openPaymentSetup({ webhooks: 'before,after,duplicate=3,shuffle' }),
    openPaymentSetup(),
    openPaymentSetup({ variables: { SIMULATED_PAYMENTS_URL: '', SIMULATED_WEBHOOK_SECRETS: '' } }),
  ])
  eager = first
  silent = second
  inside = third
}, START_TIMEOUT_MS)
afterAll(async () => {
  await Promise.all([eager.close(), silent.close(), inside.close()])
}, START_TIMEOUT_MS)

type Sold = { buyer: PayingBuyer; seller_id: number; order: Order; charge: string }

async function sell(setup: PaymentSetup, method = 'pm_card_visa'): Promise<Sold> {
  const buyer = await makeBuyer(setup)
  const { orders, checkout_id } = expectStatus(await checkOut(buyer, method), 201)
  const [order] = orders as [Order]
  const [row] = await setup.sql`
    select s.owner_id, p.provider_reference from shops s, payments p where s.id = ${order.shop_id} and p.checkout_id = ${checkout_id}`
  return { buyer, seller_id: row?.owner_id, order, charge: row?.provider_reference }
}

const readOrder = async ({ buyer, order }: Sold) => expectStatus(await buyer.api<Order>('GET', `/v1/orders/${order.id}`), 200)

const untilOrder = (sold: Sold, isWanted: (order: Order) => boolean) => eventually(LIMIT_MS, () => readOrder(sold), isWanted)

const refund = (setup: PaymentSetup, { order, seller_id }: Sold) =>
  setup.sql`select * from refund_order(${order.id}, ${seller_id})`

/** Enqueues the question that a schedule would enqueue later. */
const askProvider = (setup: PaymentSetup) => setup.sql`select enqueue_job('reconcile_provider', '{"days": 1}')`

const events = (setup: PaymentSetup, { order }: Sold) => setup.sql<{ outcome: string; count: number }[]>`
  select e.outcome, count(*) from payment_events e
  where e.checkout_id = ${order.checkout_id} and e.outcome not in ('paid', 'declined') group by 1 order by 1`

const SETUPS: [string, () => PaymentSetup][] = [
  ['with shuffled webhooks', () => eager],
  ['without webhooks', () => silent],
  ['inside the process', () => inside],
]

describe.each(SETUPS)('a provider %s', (_, setup) => {
  test(
    'a refund that fails a second later is owed again, and can be made again',
    async () => {
      const sold = await sell(setup(), 'pm_card_refundFails')
      await refund(setup(), sold)
      const failed = await untilOrder(sold, ({ refunds }) => refunds[0]?.status === 'failed')
      expect(failed).toMatchObject({ status: 'paid', refunded: '0.00' })
      await refund(setup(), sold)
      const again = await untilOrder(sold, ({ refunds }) => refunds[1]?.status === 'failed')
      expect(again).toMatchObject({ status: 'paid', refunded: '0.00', refunds: [{ status: 'failed' }, { status: 'failed' }] })
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'an ordinary refund is refunded',
    async () => {
      const sold = await sell(setup())
      await refund(setup(), sold)
      const refunded = await untilOrder(sold, ({ refunds }) => refunds[0]?.status === 'refunded')
      expect(refunded).toMatchObject({ status: 'refunded', refunded: '10.00' })
    },
    TEST_TIMEOUT_MS,
  )
})

test.each(SETUPS.filter(([name]) => name !== 'without webhooks'))(
  'a provider %s: a dispute that follows the charge is shown, and refuses refunds',
  async (_, setup) => {
    const sold = await sell(setup(), 'pm_card_createDispute')
    const disputed = await untilOrder(sold, ({ disputes }) => disputes.length > 0)
    expect(disputed.disputes).toMatchObject([{ amount: '10.00', status: 'open' }])
    expectProblem(await sold.buyer.api('POST', `/v1/orders/${sold.order.id}/cancel`), 409, 'order_disputed')
  },
  TEST_TIMEOUT_MS,
)

test(
  '/metrics counts the failed refunds and the open disputes, which alerts watch',
  async () => {
    const [failed, disputed] = [await sell(silent, 'pm_card_refundFails'), await sell(silent)]
    const gauges = async () => {
      const samples = readSamples((await silent.api('GET', '/metrics')).text)
      return [Number(samples.failed_refunds), Number(samples.open_disputes)] as const
    }
    const [refunds, disputes] = await gauges()
    expect(refunds + disputes).toBeGreaterThanOrEqual(0)
    await refund(silent, failed)
    await untilOrder(failed, (order) => order.refunds[0]?.status === 'failed')
    await silent.payments().post('/disputes', { charge: disputed.charge })
    await askProvider(silent)
    await untilOrder(disputed, (order) => order.disputes[0]?.status === 'open')
    expect(await gauges()).toEqual([refunds + 1, disputes + 1])
    await silent.payments().post(`/disputes/dp_${disputed.charge}/won`)
    await askProvider(silent)
    await eventually(LIMIT_MS, gauges, ([, open]) => open === disputes)
  },
  TEST_TIMEOUT_MS,
)

test(
  'a payment of another provider is not asked of this one',
  async () => {
    const { order, seller_id } = await sell(silent)
    await silent.sql`update payments set provider = 'stripe' where checkout_id = ${order.checkout_id}`
    await silent.sql`select * from refund_order(${order.id}, ${seller_id})`
    const job = await eventually(
      LIMIT_MS,
      async () => {
        const [row] = await silent.sql`
        select j.state, j.output ->> 'message' as message from pgboss.job j
        join refunds r on j.data @> jsonb_build_object('refund_id', r.id)
        where j.name = 'refund_payment' and r.order_id = ${order.id}`
        return row
      },
      (row) => row?.state === 'retry',
    )
    expect(job?.message).toBe('This process uses simulated. Refund the payment by a process that is configured for stripe.')
  },
  TEST_TIMEOUT_MS,
)

describe('made in the dashboard', () => {
  test(
    'a refund, and the end of a dispute, count once by their webhooks',
    async () => {
      const sold = await sell(eager)
      await eager.payments().post('/refunds', { charge: sold.charge, amount: '4.00' })
      await untilOrder(sold, ({ refunded }) => refunded === '4.00')
      await eager.payments().post('/disputes', { charge: sold.charge })
      await untilOrder(sold, ({ disputes }) => disputes[0]?.status === 'open')
      await eager.payments().post(`/disputes/dp_${sold.charge}/won`)
      const order = await untilOrder(sold, ({ disputes }) => disputes[0]?.status === 'won')
      expect(order).toMatchObject({ status: 'paid', refunded: '4.00', refunds: [{ amount: '4.00', status: 'refunded' }] })
      const counts = await eventually(
        LIMIT_MS,
        () => events(eager, sold),
        (rows) => rows.length === 3,
      )
      expect(counts.map(({ outcome, count }) => [outcome, count])).toEqual([
        ['dispute_open', 1],
        ['dispute_won', 1],
        ['refund_refunded', 1],
      ])
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'a refund and a dispute without webhooks are found by the list',
    async () => {
      const [refunded, disputed] = [await sell(silent), await sell(silent)]
      await silent.payments().post('/refunds', { charge: refunded.charge, amount: '10.00' })
      await silent.payments().post('/disputes', { charge: disputed.charge })
      await askProvider(silent)
      await untilOrder(refunded, ({ status }) => status === 'refunded')
      await untilOrder(disputed, ({ disputes }) => disputes[0]?.status === 'open')
      await silent.payments().post(`/disputes/dp_${disputed.charge}/lost`)
      await askProvider(silent)
      await untilOrder(disputed, ({ disputes }) => disputes[0]?.status === 'lost')
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'a refund of all before ours: ours fails, and that of the dashboard takes its place',
    async () => {
      const sold = await sell(silent)
      await silent.payments().post('/refunds', { charge: sold.charge, amount: '10.00' })
      await refund(silent, sold)
      const order = await untilOrder(sold, ({ refunds }) => refunds.length === 2)
      expect(order).toMatchObject({
        status: 'refunded',
        refunded: '10.00',
        refunds: [{ status: 'failed' }, { status: 'refunded' }],
      })
      expect((await silent.payments().count()).charges[order.checkout_id]).toMatchObject({ refunded: '10.00' })
    },
    TEST_TIMEOUT_MS,
  )
})
