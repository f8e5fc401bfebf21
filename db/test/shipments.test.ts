import { describe, expect, test } from 'bun:test'
import type { Sale } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Shipment = { id: number; order_id: number; carrier: string; tracking_number: string; items: unknown[] }

const lineOf = ({ order_id }: Sale) => db.value<number>`select id from order_items where order_id = ${order_id}`

async function ship(sale: Sale, tracking_number: string, quantity?: number): Promise<Shipment> {
  const items = quantity ? db.sql.json([{ line_id: await lineOf(sale), quantity }]) : null
  const [row] = await db.sql<{ body: string }[]>`
    select body from ship_lines(${sale.order_id}, ${sale.seller_id}, 'UPS', ${tracking_number}, ${items})`
  return JSON.parse(row?.body as string)
}

async function correct(shipment_id: number, user_id: number, carrier: string | null, tracking_number: string | null) {
  const [row] = await db.sql<{ body: string }[]>`
    select body from correct_tracking(${shipment_id}, ${user_id}, ${carrier}, ${tracking_number})`
  return JSON.parse(row?.body as string) as Shipment
}

async function readOrder({ order_id }: Sale) {
  const [row] = await db.rows`
    select o.status, o.tracking ->> 'tracking_number' as tracking, json_array_length(order_json(o) -> 'shipments') as parcels,
      replay_order(o.id) = order_facts(o) as is_rebuilt
    from orders o where o.id = ${order_id}`
  return row
}

describe('ship_lines', () => {
  test('sends parcels of some lines; the last one makes the order shipped', async () => {
    const sale = await db.makeSale()
    const line_id = await lineOf(sale)
    expect(await ship(sale, '1', 1)).toMatchObject({ order_id: sale.order_id, items: [{ line_id, quantity: 1 }] })
    expect(await readOrder(sale)).toEqual({ status: 'paid', tracking: '1', parcels: 1, is_rebuilt: true })
    const message = `At most 1 of line ${line_id} can still be shipped.`
    expect(await refusalOf(ship(sale, '2', 2))).toMatchObject({
      code: 'SWSTA',
      message,
      detail: { order_status: 'paid', errors: [{ pointer: '#/items/0', detail: message, line_id }] },
    })
    await ship(sale, '2')
    expect(await readOrder(sale)).toEqual({ status: 'shipped', tracking: '2', parcels: 2, is_rebuilt: true })
    expect((await refusalOf(ship(sale, '3'))).code).toBe('SWSTA')
  })

  test('refuses units that were refunded', async () => {
    const sale = await db.makeSale()
    const items = db.sql.json([{ line_id: await lineOf(sale), quantity: 1 }])
    const refundOne = () => db.sql`
      select from refund_part(${sale.order_id}, ${sale.seller_id}, null, ${items}, null, null, 'other', null)`
    await refundOne()
    expect((await refusalOf(ship(sale, '1', 2))).code).toBe('SWSTA')
    await refundOne()
    expect((await refusalOf(ship(sale, '1'))).message).toBe('Nothing of this order is left to ship.')
  })

  test('refuses the line of another order', async () => {
    const [sale, other] = [await db.makeSale(), await db.makeSale()]
    const items = db.sql.json([{ line_id: await lineOf(other), quantity: 1 }])
    const wrong = db.sql`select from ship_lines(${sale.order_id}, ${sale.seller_id}, 'UPS', '1', ${items})`
    expect(await refusalOf(wrong)).toMatchObject({ code: 'SWINV', detail: { field: 'items' } })
  })
})

describe('correct_tracking', () => {
  test('changes what is given, in every status; the order shows the newest parcel', async () => {
    const sale = await db.makeSale()
    const [first, second] = [await ship(sale, '1', 1), await ship(sale, '2')]
    expect(await correct(first.id, sale.seller_id, 'DHL', null)).toMatchObject({ carrier: 'DHL', tracking_number: '1' })
    expect(await readOrder(sale)).toMatchObject({ tracking: '2', is_rebuilt: true })
    await db.sql`select receive_order(${sale.order_id}, ${sale.buyer_id})`
    expect(await correct(second.id, sale.seller_id, null, '22')).toMatchObject({ carrier: 'UPS', tracking_number: '22' })
    expect(await readOrder(sale)).toMatchObject({ status: 'delivered', tracking: '22', is_rebuilt: true })
    expect(
      await db.rows`
      select actor_id, detail #> '{shipment,id}' as shipment_id from order_events
      where order_id = ${sale.order_id} and change = 'tracking' order by id`,
    ).toEqual([
      { actor_id: sale.seller_id, shipment_id: first.id },
      { actor_id: sale.seller_id, shipment_id: second.id },
    ])
  })

  test('is for the seller; a stranger sees no shipment', async () => {
    const sale = await db.makeSale()
    const { id } = await ship(sale, '1')
    expect((await refusalOf(correct(id, sale.buyer_id, null, '2'))).code).toBe('SWOWN')
    const stranger = await db.makeUser()
    expect(await refusalOf(correct(id, stranger, null, '2'))).toEqual(await refusalOf(correct(999_999, stranger, null, '2')))
  })
})

test('receive_order is for the buyer of a shipped order', async () => {
  const sale = await db.makeSale()
  const receive = (user_id: number) => db.rows`select body from receive_order(${sale.order_id}, ${user_id})`
  expect((await refusalOf(receive(sale.buyer_id))).code).toBe('SWSTA')
  await ship(sale, '1')
  expect((await refusalOf(receive(sale.seller_id))).code).toBe('SWOWN')
  expect(await receive(sale.buyer_id)).toMatchObject([{ body: expect.stringContaining('"delivered"') }])
})

test('an order can be reviewed once a parcel has left, refunded or not', async () => {
  const sale = await db.makeSale()
  const review = () => db.rows`select shop_id from review_order(${sale.order_id}, ${sale.buyer_id}, 1, 'Broken')`
  expect((await refusalOf(review())).code).toBe('SWSTA')
  await ship(sale, '1', 1)
  await db.sql`select refund_order(${sale.order_id}, ${sale.seller_id})`
  expect(await review()).toEqual([{ shop_id: sale.shop_id }])
})
