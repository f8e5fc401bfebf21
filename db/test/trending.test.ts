import { beforeEach, expect, test } from 'bun:test'
import type { Sql } from '../../src/platform/db/client.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
// The tests move orders into the past, with their ids unchanged.
await db.sql`alter table orders drop constraint orders_id_is_of_the_month_it_was_made`
/** Removes the popularity of the previous test. */
beforeEach(async () => {
  await db.sql`delete from product_popularity`
  await db.sql`delete from product_views`
})

const rebuild = async (sql: Sql = db.sql) => (await sql`select rebuild_product_popularity() as count`)[0]?.count as number

/** Returns the score of a listing, rounded to two digits, because ages count in seconds. */
const scoreOf = (product_id: number) => db.value<number | null>`
    select round(score::numeric, 2)::float8 as score from product_popularity where product_id = ${product_id}`

const see = (product_id: number, days_ago: number, views: number) => db.sql`
  insert into product_views (product_id, viewed_on, views) values (${product_id}, current_date - ${days_ago}::integer, ${views})`
const like = async (product_id: number, days_ago: number) => db.sql`
  insert into favorites (user_id, fav_type, fav_id, created_at)
  values (${await db.makeUser()}, 'product', ${product_id}, now() - make_interval(days => ${days_ago}))`

test.each([
  [0, 1],
  [3, 2],
  [6, 4],
])('a view counts 1, a favorite 5 and a unit sold 10; of %p days ago a %p-th', async (days_ago, part) => {
  const [viewed, liked] = [await db.makeProduct(), await db.makeProduct()]
  const { product_id: sold, order_id } = await db.makeSale()
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
  const [product, shop] = [await db.makeProduct(), await db.makeShop()]
  await see(product, 14, 1000)
  await like(product, 15)
  // A product with the same id as the shop.
  await db.sql`insert into favorites (user_id, fav_type, fav_id) values (${await db.makeUser()}, 'shop', ${product})`
  await db.sql`insert into favorites (user_id, fav_type, fav_id) values (${await db.makeUser()}, 'shop', ${shop})`
  await rebuild()
  expect(await scoreOf(product)).toBeNull()
})

test('unpaid, cancelled and refunded orders do not count', async () => {
  const unpaid = await db.makeSale({ outcome: null })
  const [cancelled, refunded] = [await db.makeSale(), await db.makeSale()]
  await db.sql`select cancel_order(${cancelled.order_id}, ${cancelled.buyer_id})`
  await db.sql`select refund_order(${refunded.order_id}, ${refunded.seller_id})`
  await rebuild()
  for (const { product_id } of [unpaid, cancelled, refunded]) expect(await scoreOf(product_id)).toBeNull()
})

test('the second of two concurrent rebuilds does nothing; readers see the old scores meanwhile', async () => {
  const product = await db.makeProduct()
  await see(product, 0, 1)
  await rebuild()
  await db.sql`update product_views set views = 2 where product_id = ${product}`
  await db.sql.begin(async (tx) => {
    expect(await rebuild(tx)).toBeGreaterThan(0)
    expect(await rebuild()).toBe(0)
    expect(await scoreOf(product)).toBe(1)
  })
  expect(await scoreOf(product)).toBe(2)
})

/** Makes a category with one child. */
async function makeCategories() {
  const name = `Looms ${crypto.randomUUID()}`
  const make = async (path: string[]) => {
    const id = await db.value<number>`select find_category(${path})`
    return { id, slug: await db.value<string>`select slug from categories where id = ${id}` }
  }
  return { above: await make([name]), below: await make([name, 'Small ones']) }
}

async function makeListing(category_id: number, values: { shop_id?: number; quantity?: number } = {}): Promise<number> {
  const product = await db.makeProduct(values)
  await db.sql`update products set category_id = ${category_id} where id = ${product}`
  return product
}

const list = (category: string | null, page_size = 100) =>
  db.value<number[]>`select array_agg(product_id) from list_trending(${category}, ${page_size})`

test('a category and its descendants: most popular first, then newest, up to the limit', async () => {
  const { above, below } = await makeCategories()
  const [first, second] = [await makeListing(above.id), await makeListing(below.id)]
  const [third, fourth] = [await makeListing(above.id), await makeListing(below.id)]
  await see(second, 0, 500)
  await see(third, 0, 700)
  await rebuild()
  expect(await list(above.slug)).toEqual([third, second, fourth, first])
  expect(await list(above.slug, 3)).toEqual([third, second, fourth])
  expect(await list(below.slug)).toEqual([second, fourth])
  expect((await list(null)).slice(0, 2)).toEqual([third, second])
})

test('unavailable listings are not popular', async () => {
  const { above } = await makeCategories()
  const [sold_out, archived] = [await makeListing(above.id, { quantity: 0 }), await makeListing(above.id)]
  const away = await makeListing(above.id, { shop_id: await db.makeShop() })
  const plain = await makeListing(above.id)
  for (const product of [sold_out, archived, away]) await see(product, 0, 9)
  await db.sql`update products set archived_at = now() where id = ${archived}`
  await db.sql`update shops set is_on_vacation = true where id = (select shop_id from products where id = ${away})`
  await rebuild()
  expect(await list(above.slug)).toEqual([plain])
})

test('list_trending refuses an unknown category', async () => {
  expect(await refusalOf(list('no-such-category'))).toMatchObject({ code: 'SWINV', detail: { field: 'category' } })
})
