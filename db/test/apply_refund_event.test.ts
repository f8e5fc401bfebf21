import { describe, expect, test } from 'bun:test'
import { unique } from '../../test/support/factory.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Sale = { checkout_id: number; order_ids: number[]; buyer_id: number; seller_id: number; charge: string }
type Event = {
  event_id?: string
  charge: string
  refund?: string
  key?: string | null
  amount?: string
  currency?: string
  outcome: 'sent' | 'refunded' | 'failed'
}

/** A paid checkout with an order of each total, from a shop each. */
async function makePaid(...prices: string[]): Promise<Sale> {
  const [buyer_id, seller_id] = await db.makeUsers(2)
  for (const price of prices) {
    const shop_id = await db.makeShop({ owner_id: seller_id, base: '0.00' })
    await db.putLine(buyer_id, await db.makeProduct({ shop_id, price, quantity: 5 }))
  }
  const orders = await db.splitOrders(buyer_id)
  const checkout_id = orders[0].checkout_id
  const charge = unique('ch')
  await db.sql`select settle_checkout(${checkout_id}, 'paid', 'simulated', ${charge})`
  const order_ids = orders.map(({ order_id }) => order_id).toSorted((a, b) => a - b)
  return { checkout_id, order_ids, buyer_id, seller_id, charge }
}

function apply({ event_id = unique('evt'), charge, refund = 're_1', key = null, ...event }: Event) {
  const { amount = '20.00', currency = 'usd', outcome } = event
  return db.rows`
    select * from apply_refund_event(
      'simulated', ${event_id}, ${charge}, ${refund}, ${key}, ${amount}::text::numeric, ${currency}, ${outcome},
      ${outcome === 'failed' ? 'lost_card' : null})`
}

/** Our own refund of an amount of an order. */
async function refund(sale: Sale, amount: string | null = null, order_id = sale.order_ids[0] as number): Promise<number> {
  await db.sql`
    select * from refund_part(
      ${order_id}, ${sale.seller_id}, ${amount}::text::numeric, null, null, null, 'goodwill', null)`
  return db.value<number>`select max(id) from refunds where order_id = ${order_id}`
}

const booksOf = async ({ checkout_id }: Sale) => ({
  payment: await db.rows`select status, refunded from payments where checkout_id = ${checkout_id}`,
  orders: await db.rows`select status, refunded from orders where checkout_id = ${checkout_id} order by id`,
  refunds: await db.rows`
    select r.status, r.amount, r.provider_reference, r.failure_reason from refunds r join orders o on o.id = r.order_id
    where o.checkout_id = ${checkout_id} order by r.id`,
})

const outcomesOf = ({ checkout_id }: Sale) =>
  db.rows`select outcome from payment_events where checkout_id = ${checkout_id} and outcome like 'refund%' order by received_at`

async function expectReplayed({ order_ids }: Sale): Promise<void> {
  for (const order_id of order_ids) {
    const [row] = await db.rows`
      select replay_order(o.id) as rebuilt, order_facts(o) as order from orders o where o.id = ${order_id}`
    expect(row?.rebuilt).toEqual(row?.order)
  }
}

const jobsOf = async (queue: string, data: Record<string, unknown>) =>
  (await db.waitingJobs(queue)).filter((job) => Bun.deepEquals(job, data)).length

describe('our own refund', () => {
  test('follows the provider, by its key or its reference, and each event has one record', async () => {
    const sale = await makePaid('20.00')
    const key = `refund_${await refund(sale, '5.00')}`
    const event = { charge: sale.charge, amount: '5.00' }
    const sent = { ...event, key, outcome: 'sent', event_id: unique('evt') } as const
    await apply(sent)
    await apply(sent)
    expect((await booksOf(sale)).refunds).toMatchObject([{ status: 'sent', provider_reference: 're_1' }])
    await apply({ ...event, outcome: 'refunded' })
    expect(await booksOf(sale)).toMatchObject({
      payment: [{ status: 'paid', refunded: '5.00' }],
      orders: [{ status: 'paid', refunded: '5.00' }],
      refunds: [{ status: 'refunded' }],
    })
    expect(await outcomesOf(sale)).toEqual([{ outcome: 'refund_sent' }, { outcome: 'refund_refunded' }])
    await expectReplayed(sale)
  })

  test('that fails is owed again: the seller gets a mail, and can refund once more', async () => {
    const sale = await makePaid('20.00')
    const refund_id = await refund(sale)
    const event = { charge: sale.charge, key: `refund_${refund_id}` }
    await apply({ ...event, outcome: 'refunded' })
    await apply({ ...event, outcome: 'failed' })
    await apply({ ...event, outcome: 'refunded' })
    expect(await booksOf(sale)).toEqual({
      payment: [{ status: 'paid', refunded: '0.00' }],
      orders: [{ status: 'paid', refunded: '0.00' }],
      refunds: [{ status: 'failed', amount: '20.00', provider_reference: 're_1', failure_reason: 'lost_card' }],
    })
    expect(await db.mailsAbout('refund_failed', refund_id)).toHaveLength(1)
    const again = await refund(sale)
    await apply({ ...event, key: `refund_${again}`, refund: 're_2', outcome: 'refunded' })
    expect(await booksOf(sale)).toMatchObject({
      payment: [{ status: 'refunded', refunded: '20.00' }],
      orders: [{ status: 'refunded', refunded: '20.00' }],
    })
    await expectReplayed(sale)
  })

  test.each([
    [{ amount: '4.99' }, 'amount_differs'],
    [{ currency: 'eur' }, 'amount_differs'],
    [{ charge: 'ch_unknown' }, 'unknown_payment'],
    [{ key: 'refund_999999999' }, 'unknown_refund'],
  ])('with %p: %s, recorded, and nothing changes', async (wrong, problem) => {
    const sale = await makePaid('20.00')
    const key = `refund_${await refund(sale, '5.00')}`
    const before = await booksOf(sale)
    const event_id = unique('evt')
    const rows = await apply({ event_id, charge: sale.charge, key, amount: '5.00', outcome: 'refunded', ...wrong })
    expect(rows).toEqual([{ problem, order_status: null, moved_totals: null }])
    expect(await booksOf(sale)).toEqual(before)
    expect(await db.rows`select outcome from payment_events where event_id = ${event_id}`).toEqual([
      { outcome: 'refund_refunded' },
    ])
  })
})

test('our own refund that fails returns the order that it moves back, once', async () => {
  const sale = await makePaid('20.00')
  const event = { charge: sale.charge, key: `refund_${await refund(sale)}` }
  expect(await apply({ ...event, outcome: 'refunded' })).toEqual([])
  expect(await apply({ ...event, outcome: 'failed' })).toEqual([{ problem: null, order_status: 'paid', moved_totals: ['20.00'] }])
  expect(await apply({ ...event, outcome: 'failed' })).toEqual([])
})

describe('a refund that was made at the provider', () => {
  test('of all is booked once, and moves the orders', async () => {
    const sale = await makePaid('15.00', '5.00')
    const event = { charge: sale.charge, outcome: 'refunded' } as const
    const moved = await apply(event)
    expect(moved.map(({ order_status, moved_totals }) => [order_status, ...moved_totals])).toEqual([
      ['refunded', '15.00'],
      ['refunded', '5.00'],
    ])
    expect(await apply(event)).toEqual([])
    expect(await booksOf(sale)).toEqual({
      payment: [{ status: 'refunded', refunded: '20.00' }],
      orders: [
        { status: 'refunded', refunded: '15.00' },
        { status: 'refunded', refunded: '5.00' },
      ],
      refunds: [
        { status: 'refunded', amount: '15.00', provider_reference: 're_1', failure_reason: null },
        { status: 'refunded', amount: '5.00', provider_reference: 're_1', failure_reason: null },
      ],
    })
    await expectReplayed(sale)
  })

  test.each([
    ['0.01', ['0.01', '0.00', '0.00']],
    ['10.00', ['3.34', '3.33', '3.33']],
    ['29.98', ['10.00', '9.99', '9.99']],
  ])('of %s is spread over three equal orders as %p', async (amount, shares) => {
    const sale = await makePaid('10.00', '10.00', '10.00')
    expect(await apply({ charge: sale.charge, amount, outcome: 'refunded' })).not.toContainEqual({ problem: expect.any(String) })
    expect((await booksOf(sale)).orders.map(({ refunded }) => refunded)).toEqual(shares)
  })

  test('takes more from the order that has more left', async () => {
    const sale = await makePaid('30.00', '10.00')
    await refund(sale, '20.00')
    await apply({ charge: sale.charge, amount: '5.01', outcome: 'refunded' })
    expect((await booksOf(sale)).orders.map(({ refunded }) => refunded)).toEqual(['22.51', '2.50'])
  })

  test('and fails: booked back, in any order of the events', async () => {
    for (const outcomes of [
      ['sent', 'failed'],
      ['failed', 'sent'],
      ['failed'],
      ['sent', 'refunded', 'failed', 'sent'],
    ] as const) {
      const sale = await makePaid('15.00', '5.00')
      for (const outcome of outcomes) await apply({ charge: sale.charge, amount: '8.00', outcome })
      expect(await booksOf(sale)).toMatchObject({
        payment: [{ status: 'paid', refunded: '0.00' }],
        orders: [
          { status: 'paid', refunded: '0.00' },
          { status: 'paid', refunded: '0.00' },
        ],
        refunds: [
          { status: 'failed', amount: '6.00' },
          { status: 'failed', amount: '2.00' },
        ],
      })
      await expectReplayed(sale)
    }
  })

  test('of more than is left is booked when our own refund has failed', async () => {
    const sale = await makePaid('20.00')
    const refund_id = await refund(sale)
    const event = { charge: sale.charge, outcome: 'refunded' } as const
    expect(await apply(event)).toMatchObject([{ problem: 'exceeds_payment' }])
    await db.sql`select settle_refund(${refund_id}, 'failed', null, 'charge_already_refunded')`
    const payment_id = await db.value<number>`select id from payments where checkout_id = ${sale.checkout_id}`
    expect(await jobsOf('reconcile_provider', { payment_id })).toBe(1)
    expect(await apply({ ...event, event_id: 're_1.refunded' })).toMatchObject([{ order_status: 'refunded' }])
    expect(await booksOf(sale)).toMatchObject({
      payment: [{ refunded: '20.00' }],
      refunds: [{ status: 'failed' }, { status: 'refunded' }],
    })
    await expectReplayed(sale)
  })

  test('is shown in the checkout', async () => {
    const sale = await makePaid('15.00', '5.00')
    expect((await db.json`select checkout_json(${sale.checkout_id})`).refunds).toEqual([])
    await apply({ charge: sale.charge, amount: '8.00', outcome: 'sent' })
    expect((await db.json`select checkout_json(${sale.checkout_id})`).refunds).toMatchObject([
      { order_id: sale.order_ids[0], amount: '6.00', status: 'sent' },
      { order_id: sale.order_ids[1], amount: '2.00', status: 'sent' },
    ])
  })

  test('of a cent more than the total is not booked', async () => {
    const sale = await makePaid('15.00', '5.00')
    const before = await booksOf(sale)
    const rows = await apply({ charge: sale.charge, amount: '20.01', outcome: 'refunded' })
    expect(rows).toMatchObject([{ problem: 'exceeds_payment' }])
    expect(await booksOf(sale)).toEqual(before)
  })

  test('of another system of the account leaves no record', async () => {
    const event_id = unique('evt')
    expect(await apply({ event_id, charge: 'ch_elsewhere', outcome: 'refunded' })).toEqual([])
    expect(await db.rows`select from payment_events where event_id = ${event_id}`).toEqual([])
  })

  test('50 concurrent events, half of them copies: one refund', async () => {
    const sale = await makePaid('15.00', '5.00')
    await db.race(
      50,
      ({ sql }, index) => sql`
      select * from apply_refund_event(
        'simulated', ${`${sale.charge}.${index % 25}`}, ${sale.charge}, 're_1', null, 7, 'usd',
        ${index % 2 ? 'sent' : 'refunded'})`,
    )
    expect(await booksOf(sale)).toMatchObject({
      payment: [{ refunded: '7.00' }],
      refunds: [
        { status: 'refunded', amount: '5.25' },
        { status: 'refunded', amount: '1.75' },
      ],
    })
  })
})

describe('the refund of a late charge', () => {
  async function makeLate(): Promise<Sale> {
    const buyer_id = await db.makeBuyer(await db.makeProduct({ price: '20.00' }))
    const [{ checkout_id, order_id, total }] = await db.splitOrders(buyer_id)
    expect(total).toBe('20.00')
    const charge = unique('ch')
    await db.sql`select settle_checkout(${checkout_id}, 'declined')`
    await db.sql`select settle_checkout(${checkout_id}, 'paid', 'simulated', ${charge})`
    return { checkout_id, order_ids: [order_id], buyer_id, seller_id: 0, charge }
  }
  const lateOf = ({ checkout_id }: Sale) => db.rows`
    select lc.status, lc.failures, lc.failure_reason from late_charges lc join payments p on p.id = lc.payment_id
    where p.checkout_id = ${checkout_id}`

  test('that fails waits for an operator, and is made again under another key', async () => {
    const sale = await makeLate()
    const key = `late_${sale.checkout_id}`
    await apply({ charge: sale.charge, key, outcome: 'sent' })
    await apply({ charge: sale.charge, key, outcome: 'failed' })
    await apply({ charge: sale.charge, key, outcome: 'sent' })
    await db.sql`select settle_late_charge(${sale.checkout_id}, ${key}, 'refunded')`
    expect(await lateOf(sale)).toEqual([{ status: 'failed', failures: 1, failure_reason: 'lost_card' }])
    await db.sql`select owe_late_charge_again(${sale.checkout_id})`
    await apply({ charge: sale.charge, key, outcome: 'failed' })
    expect(await lateOf(sale)).toMatchObject([{ status: 'pending' }])
    await apply({ charge: sale.charge, key: `${key}_1`, refund: 're_2', outcome: 'refunded' })
    expect(await lateOf(sale)).toEqual([{ status: 'refunded', failures: 1, failure_reason: null }])
  })

  test('is shown in the checkout, without an order', async () => {
    const { checkout_id } = await makeLate()
    expect((await db.json`select checkout_json(${checkout_id})`).refunds).toMatchObject([
      { id: null, order_id: null, amount: '20.00', status: 'pending', items: [], restocked: 0 },
    ])
  })

  test('at the provider by an operator counts', async () => {
    const sale = await makeLate()
    expect(await apply({ charge: sale.charge, amount: '19.00', outcome: 'refunded' })).toMatchObject([
      { problem: 'amount_differs' },
    ])
    await apply({ charge: sale.charge, outcome: 'refunded' })
    expect(await lateOf(sale)).toMatchObject([{ status: 'refunded' }])
  })
})
