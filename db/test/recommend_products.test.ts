import { expect, test } from 'bun:test'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const like = (user_id: number, product_id: number) => db.sql`select add_favorite(${user_id}, 'product', ${product_id})`

/** Makes three users who like all of these listings. */
async function likeThrice(...product_ids: number[]): Promise<void> {
  for (const user of await db.makeUsers(3)) for (const product_id of product_ids) await like(user, product_id)
}

const recommend = (user_id: number) =>
  db.value<{ id: number; reason: string }[]>`select jsonb_agg(item) from recommend_products(${user_id}, 100)`

test('favorites of similar users come first, with the reason', async () => {
  const [liked, shared, other] = await db.makeProducts(3)
  await likeThrice(liked, shared)
  await like(await db.makeUser(), other)
  await db.sql`select rebuild_product_neighbors()`
  const buyer = await db.makeUser()
  await like(buyer, liked)
  const [first] = await recommend(buyer)
  expect(first?.id).toBe(shared)
  expect(first?.reason).toStartWith('People who like "')
})

test('recommend_products never shows sold-out, archived or own listings, nor favorites', async () => {
  const buyer = await db.makeUser()
  const own = await db.makeProduct({ shop_id: await db.makeShop({ owner_id: buyer }) })
  const [favorite, soldOut, archived, plain] = await db.makeProducts(4)
  await db.sql`update products set quantity = 0 where id = ${soldOut}`
  await like(buyer, favorite)
  await db.sql`update products set archived_at = now() where id = ${archived}`
  const ids = (await recommend(buyer)).map((item) => item.id)
  expect(ids).toContain(plain)
  for (const id of [own, favorite, soldOut, archived]) expect(ids).not.toContain(id)
})

test('recommend_products never shows them, also if similar users like only those', async () => {
  const buyer = await db.makeUser()
  const own = await db.makeProduct({ shop_id: await db.makeShop({ owner_id: buyer }) })
  const [liked, favorite, soldOut, archived, plain] = await db.makeProducts(5)
  await likeThrice(liked, own, favorite, soldOut, archived, plain)
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
  const buyer = await db.makeUser()
  const shop_id = await db.makeShop()
  const made: number[] = await db.makeProducts(260 as number)
  await db.sql`update products set category_id = find_category(array['Pages']) where id = any(${made}::bigint[])`
  for (const id of made.slice(0, 20)) await like(buyer, id)
  await db.makeProduct({ shop_id })
  await db.sql`select add_favorite(${buyer}, 'shop', ${shop_id})`
  const read = (page_size: number, place: number) =>
    db.value<number[]>`select array_agg(product_id) from recommend_products(${buyer}, ${page_size}, ${place})`
  const whole = await read(1000, 0)
  expect(whole).toHaveLength(200)
  for (const size of [7, 24, 100]) {
    const pages: number[] = []
    for (let place = 0; place < 200; place += size) pages.push(...(await read(size, place)))
    expect(pages).toEqual(whole)
  }
})
