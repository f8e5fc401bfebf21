import { afterAll, expect, test } from 'bun:test'
import { placeCheckout, reserve, settleCheckout, splitOrders } from '../../../test/support/factory.ts'
import { openRivals, type Rival, race } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

const db = await testDatabase()
const rivals = await openRivals(db.url, 30)
afterAll(rivals.close)

const raceOf = <T>(count: number, part: (rival: Rival, n: number) => Promise<T>) =>
  race({ ...rivals, all: rivals.all.slice(0, count) }, part)

const stockOf = (product: number) => db.value<number>`select quantity from products where id = ${product}`
const countLines = (product: number) => db.value<number>`select count(*)::integer from cart_items where product_id = ${product}`
const soldOf = (product: number) => db.value<number>`
  select coalesce(sum(oi.quantity), 0)::integer from order_items oi join orders o on o.id = oi.order_id
  where oi.product_id = ${product} and o.status not in ('cancelled', 'refunded')`

/** Makes 30 buyers with one unit of the product in each cart. */
async function makeBuyers(product: number): Promise<number[]> {
  const buyers = await db.makeUsers(30)
  for (const buyer of buyers) await db.putLine(buyer, product)
  return buyers
}

test.each([0, 1])('12 buyers add one item: one holds it, the others get an error, also after %p lapsed holds', async (lapsed) => {
  for (let round = 0; round < 5; round++) {
    const product = await db.makeProduct()
    if (lapsed) await db.putLine(await db.makeUser(), product, { reserved_until: new Date(Date.now() - 60_000) })
    const buyers = await db.makeUsers(12)
    const outcomes = await raceOf(12, ({ sql }, n) => outcomeOf(reserve(sql, buyers[n] as number, product)))
    expect(tally(outcomes)).toEqual({ done: 1, SWRES: 11 })
    expect(await countLines(product)).toBe(1)
  }
})

test('one buyer adds the same item 20 times concurrently: every unit counts', async () => {
  const [product, buyer] = [await db.makeProduct({ quantity: 12 }), await db.makeUser()]
  const outcomes = await raceOf(20, ({ sql }) => outcomeOf(reserve(sql, buyer, product)))
  expect(tally(outcomes)).toEqual({ done: 12, SWSTK: 8 })
  expect(await db.rows`select quantity from cart_items where user_id = ${buyer}`).toEqual([{ quantity: 12 }])
})

test('30 buyers check out 7 units: exactly 7 are sold', async () => {
  for (let round = 0; round < 3; round++) {
    const product = await db.makeProduct({ quantity: 7 })
    const buyers = await makeBuyers(product)
    const outcomes = await raceOf(30, ({ sql }, n) => outcomeOf(splitOrders(sql, buyers[n] as number)))
    expect(tally(outcomes)).toEqual({ done: 7, SWSTK: 23 })
    expect([await stockOf(product), await soldOf(product), await countLines(product)]).toEqual([0, 7, 23])
  }
})

test('30 buyers check out 7 units and every payment is declined: stock and carts are restored', async () => {
  const product = await db.makeProduct({ quantity: 7 })
  const buyers = await makeBuyers(product)
  await raceOf(30, async ({ sql }, n) => {
    const placed = await placeCheckout(sql, buyers[n] as number)
    if (placed.step === 'charge') await settleCheckout(sql, placed.checkout_id, 'declined')
  })
  expect([await stockOf(product), await soldOf(product), await countLines(product)]).toEqual([7, 0, 30])
})
