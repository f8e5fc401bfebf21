import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { Sql } from '../../src/platform/db/client.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct, makeSale, makeShop, makeUser } from '../../test/support/factory.ts'
import { openRivals, type Rival } from '../../test/support/races.ts'
import { refusalOf } from '../../test/support/refusals.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
  // The tests move orders into the past, with their ids unchanged.
  await db.sql`alter table orders drop constraint orders_id_is_of_the_month_it_was_made`
})
afterAll(() => db.close())
/** Removes the popularity of the previous test. */
beforeEach(async () => {
  await db.sql`delete from product_popularity`
  await db.sql`delete from product_views`
})

async function rebuild(sql: Sql = db.sql): Promise<number> {
  const [row] = await sql<{ listings: number }[]>`select rebuild_product_popularity() as listings`
  return row?.listings as number
}

/** Returns the score of a listing, rounded to two digits, because ages count in seconds. */
async function scoreOf(product_id: number): Promise<number | null> {
  const [row] = await db.sql<{ score: number }[]>`
    select round(score::numeric, 2)::float8 as score from product_popularity where product_id = ${product_id}`
  return row?.score ?? null
}

const see = (product_id: number, days_ago: number, views: number) => db.sql`
  insert into product_views (product_id, viewed_on, views) values (${product_id}, current_date - ${days_ago}::integer, ${views})`
const like = async (product_id: number, days_ago: number) => db.sql`
  insert into favorites (user_id, fav_type, fav_id, created_at)
  values (${await makeUser(db.sql)}, 'product', ${product_id}, now() - make_interval(days => ${days_ago}))`

test.each([
  [0, 1],
  [3, 2],
  [6, 4],
])('a view counts 1, a favorite 5 and a unit sold 10; of %p days ago a %p-th', async (days_ago, part) => {
  const [viewed, liked] = [await makeProduct(db.sql), await makeProduct(db.sql)]
  const { product_id: sold, order_id } = await makeSale(db.sql)
  await see(viewed, days_ago, 8)
  await like(liked, days_ago)
  await db.sql`update orders set created_at = created_at - make_interval(days => ${days_ago}) where id = ${order_id}`
  await rebuild()
  expect([await scoreOf(viewed), await scoreOf(liked), await scoreOf(sold)]).toEqual([8 / part, 5 / part, 20 / part])
  await see(sold, days_ago, 1)
  await like(sold, days_ago)
  await rebuild()
  expect(await scoreOf(sold)).toBe(26 / part)
})

test('events of two weeks ago do not count, and a favorite shop makes no product popular', async () => {
  const [product, shop] = [await makeProduct(db.sql), await makeShop(db.sql)]
  await see(product, 14, 1000)
  await like(product, 15)
  // A product with the same id as the shop.
  await db.sql`insert into favorites (user_id, fav_type, fav_id) values (${await makeUser(db.sql)}, 'shop', ${product})`
  await db.sql`insert into favorites (user_id, fav_type, fav_id) values (${await makeUser(db.sql)}, 'shop', ${shop})`
  await rebuild()
  expect(await scoreOf(product)).toBeNull()
})

test('unpaid, cancelled and refunded orders do not count', async () => {
  const unpaid = await makeSale(db.sql, { outcome: null })
  const [cancelled, refunded] = [await makeSale(db.sql), await makeSale(db.sql)]
  await db.sql`select cancel_order(${cancelled.order_id}, ${cancelled.buyer_id})`
  await db.sql`select refund_order(${refunded.order_id}, ${refunded.seller_id})`
  await rebuild()
  for (const { product_id } of [unpaid, cancelled, refunded]) expect(await scoreOf(product_id)).toBeNull()
})

test('the second of two concurrent rebuilds does nothing; readers see the old scores meanwhile', async () => {
  const product = await makeProduct(db.sql)
  await see(product, 0, 1)
  await rebuild()
  await db.sql`update product_views set views = 2 where product_id = ${product}`
  const rivals = await openRivals(db.url, 2)
  const [first, second] = rivals.all as [Rival, Rival]
  await first.sql.begin(async (tx) => {
    expect(await rebuild(tx)).toBeGreaterThan(0)
    expect(await rebuild(second.sql)).toBe(0)
    expect(await scoreOf(product)).toBe(1)
  })
  expect(await scoreOf(product)).toBe(2)
  await rivals.close()
})

/** Makes a category with one child and returns both slugs. */
async function makeCategories(): Promise<{ above: string; below: string; ids: [number, number] }> {
  const name = `Looms ${crypto.randomUUID()}`
  const [row] = await db.sql<{ above: number; below: number }[]>`
    select find_category(array[${name}]::text[]) as above, find_category(array[${name}, 'Small ones']::text[]) as below`
  const ids: [number, number] = [row?.above as number, row?.below as number]
  const slugs = await db.sql<
    { slug: string }[]
  >`select slug from categories where id = any (${ids}) order by array_position(${ids}, id)`
  return { above: slugs[0]?.slug as string, below: slugs[1]?.slug as string, ids }
}

async function makeListing(category_id: number, values: { shop_id?: number; quantity?: number } = {}): Promise<number> {
  const product = await makeProduct(db.sql, values)
  await db.sql`update products set category_id = ${category_id} where id = ${product}`
  return product
}

const list = async (category: string | null, page_size = 100) => {
  const rows = await db.sql<{ product_id: number }[]>`select product_id from list_trending(${category}, ${page_size})`
  return rows.map(({ product_id }) => product_id)
}

test('a category and its descendants: most popular first, then newest, up to the limit', async () => {
  const { above, below, ids } = await makeCategories()
  const [first, second, third, fourth] = [
    await makeListing(ids[0]),
    await makeListing(ids[1]),
    await makeListing(ids[0]),
    await makeListing(ids[1]),
  ] as const
  await see(second, 0, 500)
  await see(third, 0, 700)
  await rebuild()
  expect(await list(above)).toEqual([third, second, fourth, first])
  expect(await list(above, 3)).toEqual([third, second, fourth])
  expect(await list(below)).toEqual([second, fourth])
  expect((await list(null)).slice(0, 2)).toEqual([third, second])
})

test('unavailable listings are not popular', async () => {
  const { above, ids } = await makeCategories()
  const [sold_out, archived] = [await makeListing(ids[0], { quantity: 0 }), await makeListing(ids[0])]
  const away = await makeListing(ids[0], { shop_id: await makeShop(db.sql) })
  const plain = await makeListing(ids[0])
  for (const product of [sold_out, archived, away]) await see(product, 0, 9)
  await db.sql`update products set archived_at = now() where id = ${archived}`
  await db.sql`update shops set is_on_vacation = true where id = (select shop_id from products where id = ${away})`
  await rebuild()
  expect(await list(above)).toEqual([plain])
})

test('rejects an unknown category', async () => {
  expect(await refusalOf(list('no-such-category'))).toMatchObject({ code: 'SWINV', detail: { field: 'category' } })
})
