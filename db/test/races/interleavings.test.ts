import { afterAll, beforeAll, expect, test } from 'bun:test'
import { toProblem } from '../../../src/platform/problem.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import {
  lapseHolds,
  makeProduct,
  makeSale,
  makeShop,
  makeUser,
  placeCheckout,
  putLine,
  settleCheckout,
  splitOrders,
  waitingJobs,
} from '../../../test/support/factory.ts'
import { openRivals, type Rival, type Rivals, untilBlocked } from '../../../test/support/races.ts'
import { outcomeOf, refusalOf } from '../../../test/support/refusals.ts'

/**
 * Each test has one exact order: the first rival does its part and keeps its transaction open until the second waits for its
 * lock. The second must then decide by the first one's result.
 */

let db: TestDatabase
let rivals: Rivals
let first: Rival
let second: Rival
beforeAll(async () => {
  db = await openTestDatabase()
  rivals = await openRivals(db.url, 2)
  ;[first, second] = rivals.all as [Rival, Rival]
})
afterAll(async () => {
  await rivals.close()
  await db.close()
})

/** Runs `leading` in an open transaction and `following` until it waits, ends the first, and returns the second one's result. */
async function interleave(
  leading: () => PromiseLike<unknown>,
  following: () => PromiseLike<unknown>,
  end = 'commit',
): Promise<string> {
  await first.sql`begin`
  await leading()
  const outcome = outcomeOf(following())
  await untilBlocked(db.sql, second)
  await first.sql.unsafe(end)
  return await outcome
}

const reserve = ({ sql }: Rival, user: number, product: number, quantity = 1) =>
  sql`select * from reserve_item(${user}, ${product}, ${quantity})`

async function twoBuyersOfOne(): Promise<{ ann: number; bob: number; product: number }> {
  return { ann: await makeUser(db.sql), bob: await makeUser(db.sql), product: await makeProduct(db.sql) }
}

test('the second buyer of an item sees the hold of the first', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  expect(
    await interleave(
      () => reserve(first, ann, product),
      () => reserve(second, bob, product),
    ),
  ).toBe('SWRES')
})

test('the second buyer gets the item if the first rolls back', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  expect(
    await interleave(
      () => reserve(first, ann, product),
      () => reserve(second, bob, product),
      'rollback',
    ),
  ).toBe('done')
})

test('adding an item during its sale finds it sold out', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  await reserve(first, ann, product)
  expect(
    await interleave(
      () => splitOrders(first.sql, ann),
      () => reserve(second, bob, product),
    ),
  ).toBe('SWSTK')
})

test('checking out an item during another hold fails with the hold', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  await putLine(db.sql, bob, product)
  expect(
    await interleave(
      () => reserve(first, ann, product),
      () => splitOrders(second.sql, bob),
    ),
  ).toBe('SWRES')
})

test('checking out the last unit during its sale finds it sold out', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  for (const buyer of [ann, bob]) await putLine(db.sql, buyer, product)
  expect(
    await interleave(
      () => splitOrders(first.sql, ann),
      () => splitOrders(second.sql, bob),
    ),
  ).toBe('SWSTK')
})

test('a holder loses the line when another buyer takes over the lapsed hold', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  await reserve(first, ann, product)
  await lapseHolds(db.sql, ann)
  expect(
    await interleave(
      () => reserve(first, bob, product),
      () => splitOrders(second.sql, ann),
    ),
  ).toBe('SWCRT')
})

test('archiving a listing waits for its sale, and the order stays', async () => {
  const sale = await makeSale(db.sql)
  const buyer = await makeUser(db.sql)
  await putLine(db.sql, buyer, sale.product_id)
  const archive = () => second.sql`select archive_product(${sale.product_id}, ${sale.seller_id})`
  expect(await interleave(() => splitOrders(first.sql, buyer), archive)).toBe('done')
  expect(await db.sql`select from orders where buyer_id = ${buyer}`).toHaveLength(1)
})

test('a checkout uses a price that changed before it got its lock', async () => {
  const sale = await makeSale(db.sql)
  const buyer = await makeUser(db.sql)
  await putLine(db.sql, buyer, sale.product_id)
  const raise = () => first.sql`select * from update_product(${sale.product_id}, ${sale.seller_id}, '{"price": "99"}')`
  expect(await interleave(raise, () => splitOrders(second.sql, buyer))).toBe('done')
  expect([...(await db.sql`select subtotal from orders where buyer_id = ${buyer}`)]).toEqual([{ subtotal: '99.00' }])
})

test('an item added during the checkout stays in the cart', async () => {
  const { ann, product } = await twoBuyersOfOne()
  const plenty = await makeProduct(db.sql, { quantity: 5 })
  for (const item of [product, plenty]) await putLine(db.sql, ann, item)
  expect(
    await interleave(
      () => splitOrders(first.sql, ann),
      () => reserve(second, ann, plenty),
    ),
  ).toBe('done')
  expect([...(await db.sql`select product_id, quantity from cart_items where user_id = ${ann}`)]).toEqual([
    { product_id: plenty, quantity: 1 },
  ])
})

test('the first outcome of a payment wins: paid, then declined', async () => {
  const { ann, product } = await twoBuyersOfOne()
  await putLine(db.sql, ann, product)
  const { checkout_id } = await placeCheckout(db.sql, ann)
  const outcome = await interleave(
    () => settleCheckout(first.sql, checkout_id, 'paid'),
    () => settleCheckout(second.sql, checkout_id, 'declined'),
  )
  expect(outcome).toBe('done')
  expect([...(await db.sql`select status from orders where checkout_id = ${checkout_id}`)]).toEqual([{ status: 'paid' }])
})

test('the first outcome of a payment wins: declined, then paid, which is refunded', async () => {
  const { ann, product } = await twoBuyersOfOne()
  await putLine(db.sql, ann, product)
  const { checkout_id } = await placeCheckout(db.sql, ann)
  await interleave(
    () => settleCheckout(first.sql, checkout_id, 'declined'),
    () => settleCheckout(second.sql, checkout_id, 'paid'),
  )
  expect([...(await db.sql`select status from orders where checkout_id = ${checkout_id}`)]).toEqual([{ status: 'cancelled' }])
  expect(await waitingJobs(db.sql, 'refund_late_charge')).toContainEqual({ checkout_id })
})

test('buyer and seller cancel concurrently: stock and money return once', async () => {
  const sale = await makeSale(db.sql)
  const cancel = (rival: Rival, user: number) => rival.sql`select * from cancel_order(${sale.order_id}, ${user})`
  expect(
    await interleave(
      () => cancel(first, sale.buyer_id),
      () => cancel(second, sale.seller_id),
    ),
  ).toBe('SWSTA')
  expect([...(await db.sql`select quantity from products where id = ${sale.product_id}`)]).toEqual([{ quantity: 5 }])
  expect(await db.sql`select from refunds where order_id = ${sale.order_id}`).toHaveLength(1)
})

test('a second call with a key waits for the first and returns its result', async () => {
  const { ann, product } = await twoBuyersOfOne()
  await putLine(db.sql, ann, product, {})
  await db.sql`update products set quantity = 0 where id = ${product}`
  let answered: unknown
  const again = async () => {
    answered = await placeCheckout(second.sql, ann, { key: 'same' })
  }
  expect(await interleave(() => placeCheckout(first.sql, ann, { key: 'same' }), again)).toBe('done')
  expect(answered).toMatchObject({ step: 'replay', refusal: { code: 'SWSTK' } })
})

test('an error leaves no lock: the loser can retry at once', async () => {
  const { ann, bob, product } = await twoBuyersOfOne()
  await reserve(first, ann, product)
  expect(await refusalOf(reserve(second, bob, product))).toMatchObject({ code: 'SWRES' })
  await db.sql`select remove_cart_item(${ann}, ${product})`
  expect(await outcomeOf(reserve(second, bob, product))).toBe('done')
})

test('a checkout that waits for a vacation to begin is refused', async () => {
  const owner = await makeUser(db.sql)
  const shop = await makeShop(db.sql, { owner_id: owner })
  const buyer = await makeUser(db.sql)
  await putLine(db.sql, buyer, await makeProduct(db.sql, { shop_id: shop }))
  const goAway = ({ sql }: Rival) => sql`select * from update_shop(${shop}, ${owner}, ${sql.json({ is_on_vacation: true })})`
  expect(
    await interleave(
      () => goAway(first),
      () => splitOrders(second.sql, buyer),
    ),
  ).toBe('SWVAC')
})

test('a vacation that waits for a checkout begins after its orders', async () => {
  const owner = await makeUser(db.sql)
  const shop = await makeShop(db.sql, { owner_id: owner })
  const buyer = await makeUser(db.sql)
  await putLine(db.sql, buyer, await makeProduct(db.sql, { shop_id: shop }))
  const goAway = ({ sql }: Rival) => sql`select * from update_shop(${shop}, ${owner}, ${sql.json({ is_on_vacation: true })})`
  expect(
    await interleave(
      () => splitOrders(first.sql, buyer),
      () => goAway(second),
    ),
  ).toBe('done')
  expect(await db.sql`select from orders where shop_id = ${shop}`).toHaveLength(1)
})

test('the second of two listings with one sku waits, then fails with the taken sku', async () => {
  const owner = await makeUser(db.sql)
  const shop = await makeShop(db.sql, { owner_id: owner })
  const mug = { title: 'Mug', price: '1.00', sku: 'ONE' }
  const list = ({ sql }: Rival) => sql`select * from list_product(${shop}, ${owner}, ${sql.json(mug)})`
  await first.sql`begin`
  await list(first)
  const late = list(second).then(
    () => 'listed',
    (error: unknown) => toProblem(error).code,
  )
  await untilBlocked(db.sql, second)
  await first.sql`commit`
  expect(await late).toBe('sku_taken')
})
