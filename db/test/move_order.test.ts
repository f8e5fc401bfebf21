import { describe, expect, test } from 'bun:test'
import type { Sale } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Move = 'ship' | 'deliver' | 'cancel' | 'refund'
const RESULT = { ship: 'shipped', deliver: 'delivered', cancel: 'cancelled', refund: 'refunded' } as const
const PATH_TO = {
  pending: [],
  paid: [],
  shipped: ['ship'],
  delivered: ['ship', 'deliver'],
  cancelled: ['cancel'],
  refunded: ['refund'],
} as const
type Status = keyof typeof PATH_TO

async function move(name: Move, order_id: number, user_id: number) {
  const extra = name === 'ship' ? ", 'DHL', 'TR-1'" : ''
  const [row] = await db.sql.unsafe<{ body: string }[]>(`select * from ${name}_order($1, $2${extra})`, [order_id, user_id])
  return JSON.parse(row?.body as string)
}

async function saleThatIs(status: Status): Promise<Sale> {
  const sale = await db.makeSale({ outcome: status === 'pending' ? null : 'paid' })
  for (const step of PATH_TO[status]) await move(step, sale.order_id, sale.seller_id)
  return sale
}

const stockAndSales = ({ product_id }: Sale) => db.rows`
  select p.quantity as stock, s.sales_count as sold from products p join shops s on s.id = p.shop_id where p.id = ${product_id}`

const ALLOWED: Record<Status, Move[]> = {
  pending: [],
  paid: ['ship', 'cancel', 'refund'],
  shipped: ['deliver', 'refund'],
  delivered: ['refund'],
  cancelled: [],
  refunded: [],
}
const MOVES = Object.keys(RESULT) as Move[]
const STATUSES = Object.keys(PATH_TO) as Status[]
const allowed = STATUSES.flatMap((from) => ALLOWED[from].map((name) => [from, name] as const))
const refused = STATUSES.flatMap((from) =>
  MOVES.filter((name) => !ALLOWED[from].includes(name)).map((name) => [from, name] as const),
)

test.each(allowed)('the seller of a %s order can %s it', async (from, name) => {
  const sale = await saleThatIs(from)
  expect(await move(name, sale.order_id, sale.seller_id)).toMatchObject({ id: sale.order_id, status: RESULT[name] })
  expect(await db.value<string>`select status from orders where id = ${sale.order_id}`).toBe(RESULT[name])
})

test.each(refused)('the seller of a %s order cannot %s it, and nothing changes', async (from, name) => {
  const sale = await saleThatIs(from)
  const before = await db.snapshot()
  const refusal = await refusalOf(move(name, sale.order_id, sale.seller_id))
  expect(refusal).toMatchObject({ code: 'SWSTA', detail: { order_status: from } })
  expect(refusal.message).toBe(`The order is ${from}. It cannot become ${RESULT[name]}.`)
  expect(await db.snapshot()).toEqual(before)
})

describe('who moves an order', () => {
  test('its buyer may cancel it until it is shipped', async () => {
    const sale = await saleThatIs('paid')
    expect(await move('cancel', sale.order_id, sale.buyer_id)).toMatchObject({ status: 'cancelled' })
    const shipped = await saleThatIs('shipped')
    expect(await refusalOf(move('cancel', shipped.order_id, shipped.buyer_id))).toMatchObject({ code: 'SWSTA' })
  })

  test.each(['ship', 'deliver', 'refund'] as const)('its buyer may not %s it', async (name) => {
    const sale = await saleThatIs(name === 'deliver' ? 'shipped' : 'paid')
    expect(await refusalOf(move(name, sale.order_id, sale.buyer_id))).toMatchObject({ code: 'SWOWN' })
  })

  test.each(MOVES)('a stranger gets "not found" when trying to %s it', async (name) => {
    const sale = await saleThatIs('paid')
    const stranger = await db.makeUser()
    const refusal = await refusalOf(move(name, sale.order_id, stranger))
    expect(refusal).toMatchObject({ code: 'SWNTF' })
    expect(await refusalOf(move(name, 999_999, stranger))).toEqual(refusal)
  })
})

describe('a move', () => {
  test('to shipped stores carrier and number, and later moves keep them', async () => {
    const sale = await saleThatIs('paid')
    const tracking = { carrier: 'DHL', tracking_number: 'TR-1' }
    expect((await move('ship', sale.order_id, sale.seller_id)).tracking).toEqual(tracking)
    expect((await move('deliver', sale.order_id, sale.seller_id)).tracking).toEqual(tracking)
  })

  test('writes one event with the actor and the new status', async () => {
    const sale = await saleThatIs('delivered')
    const events = db.rows`
      select status, actor_id, detail ? 'shipment' as has_shipment
      from order_events where order_id = ${sale.order_id} order by id`
    expect(await events).toEqual([
      { status: 'pending', actor_id: sale.buyer_id, has_shipment: false },
      { status: 'paid', actor_id: null, has_shipment: false },
      { status: 'shipped', actor_id: sale.seller_id, has_shipment: true },
      { status: 'delivered', actor_id: sale.seller_id, has_shipment: false },
    ])
  })

  test.each([
    ['paid', 'cancel', 2],
    ['paid', 'refund', 2],
    ['shipped', 'refund', 0],
    ['delivered', 'refund', 0],
  ] as const)(
    'that undoes the sale (%s, %s) gives money back once, and %d units that have not left',
    async (from, name, back) => {
      const sale = await saleThatIs(from)
      expect(await stockAndSales(sale)).toEqual([{ stock: 3, sold: 2 }])
      await move(name, sale.order_id, sale.seller_id)
      expect(await stockAndSales(sale)).toEqual([{ stock: 3 + back, sold: 2 - back }])
      const [refund, ...others] = await db.rows`
      select r.id, r.amount, r.status, p.refunded, p.status as payment from refunds r join payments p on p.id = r.payment_id
      where r.order_id = ${sale.order_id}`
      expect(others).toEqual([])
      expect(refund).toMatchObject({ amount: '23.00', status: 'pending', refunded: '23.00', payment: 'refunded' })
      expect(await db.waitingJobs('refund_payment')).toContainEqual({ refund_id: refund?.id })
      for (const again of MOVES)
        expect(await refusalOf(move(again, sale.order_id, sale.seller_id))).toMatchObject({ code: 'SWSTA' })
      expect(await stockAndSales(sale)).toEqual([{ stock: 3 + back, sold: 2 - back }])
    },
  )

  test('that cancels one order of several refunds its part of the payment', async () => {
    const [buyer, seller] = await db.makeUsers(2)
    for (const price of ['10.10', '20.20']) {
      const shop_id = await db.makeShop({ owner_id: seller, base: '1.00' })
      await db.putLine(buyer, await db.makeProduct({ shop_id, price }))
    }
    const [{ checkout_id, order_id }, second] = await db.splitOrders(buyer)
    await db.settleCheckout(checkout_id, 'paid')
    const payment = () => db.rows`select status, refunded from payments where checkout_id = ${checkout_id}`
    await move('cancel', order_id, buyer)
    expect(await payment()).toEqual([{ status: 'paid', refunded: '11.10' }])
    await move('refund', second?.order_id as number, seller)
    expect(await payment()).toEqual([{ status: 'refunded', refunded: '32.30' }])
  })
})

test.each(STATUSES)('an order that is %s is rebuilt from its events alone', async (status) => {
  const { order_id } = await saleThatIs(status)
  const [row] = await db.sql<{ rebuilt: unknown; order: unknown }[]>`
    select replay_order(o.id) as rebuilt, order_facts(o) as order from orders o where o.id = ${order_id}`
  expect(row?.rebuilt).toEqual(row?.order)
})
