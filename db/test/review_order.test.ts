import { expect, test } from 'bun:test'
import type { Sale } from '../../test/support/factory.ts'
import { outcomeOf, refusalOf, tally } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const review = (order_id: number, user_id: number, rating: number, sql = db.sql) =>
  sql<{ shop_id: number; body: string }[]>`select * from review_order(${order_id}, ${user_id}, ${rating}, 'Lovely')`

async function shippedSale(shop?: Sale): Promise<Sale> {
  const sale = await db.makeSale({ shop })
  await db.sql`select * from ship_order(${sale.order_id}, ${sale.seller_id}, 'DHL', '1')`
  return sale
}

const shopOf = (shop_id: number) => db.rows`select rating, review_count from shops where id = ${shop_id}`

test('review_order writes the review and updates the shop', async () => {
  const sale = await shippedSale()
  const [written] = await review(sale.order_id, sale.buyer_id, 4)
  expect(written?.shop_id).toBe(sale.shop_id)
  expect(JSON.parse(written?.body as string)).toMatchObject({
    order_id: sale.order_id,
    shop_id: sale.shop_id,
    rating: 4,
    comment: 'Lovely',
    reviewer: { id: sale.buyer_id, display_name: 'Ann' },
  })
  expect(written?.body).not.toContain('@')
  expect(await shopOf(sale.shop_id)).toEqual([{ rating: '4.00', review_count: 1 }])
})

test('review_order accepts shipped and delivered orders', async () => {
  const sale = await shippedSale()
  await db.sql`select * from deliver_order(${sale.order_id}, ${sale.seller_id})`
  expect(await review(sale.order_id, sale.buyer_id, 5)).toHaveLength(1)
})

test.each(['pending', 'paid', 'cancelled', 'refunded'])('review_order refuses a %s order', async (status) => {
  const sale = await db.makeSale({ outcome: status === 'pending' ? null : 'paid' })
  if (status === 'cancelled') await db.sql`select * from cancel_order(${sale.order_id}, ${sale.buyer_id})`
  if (status === 'refunded') await db.sql`select * from refund_order(${sale.order_id}, ${sale.seller_id})`
  const refused = { code: 'SWSTA', detail: { order_status: status } }
  expect(await refusalOf(review(sale.order_id, sale.buyer_id, 5))).toMatchObject(refused)
})

test('review_order refuses a second review, and the first one stays', async () => {
  const sale = await shippedSale()
  await review(sale.order_id, sale.buyer_id, 5)
  expect(await refusalOf(review(sale.order_id, sale.buyer_id, 1))).toMatchObject({ code: 'SWREV' })
  expect(await shopOf(sale.shop_id)).toEqual([{ rating: '5.00', review_count: 1 }])
})

test("review_order refuses the seller, and returns 'not found' to a stranger", async () => {
  const sale = await shippedSale()
  expect(await refusalOf(review(sale.order_id, sale.seller_id, 5))).toMatchObject({ code: 'SWOWN' })
  expect(await refusalOf(review(sale.order_id, await db.makeUser(), 5))).toMatchObject({ code: 'SWNTF' })
  expect(await refusalOf(review(999_999, sale.buyer_id, 5))).toMatchObject({ code: 'SWNTF' })
})

test.each([0, 6])('review_order refuses %p stars', async (rating) => {
  const sale = await shippedSale()
  const refused = { constraint: 'reviews_rating_is_from_1_to_5' }
  expect(await refusalOf(review(sale.order_id, sale.buyer_id, rating))).toMatchObject(refused)
})

test('many concurrent reviews leave the exact mean', async () => {
  const ratings = [5, 4, 4, 1, 5, 3, 2, 5, 5, 4, 1, 1]
  const sales: Sale[] = []
  for (const _ of ratings) sales.push(await shippedSale(sales[0]))
  await db.race(ratings.length, ({ sql }, n) => {
    const { order_id, buyer_id } = sales[n] as Sale
    return review(order_id, buyer_id, ratings[n] as number, sql)
  })
  expect(await shopOf(sales[0]?.shop_id as number)).toEqual([{ rating: '3.33', review_count: 12 }])
})

test('concurrent calls make one review', async () => {
  const sale = await shippedSale()
  const outcomes = await db.race(6, ({ sql }) => outcomeOf(review(sale.order_id, sale.buyer_id, 3, sql)))
  expect(tally(outcomes)).toEqual({ done: 1, SWREV: 5 })
})

test("review_order refuses a review of the buyer's own shop, also for old orders", async () => {
  const sale = await shippedSale()
  await db.sql`update shops set owner_id = ${sale.buyer_id} where id = ${sale.shop_id}`
  const refused = { code: 'SWOWI', detail: { shop_id: sale.shop_id } }
  expect(await refusalOf(review(sale.order_id, sale.buyer_id, 5))).toMatchObject(refused)
})
