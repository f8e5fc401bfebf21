/** The step of many files that put orders into partitions: whoever buys between two of them buys. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct, makeShop, makeUser, unique } from '../../test/support/factory.ts'
import { projectRoot } from '../platform/project.ts'
import { runPatiently } from './migrate.ts'

const MIGRATIONS = join(projectRoot, 'db', 'migrations')
const [FIRST, LAST] = ['20261127020000', '20261127020016']
const isDated = (id: number) => id >= 1_000_000_000
const TIMEOUT_MS = 120_000

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

/** A checkout as the functions of any version write it; answers the order's id. */
async function buy(): Promise<number> {
  const [buyer_id, owner_id] = [await makeUser(db.sql), await makeUser(db.sql)]
  const shop_id = await makeShop(db.sql, { owner_id })
  const product_id = await makeProduct(db.sql, { shop_id, quantity: 5 })
  const [row] = await db.sql<{ order_id: number }[]>`
    with checkout as (
      insert into checkouts (buyer_id, idempotency_key, shipping_address, subtotal, shipping, total)
      values (${buyer_id}, ${unique('key')}, '{}', 10, 0, 10) returning id
    ),
    payment as (insert into payments (checkout_id, method, amount) select c.id, 'pm_card_visa', 10 from checkout c),
    placed as (
      insert into orders (checkout_id, buyer_id, shop_id, subtotal, shipping, total)
      select c.id, ${buyer_id}, ${shop_id}, 10, 0, 10 from checkout c returning id
    ),
    items as (
      insert into order_items (order_id, product_id, title, quantity, price_at_purchase)
      select o.id, ${product_id}, 'Bowl', 1, 10 from placed o
    ),
    events as (insert into order_events (order_id, status) select o.id, 'pending' from placed o)
    select o.id as order_id from placed o`
  return row?.order_id as number
}

/** One file alone: dbmate takes all that are missing. */
async function takeUp(version: string): Promise<void> {
  const name = readdirSync(MIGRATIONS).find((file) => file.startsWith(version)) as string
  const [up = ''] = readFileSync(join(MIGRATIONS, name), 'utf8').split('-- migrate:down')
  await db.sql.begin((tx) => tx.unsafe(up).simple())
}

async function appliedVersions(): Promise<string[]> {
  const rows = await db.sql<{ version: string }[]>`select version from schema_migrations where version >= ${FIRST} order by 1`
  return rows.map(({ version }) => version)
}

test(
  'after each file the next order is taken and none is lost; ids carry their month in the end, and once it was undone and done again',
  async () => {
    const versions = await appliedVersions()
    expect(versions[0]).toBe(FIRST)
    for (const _ of versions) await runPatiently(db.url, 'down')
    expect(await appliedVersions()).toEqual([])
    const bought = [await buy()]
    for (const version of versions) {
      await takeUp(version)
      bought.push(await buy())
    }
    expect(bought.findIndex(isDated)).toBe(versions.indexOf(LAST) + 1)
    await db.sql`insert into schema_migrations select unnest(${versions}::text[])`
    for (const _ of versions) {
      await runPatiently(db.url, 'down')
      bought.push(await buy())
    }
    expect(isDated(bought.at(-1) as number)).toBe(false)
    for (const version of versions) {
      await takeUp(version)
      bought.push(await buy())
    }
    expect(isDated(bought.at(-1) as number)).toBe(true)
    const kept = await db.sql<{ id: number }[]>`
      select o.id from orders o join order_items oi on oi.order_id = o.id join order_events oe on oe.order_id = o.id
      where o.id = any (${bought}::bigint[])`
    expect(new Set(kept.map(({ id }) => id)).size).toBe(3 * versions.length + 1)
  },
  TIMEOUT_MS,
)
