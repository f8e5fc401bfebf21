/** Runs the migrations orders__follow_ups_of_before and order_events__no_personal_data on orders of the versions before them. */
import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import type { Sale } from '../../test/support/factory.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const TRACKING = { carrier: 'Post', tracking_number: '9400' }
const UP = ['20261129230000_orders__follow_ups_of_before', '20261130010000_order_events__no_personal_data'].map((name) => {
  const [up = ''] = readFileSync(join(projectRoot, 'db', 'migrations', `${name}.sql`), 'utf8').split('-- migrate:down')
  return up
})
const STOCK_EQUATION = readFileSync(join(projectRoot, 'db', 'ops', 'stock_equation.sql'), 'utf8')

/** Ships an order as the earlier version did: its tracking, and an event without a shipment. */
async function shipAsBefore({ order_id, seller_id }: Sale): Promise<void> {
  await db.sql`update orders set status = 'shipped', tracking = ${db.sql.json(TRACKING)} where id = ${order_id}`
  await db.sql`
    insert into order_events (order_id, status, actor_id, detail)
    values (${order_id}, 'shipped', ${seller_id}, ${db.sql.json(TRACKING)})`
}

/** Refunds and restocks an order as the earlier version did: no refund_items, and an event without a refund. */
async function refundAsBefore({ order_id, checkout_id, seller_id }: Sale, status: string): Promise<void> {
  await db.sql.begin(async (tx) => {
    await tx`update orders set status = ${status}, refunded = total where id = ${order_id}`
    await tx`
      insert into order_events (order_id, status, actor_id, detail)
      select id, status, ${seller_id}, jsonb_build_object('refunded', refunded::text) from orders where id = ${order_id}`
    await tx`select restock_orders(array[${order_id}::bigint])`
    await tx`update payments set refunded = amount, status = 'refunded' where checkout_id = ${checkout_id}`
    await tx`
      insert into refunds (payment_id, order_id, amount)
      select id, ${order_id}, amount from payments where checkout_id = ${checkout_id}`
  })
}

async function migrateUp(): Promise<void> {
  for (const up of UP) await db.sql.begin((tx) => tx.unsafe(up).simple())
}

async function readOrder({ order_id }: Sale) {
  const [row] = await db.sql`
    select order_json(o)::jsonb as shown, order_facts(o) as facts, replay_order(o.id) as replayed,
      (select count(*)::integer from order_events e where e.order_id = o.id) as events
    from orders o where o.id = ${order_id}`
  const { shown, facts, replayed, events } = row as {
    shown: Record<'status' | 'tracking' | 'refunds' | 'shipments' | 'items', unknown>
    facts: unknown
    replayed: unknown
    events: number
  }
  expect(replayed).toEqual(facts)
  return { ...shown, events }
}

async function everOf({ product_id }: Sale): Promise<unknown> {
  return (await db.sql.unsafe(STOCK_EQUATION)).find((row) => row.product_id === product_id)?.ever
}

test('orders of before get their shipments and refund_items: JSON, events, stock and reviews are right; a second run adds none', async () => {
  const paid = await db.makeSale()
  const shipped = await db.makeSale()
  await shipAsBefore(shipped)
  const returned = await db.makeSale()
  await shipAsBefore(returned)
  await refundAsBefore(returned, 'refunded')
  const cancelled = await db.makeSale()
  await refundAsBefore(cancelled, 'cancelled')
  await migrateUp()

  const line_of = async ({ order_id }: Sale) => db.value<number>`select id from order_items where order_id = ${order_id}`
  const whole = async (sale: Sale) => [{ line_id: await line_of(sale), quantity: 2 }]
  expect(await readOrder(shipped)).toMatchObject({
    status: 'shipped',
    tracking: TRACKING,
    shipments: [{ order_id: shipped.order_id, ...TRACKING, items: await whole(shipped) }],
    refunds: [],
  })
  const restored = await readOrder(returned)
  expect(restored).toMatchObject({
    status: 'refunded',
    tracking: TRACKING,
    shipments: [{ items: await whole(returned) }],
    refunds: [{ amount: '23.00', status: 'pending', items: await whole(returned), restocked: 2 }],
  })
  expect(await readOrder(cancelled)).toMatchObject({
    status: 'cancelled',
    shipments: [],
    refunds: [{ items: await whole(cancelled), restocked: 2 }],
  })
  expect(await readOrder(paid)).toMatchObject({ status: 'paid', shipments: [], refunds: [] })
  for (const sale of [paid, shipped, returned, cancelled]) expect(await everOf(sale)).toBe(5)
  await db.sql`select from review_order(${shipped.order_id}, ${shipped.buyer_id}, 5, 'Lovely.')`

  await migrateUp()
  expect(await readOrder(returned)).toEqual(restored)
})
