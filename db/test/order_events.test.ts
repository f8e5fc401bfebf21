/** Events stay forever, so they and jobs hold no personal data. A migration removed it from older events. */
import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { ADDRESS } from '../../test/support/purchase.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const MIGRATION = join(projectRoot, 'db', 'migrations', '20261130010000_order_events__no_personal_data.sql')
const [UP = ''] = readFileSync(MIGRATION, 'utf8').split('-- migrate:down')
const PERSONAL = [ADDRESS.name, ADDRESS.line1, ADDRESS.city, 'Hello Ann', 'Courier Carl', 'TR-1', 'TR-2']

const eventsOf = (order_id: number) =>
  db.value<string>`select json_agg(e order by e.id)::text from order_events e where e.order_id = ${order_id}`

/** Returns what replay_order rebuilds, and expects it to be the order without its personal data. */
async function replayed(order_id: number): Promise<unknown> {
  const [row] =
    await db.rows`select replay_order(o.id) as rebuilt, order_facts(o) as facts from orders o where o.id = ${order_id}`
  expect(row?.rebuilt).toEqual(row?.facts)
  return row?.rebuilt
}

test('events and jobs hold no address, note or tracking, and events rebuild the rest of the order', async () => {
  const { order_id, seller_id } = await db.makeSale()
  const [{ body } = { body: '' }] =
    await db.sql`select body from ship_lines(${order_id}, ${seller_id}, 'Courier Carl', 'TR-1', null)`
  await db.sql`select from correct_tracking(${JSON.parse(body).id}, ${seller_id}, null, 'TR-2')`
  await db.sql`select from refund_part(${order_id}, ${seller_id}, 1.00, null, null, null, 'other', 'Hello Ann')`
  const [refund] = await db.sql`select id from refunds where order_id = ${order_id}`
  await db.sql`select from settle_refund(${refund?.id}, 'failed')`
  const [events, jobs] = [await eventsOf(order_id), await db.value<string>`select json_agg(data)::text from pgboss.job`]
  for (const text of PERSONAL) {
    expect(events).not.toContain(text)
    expect(jobs).not.toContain(text)
  }
  expect(await replayed(order_id)).toMatchObject({
    status: 'shipped',
    shipments: [{ id: JSON.parse(body).id }],
    refunds: [refund],
  })
})

test('the migration removes addresses, notes and tracking from older events; a second run changes nothing', async () => {
  const { order_id, seller_id } = await db.makeSale()
  await db.sql`select from ship_order(${order_id}, ${seller_id}, 'Courier Carl', 'TR-1')`
  await db.sql`select from refund_order(${order_id}, ${seller_id})`
  const before = await replayed(order_id)
  const tracking = { carrier: 'Courier Carl', tracking_number: 'TR-1' }
  await db.sql.begin(async (tx) => {
    await tx`alter table order_events disable trigger user`
    await tx`
      update order_events set detail = detail || ${tx.json({ shipping_address: ADDRESS, ...tracking })}
        || case when detail ? 'refund' then jsonb_build_object('refund', detail -> 'refund' || '{"note": "Hello Ann"}') else '{}' end
        || case when detail ? 'shipment'
          then jsonb_build_object('shipment', detail -> 'shipment' || ${tx.json(tracking)}) else '{}' end
      where order_id = ${order_id}`
    await tx`alter table order_events enable trigger user`
  })
  for (let run = 0; run < 2; run++) {
    await db.sql.begin((tx) => tx.unsafe(UP).simple())
    const events = await eventsOf(order_id)
    for (const text of PERSONAL) expect(events).not.toContain(text)
    expect(await replayed(order_id)).toEqual(before)
  }
  await expect(db.sql`update order_events set detail = '{}'`.execute()).rejects.toMatchObject({ code: 'SWAPP' })
})
