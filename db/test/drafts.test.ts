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
