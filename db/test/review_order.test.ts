import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import {
  makeProduct,
  makeSale,
  makeShop,
  makeUser,
  putLine,
  type Sale,
  settleCheckout,
  splitOrders,
} from '../../test/support/factory.ts'
import { openRivals, race } from '../../test/support/races.ts'
import { outcomeOf, refusalOf, tally } from '../../test/support/refusals.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const review = (order_id: number, user_id: number, rating: number, sql = db.sql) =>
  sql<{ shop_id: number; body: string }[]>`select * from review_order(${order_id}, ${user_id}, ${rating}, 'Lovely')`

const ship = ({ order_id, seller_id }: Sale) => db.sql`select * from ship_order(${order_id}, ${seller_id}, 'DHL', '1')`

async function shippedSale(): Promise<Sale> {
  const sale = await makeSale(db.sql)
  await ship(sale)
  return sale
}

/** Makes shipped orders of one shop, each with another buyer. */
async function shippedOrders(count: number): Promise<{ shop_id: number; orders: { id: number; buyer_id: number }[] }> {
  const seller = await makeUser(db.sql)
  const shop_id = await makeShop(db.sql, { owner_id: seller })
  const product = await makeProduct(db.sql, { shop_id, quantity: count })
  const orders: { id: number; buyer_id: number }[] = []
  for (let n = 0; n < count; n++) {
    const buyer_id = await makeUser(db.sql)
    await putLine(db.sql, buyer_id, product)
    const [order] = await splitOrders(db.sql, buyer_id)
    await settleCheckout(db.sql, order?.checkout_id as number, 'paid')
    await db.sql`select * from ship_order(${order?.order_id as number}, ${seller}, 'DHL', '1')`
    orders.push({ id: order?.order_id as number, buyer_id })
  }
  return { shop_id, orders }
}

const shopOf = async (shop_id: number) => (await db.sql`select rating, review_count from shops where id = ${shop_id}`)[0]

test('writes the review and updates the shop', async () => {
  const sale = await shippedSale()
  const [answer] = await review(sale.order_id, sale.buyer_id, 4)
  expect(answer?.shop_id).toBe(sale.shop_id)
  expect(JSON.parse(answer?.body as string)).toMatchObject({
    order_id: sale.order_id,
    shop_id: sale.shop_id,
    rating: 4,
    comment: 'Lovely',
    reviewer: { id: sale.buyer_id, display_name: 'Ann' },
  })
  expect(answer?.body).not.toContain('@')
  expect(await shopOf(sale.shop_id)).toEqual({ rating: '4.00', review_count: 1 })
})

test('accepts shipped and delivered orders', async () => {
  const sale = await shippedSale()
  await db.sql`select * from deliver_order(${sale.order_id}, ${sale.seller_id})`
  expect(await review(sale.order_id, sale.buyer_id, 5)).toHaveLength(1)
})

test.each(['pending', 'paid', 'cancelled', 'refunded'])('is refused while the order is %s', async (status) => {
  const sale = await makeSale(db.sql, { outcome: status === 'pending' ? null : 'paid' })
  if (status === 'cancelled') await db.sql`select * from cancel_order(${sale.order_id}, ${sale.buyer_id})`
  if (status === 'refunded') await db.sql`select * from refund_order(${sale.order_id}, ${sale.seller_id})`
  expect(await refusalOf(review(sale.order_id, sale.buyer_id, 5))).toMatchObject({
    code: 'SWSTA',
    detail: { order_status: status },
  })
})

test('rejects a second review, and the first one stays', async () => {
  const sale = await shippedSale()
  await review(sale.order_id, sale.buyer_id, 5)
  expect(await refusalOf(review(sale.order_id, sale.buyer_id, 1))).toMatchObject({ code: 'SWREV' })
  expect(await shopOf(sale.shop_id)).toEqual({ rating: '5.00', review_count: 1 })
})

test("belongs to the buyer: the seller is rejected, a stranger gets 'not found'", async () => {
  const sale = await shippedSale()
  expect(await refusalOf(review(sale.order_id, sale.seller_id, 5))).toMatchObject({ code: 'SWOWN' })
  expect(await refusalOf(review(sale.order_id, await makeUser(db.sql), 5))).toMatchObject({ code: 'SWNTF' })
  expect(await refusalOf(review(999_999, sale.buyer_id, 5))).toMatchObject({ code: 'SWNTF' })
})

test.each([0, 6])('of %p stars is refused', async (rating) => {
  const sale = await shippedSale()
  expect(await refusalOf(review(sale.order_id, sale.buyer_id, rating))).toMatchObject({
    constraint: 'reviews_rating_is_from_1_to_5',
  })
})

test('many concurrent reviews leave the exact mean', async () => {
  const ratings = [5, 4, 4, 1, 5, 3, 2, 5, 5, 4, 1, 1]
  const { shop_id, orders } = await shippedOrders(ratings.length)
  const rivals = await openRivals(db.url, ratings.length)
  await race(rivals, async ({ sql }, n) => {
    const order = orders[n] as { id: number; buyer_id: number }
    await review(order.id, order.buyer_id, ratings[n] as number, sql)
  })
  await rivals.close()
  expect(await shopOf(shop_id)).toEqual({ rating: '3.33', review_count: 12 })
})

test('two concurrent calls make one review', async () => {
  const sale = await shippedSale()
  const rivals = await openRivals(db.url, 6)
  const outcomes = await race(rivals, ({ sql }) => outcomeOf(review(sale.order_id, sale.buyer_id, 3, sql)))
  await rivals.close()
  expect(tally(outcomes)).toEqual({ done: 1, SWREV: 5 })
})

test("rejects a review of one's own shop, also for old orders", async () => {
  const sale = await shippedSale()
  await db.sql`update shops set owner_id = ${sale.buyer_id} where id = ${sale.shop_id}`
  expect(await refusalOf(review(sale.order_id, sale.buyer_id, 5))).toMatchObject({
    code: 'SWOWI',
    detail: { shop_id: sale.shop_id },
  })
})
