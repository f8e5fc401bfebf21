import { expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const owner = await db.makeUser()
const shop = await db.makeShop({ owner_id: owner, name: 'Clay' })

const list = (product: object) => db.json`select body from list_product(${shop}, ${owner}, ${db.sql.json(product as never)})`
const update = (id: number, changes: object) =>
  db.json`select body from update_product(${id}, ${owner}, ${db.sql.json(changes as never)})`

test('a draft is off sale: no cart, no search, no count of the shop, until it is published', async () => {
  const { id } = await list({ title: 'Zwiebelvase', price: '9', is_draft: true })
  const isIndexed = () => db.value<boolean>`select exists (select from product_search ps where ps.product_id = ${id})`
  const count = () => db.value<number>`select count_products(${shop})`
  const buyer = await db.makeUser()
  expect(await isIndexed()).toBe(false)
  expect(await count()).toBe(0)
  expect(await refusalOf(db.reserve(buyer, id))).toMatchObject({ code: 'SWNTF' })
  await update(id, { title: 'Zwiebelvase, blue' })
  expect(await isIndexed()).toBe(false)
  expect(await update(id, { is_draft: false })).toMatchObject({ state: 'active', is_draft: false, title: 'Zwiebelvase, blue' })
  expect(await isIndexed()).toBe(true)
  expect(await count()).toBe(1)
  await db.reserve(buyer, id)
})

test('a draft that is published is among the newest, and counts once for the quota of listings', async () => {
  const { id } = await list({ title: 'Old draft', price: '9', is_draft: true })
  await db.sql`update products set created_at = now() - interval '9 days' where id = ${id}`
  await db.sql`
    insert into products (shop_id, title, price, created_at)
    select ${shop}, 'Jug', 9, now() - interval '8 days' from generate_series(1, 100)`
  const count = () => db.value<number>`select count_listings(${owner}, null)`
  const before = await count()
  expect(await db.value<number>`select listings from listing_counts where shop_id = ${shop}`).toBeGreaterThan(100)
  expect((await update(id, { title: 'Draft' })).created_at < new Date(Date.now() - 8 * 86_400_000).toISOString()).toBe(true)
  await update(id, { is_draft: false })
  expect(await db.value<number>`select id from products where shop_id = ${shop} order by created_at desc, id desc limit 1`).toBe(
    id,
  )
  expect(await count()).toBe(before)
  const published = await db.json`select to_json(created_at) from products where id = ${id}`
  await update(id, { is_draft: false })
  expect(await db.json`select to_json(created_at) from products where id = ${id}`).toEqual(published)
})

test('only a draft can stay a draft', async () => {
  const { id } = await list({ title: 'Mug', price: '9' })
  const refused = { code: 'SWINV', detail: { field: 'is_draft' } }
  expect(await refusalOf(update(id, { is_draft: true }))).toMatchObject(refused)
  await db.sql`select archive_product(${id}, ${owner})`
  expect(await refusalOf(update(id, { is_draft: true }))).toMatchObject(refused)
  expect(await update(id, { is_draft: false })).toMatchObject({ state: 'archived', is_draft: false })
})

test('the table refuses a draft that is on sale', async () => {
  const { id } = await list({ title: 'Mug', price: '9', is_draft: true })
  expect(await refusalOf(db.sql`update products set archived_at = null where id = ${id}`)).toMatchObject({ code: '23514' })
})
