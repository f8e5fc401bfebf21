/**
 * Each test has one exact order: a first call does its part and keeps its transaction open until a second call waits for its
 * lock. The second call must then decide by the first one's result.
 */
import { expect, test } from 'bun:test'
import type { Pool } from '../../../src/platform/db/client.ts'
import { toProblem } from '../../../src/platform/problem.ts'
import { placeCheckout, reserve, settleCheckout, splitOrders } from '../../../test/support/factory.ts'
import { outcomeOf, refusalOf } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

const db = await testDatabase()

type Part = (sql: Pool) => PromiseLike<unknown>

/** Returns the outcome of the second call. */
const interleave = (leading: Part, following: Part, end?: 'rollback') =>
  db.interleave(leading, (sql) => outcomeOf(following(sql)), end)

async function twoBuyersOfOne(): Promise<{ ann: number; bob: number; product: number }> {
  const [ann, bob] = await db.makeUsers(2)
  return { ann, bob, product: await db.makeProduct() }
}

const adding = (user: number, product: number) => (sql: Pool) => reserve(sql, user, product)
const buying = (user: number) => (sql: Pool) => splitOrders(sql, user)

test('the second buyer of an item is refused because of the hold of the first', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  expect(await interleave(adding(ann, product), adding(bob, product))).toBe('SWRES')
})

test('the second buyer gets the item if the first rolls back', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  expect(await interleave(adding(ann, product), adding(bob, product), 'rollback')).toBe('done')
})

test('adding an item during its sale is refused as sold out', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  await db.reserve(ann, product)
  expect(await interleave(buying(ann), adding(bob, product))).toBe('SWSTK')
})

test('a checkout of an item is refused because of a hold that begins meanwhile', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  await db.putLine(bob, product)
  expect(await interleave(adding(ann, product), buying(bob))).toBe('SWRES')
})

test('a checkout of the last unit during its sale is refused as sold out', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  for (const buyer of [ann, bob]) await db.putLine(buyer, product)
  expect(await interleave(buying(ann), buying(bob))).toBe('SWSTK')
})

test('a dispute of a payment waits for its settlement', async () => {
  const { checkout_id, order_id } = await db.makeSale({ outcome: null })
  await db.sql`select settle_checkout(${checkout_id}, 'pending', 'simulated', 'ch_disputed')`
  const settling: Part = (sql) => sql`select from checkouts where id = ${checkout_id} for update`
  const disputing: Part = (sql) => sql`
    select apply_dispute_event('simulated', 'evt_disputed', 'ch_disputed', 'dp_1', 1, 'usd', 'open')`
  expect(await interleave(settling, disputing)).toBe('done')
  expect(await db.rows`select status, change from order_events where order_id = ${order_id} and change is not null`).toEqual([
    { status: 'pending', change: 'dispute' },
  ])
})

test('a holder loses the line when another buyer takes over the lapsed hold', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  await db.reserve(ann, product)
  await db.lapseHolds(ann)
  expect(await interleave(adding(bob, product), buying(ann))).toBe('SWCRT')
})

test('archiving a listing waits for its sale, and the order stays', async () => {
  const { product_id, seller_id } = await db.makeSale()
  const buyer = await db.makeBuyer(product_id)
  expect(await interleave(buying(buyer), (sql) => sql`select archive_product(${product_id}, ${seller_id})`)).toBe('done')
  expect(await db.rows`select from orders where buyer_id = ${buyer}`).toHaveLength(1)
})

test('a checkout uses a price that changed before the checkout got its lock', async () => {
  const { product_id, seller_id } = await db.makeSale()
  const buyer = await db.makeBuyer(product_id)
  const raising: Part = (sql) => sql`select * from update_product(${product_id}, ${seller_id}, '{"price": "99"}')`
  expect(await interleave(raising, buying(buyer))).toBe('done')
  expect(await db.rows`select subtotal from orders where buyer_id = ${buyer}`).toEqual([{ subtotal: '99.00' }])
})

test('an item added during the checkout stays in the cart', async () => {
  const [single, plenty] = [await db.makeProduct(), await db.makeProduct({ quantity: 5 })]
  const ann = await db.makeBuyer(single, plenty)
  expect(await interleave(buying(ann), adding(ann, plenty))).toBe('done')
  expect(await db.rows`select product_id, quantity from cart_items where user_id = ${ann}`).toEqual([
    { product_id: plenty, quantity: 1 },
  ])
})

test.each([
  ['paid', 'declined', 'paid', 0],
  ['declined', 'paid', 'cancelled', 1],
])('the first outcome of a payment wins: %s, then %s; a late charge is refunded', async (first, second, status, refunds) => {
  const { checkout_id } = await db.placeCheckout(await db.makeBuyer(await db.makeProduct()))
  const settling = (outcome: string) => (sql: Pool) => settleCheckout(sql, checkout_id, outcome)
  expect(await interleave(settling(first), settling(second))).toBe('done')
  expect(await db.rows`select status from orders where checkout_id = ${checkout_id}`).toEqual([{ status }])
  const jobs = (await db.waitingJobs('refund_late_charge')).filter((job) => job.checkout_id === checkout_id)
  expect(jobs).toHaveLength(refunds)
})

test('buyer and seller cancel concurrently: stock and money return once', async () => {
  const { order_id, product_id, buyer_id, seller_id } = await db.makeSale()
  const cancelling = (user: number) => (sql: Pool) => sql`select * from cancel_order(${order_id}, ${user})`
  expect(await interleave(cancelling(buyer_id), cancelling(seller_id))).toBe('SWSTA')
  expect(await db.value<number>`select quantity from products where id = ${product_id}`).toBe(5)
  expect(await db.rows`select from refunds where order_id = ${order_id}`).toHaveLength(1)
})

test('a second call with a key waits for the first and returns its result', async () => {
  const { ann, product } = await twoBuyersOfOne()
  await db.putLine(ann, product)
  await db.sql`update products set quantity = 0 where id = ${product}`
  const placing = (sql: Pool) => placeCheckout(sql, ann, { key: 'same' })
  expect(await db.interleave(placing, placing)).toMatchObject({ step: 'replay', refusal: { code: 'SWSTK' } })
})

test('an error leaves no lock: the other buyer can retry at once', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  await db.reserve(ann, product)
  expect(await refusalOf(db.reserve(bob, product))).toMatchObject({ code: 'SWRES' })
  await db.sql`select remove_cart_item(${ann}, ${product})`
  expect(await outcomeOf(db.reserve(bob, product))).toBe('done')
})

test.each([
  ['a checkout that waits for a vacation to begin is refused', 'vacation', 'SWVAC', 0],
  ['a vacation that waits for a checkout begins after its orders', 'checkout', 'done', 1],
])('%s', async (_title, first, outcome, orders) => {
  const owner = await db.makeUser()
  const shop = await db.makeShop({ owner_id: owner })
  const buying_it = buying(await db.makeBuyer(await db.makeProduct({ shop_id: shop })))
  const leaving: Part = (sql) => sql`select * from update_shop(${shop}, ${owner}, ${sql.json({ is_on_vacation: true })})`
  expect(await (first === 'vacation' ? interleave(leaving, buying_it) : interleave(buying_it, leaving))).toBe(outcome)
  expect(await db.rows`select from orders where shop_id = ${shop}`).toHaveLength(orders)
})

test('the second of two listings with one sku waits, then fails with the taken sku', async () => {
  const owner = await db.makeUser()
  const shop = await db.makeShop({ owner_id: owner })
  const mug = { title: 'Mug', price: '1.00', sku: 'ONE' }
  const list: Part = (sql) => sql`select * from list_product(${shop}, ${owner}, ${sql.json(mug)})`
  const late = (sql: Pool) =>
    list(sql).then(
      () => 'listed',
      (error: unknown) => toProblem(error).code,
    )
  expect(await db.interleave(list, late)).toBe('sku_taken')
})
