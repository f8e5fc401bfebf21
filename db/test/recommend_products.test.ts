import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct, makeShop, makeUser } from '../../test/support/factory.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const like = (user_id: number, product_id: number) => db.sql`select add_favorite(${user_id}, 'product', ${product_id})`

async function recommend(user_id: number, page_size = 100): Promise<{ id: number; reason: string }[]> {
  const rows = await db.sql<{ item: string }[]>`select item from recommend_products(${user_id}, ${page_size})`
  return rows.map((row) => JSON.parse(row.item))
}

test('favorites of similar users come first, with the reason', async () => {
  const [liked, shared, other] = [await makeProduct(db.sql), await makeProduct(db.sql), await makeProduct(db.sql)]
  for (let person = 0; person < 3; person++) {
    const user = await makeUser(db.sql)
    await like(user, liked)
    await like(user, shared)
  }
  await like(await makeUser(db.sql), other)
  await db.sql`select rebuild_product_neighbors()`
  const buyer = await makeUser(db.sql)
  await like(buyer, liked)
  const [first] = await recommend(buyer)
  expect(first?.id).toBe(shared)
  expect(first?.reason).toStartWith('People who like "')
})

test('never sold-out, archived or own listings, nor favorites', async () => {
  const buyer = await makeUser(db.sql)
  const own = await makeProduct(db.sql, { shop_id: await makeShop(db.sql, { owner_id: buyer }) })
  const [favorite, soldOut, archived, plain] = [
    await makeProduct(db.sql),
    await makeProduct(db.sql, { quantity: 0 }),
    await makeProduct(db.sql),
    await makeProduct(db.sql),
  ]
  await like(buyer, favorite)
  await db.sql`update products set archived_at = now() where id = ${archived}`
  const ids = (await recommend(buyer)).map((item) => item.id)
  expect(ids).toContain(plain)
  for (const id of [own, favorite, soldOut, archived]) expect(ids).not.toContain(id)
})

test('also if similar users like only those', async () => {
  const buyer = await makeUser(db.sql)
  const own = await makeProduct(db.sql, { shop_id: await makeShop(db.sql, { owner_id: buyer }) })
  const [liked, favorite, soldOut, archived, plain] = [
    await makeProduct(db.sql),
    await makeProduct(db.sql),
    await makeProduct(db.sql),
    await makeProduct(db.sql),
    await makeProduct(db.sql),
  ]
  for (let person = 0; person < 3; person++) {
    const user = await makeUser(db.sql)
    for (const id of [liked, own, favorite, soldOut, archived, plain]) await like(user, id)
  }
  for (const id of [liked, favorite]) await like(buyer, id)
  await db.sql`select rebuild_product_neighbors()`
  await db.sql`update products set quantity = 0 where id = ${soldOut}`
  await db.sql`update products set archived_at = now() where id = ${archived}`
  const found = await recommend(buyer)
  expect(found[0]).toMatchObject({ id: plain, reason: expect.stringMatching(/^People who like "/) })
  const ids = found.map((item) => item.id)
  for (const id of [own, liked, favorite, soldOut, archived]) expect(ids).not.toContain(id)
})

test('pages of any size repeat and lose nothing of one list of 200', async () => {
  const buyer = await makeUser(db.sql)
  const shop_id = await makeShop(db.sql)
  const made = await Promise.all(Array.from({ length: 260 }, () => makeProduct(db.sql)))
  await db.sql`update products set category_id = find_category(array['Pages']) where id = any(${made}::bigint[])`
  for (const id of made.slice(0, 20)) await like(buyer, id)
  await makeProduct(db.sql, { shop_id })
  await db.sql`select add_favorite(${buyer}, 'shop', ${shop_id})`
  const read = (page_size: number, place: number) =>
    db.sql<{ product_id: number }[]>`select product_id from recommend_products(${buyer}, ${page_size}, ${place})`
  const whole = (await read(1000, 0)).map((row) => row.product_id)
  expect(whole).toHaveLength(200)
  for (const size of [7, 24, 100]) {
    const pages: number[] = []
    for (let place = 0; place < 200; place += size) pages.push(...(await read(size, place)).map((row) => row.product_id))
    expect(pages).toEqual(whole)
  }
})
