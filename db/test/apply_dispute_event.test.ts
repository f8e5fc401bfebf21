import { describe, expect, test } from 'bun:test'
import { type Sale, unique } from '../../test/support/factory.ts'
import { makePaid, type Paid } from '../../test/support/ledger.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Event = { event_id?: string; amount?: string; currency?: string; outcome: 'open' | 'won' | 'lost' }

function apply({ charge }: Pick<Paid, 'charge'>, event: Event) {
  const { event_id = unique('evt'), amount = '23.00', currency = 'usd', outcome } = event
  return db.rows`
    select * from apply_dispute_event(
      'simulated', ${event_id}, ${charge}, 'dp_1', ${amount}::text::numeric, ${currency}, ${outcome}, 'fraudulent')`
}

const shownBy = async ({ order_id }: Sale) => {
  const order = await db.json`select order_json(o) from orders o where o.id = ${order_id}`
  const rebuilt = await db.value<unknown>`select replay_order(${order_id})`
  expect(rebuilt).toEqual(await db.value<unknown>`select order_facts(o) from orders o where o.id = ${order_id}`)
  return order.disputes
}

const refund = ({ order_id, seller_id }: Sale) => db.sql`select * from refund_order(${order_id}, ${seller_id})`

describe('a dispute', () => {
  test('is shown with its order, and refuses refunds while it is open', async () => {
    const sale = await makePaid(db.sql)
    const event_id = unique('evt')
    for (let n = 0; n < 3; n++) expect(await apply(sale, { event_id, outcome: 'open' })).toEqual([])
    expect(await shownBy(sale)).toMatchObject([{ amount: '23.00', status: 'open', reason: 'fraudulent' }])
    expect(await refusalOf(refund(sale))).toMatchObject({ code: 'SWDSP' })
    await apply(sale, { outcome: 'won' })
    expect(await shownBy(sale)).toMatchObject([{ status: 'won' }])
    await refund(sale)
    const events = await db.rows`select change, detail #>> '{dispute,status}' as status from order_events
      where order_id = ${sale.order_id} and change is not null order by id`
    expect(events).toEqual([
      { change: 'dispute', status: 'open' },
      { change: 'dispute', status: 'won' },
      { change: 'refund', status: null },
    ])
  })

  test.each([
    ['won', ['won', 'open', 'lost']],
    ['lost', ['open', 'lost', 'open', 'won']],
  ] as const)('is %s for good, whatever comes later', async (last, outcomes) => {
    const sale = await makePaid(db.sql)
    for (const outcome of outcomes) await apply(sale, { outcome })
    expect(await shownBy(sale)).toMatchObject([{ status: last }])
  })

  test('that is lost leaves nothing to refund', async () => {
    const sale = await makePaid(db.sql)
    await apply(sale, { outcome: 'lost' })
    expect(await refusalOf(refund(sale))).toMatchObject({ code: 'SWDSP' })
  })

  test('shows each order its share of the amount', async () => {
    const [buyer_id, seller_id] = await db.makeUsers(2)
    for (const price of ['10.00', '20.00']) {
      const shop_id = await db.makeShop({ owner_id: seller_id, base: '0.00' })
      await db.putLine(buyer_id, await db.makeProduct({ shop_id, price, quantity: 5 }))
    }
    const [{ checkout_id }] = await db.splitOrders(buyer_id)
    const charge = unique('ch')
    await db.sql`select settle_checkout(${checkout_id}, 'paid', 'simulated', ${charge})`
    await apply({ charge }, { amount: '29.00', outcome: 'open' })
    await apply({ charge }, { amount: '29.00', outcome: 'lost' })
    const orders = await db.rows`
      select o.total, order_json(o) #>> '{disputes,0,amount}' as disputed, replay_order(o.id) = order_facts(o) as is_rebuilt
      from orders o where o.checkout_id = ${checkout_id} order by o.total`
    expect(orders).toEqual([
      { total: '10.00', disputed: '9.67', is_rebuilt: true },
      { total: '20.00', disputed: '19.33', is_rebuilt: true },
    ])
  })

  test.each([{ amount: '23.01' }, { currency: 'eur' }])('with %p changes nothing and is recorded', async (wrong) => {
    const sale = await makePaid(db.sql)
    const event_id = unique('evt')
    expect(await apply(sale, { event_id, outcome: 'open', ...wrong })).toEqual([{ problem: 'amount_differs' }])
    expect(await shownBy(sale)).toEqual([])
    expect(await db.rows`select outcome from payment_events where event_id = ${event_id}`).toEqual([{ outcome: 'dispute_open' }])
  })

  test('of an unknown charge belongs to another system', async () => {
    expect(await apply({ charge: 'ch_elsewhere' }, { event_id: 'evt-elsewhere', outcome: 'open' })).toEqual([])
    expect(await db.rows`select from payment_events where event_id = 'evt-elsewhere'`).toEqual([])
  })

  test('that opens refuses a refund that waits for it', async () => {
    const sale = await makePaid(db.sql)
    const refunded = await db.interleave(
      (sql) => sql`select * from apply_dispute_event('simulated', 'e-1', ${sale.charge}, 'dp_1', 23, 'usd', 'open')`,
      (sql) => refusalOf(sql`select * from refund_order(${sale.order_id}, ${sale.seller_id})`),
    )
    expect(refunded).toMatchObject({ code: 'SWDSP' })
  })
})
