import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { makeProduct, makeShop, makeUser, makeUsers, settleCheckout, splitOrders } from '../../../test/support/factory.ts'
import { countDeadlocks, openRivals, type Rivals, race } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'

const BUYERS = 12
const ROUNDS = 25
const STOCK = 100_000

let db: TestDatabase
let rivals: Rivals
let products: number[]
let buyers: number[]
let owner: number
beforeAll(async () => {
  db = await openTestDatabase()
  rivals = await openRivals(db.url, BUYERS)
  owner = await makeUser(db.sql)
  // With thousands of other rows, so that the planner looks rows up one by one, in the order of the cart.
  const bulk = await makeShop(db.sql)
  await db.sql`insert into products (shop_id, title, price) select ${bulk}, 'x', 1 from generate_series(1, 5000)`
  const shops = [1, 2, 3].map(() => makeShop(db.sql, { owner_id: owner }))
  products = []
  for (let n = 0; n < 6; n++)
    products.push(await makeProduct(db.sql, { shop_id: (await shops[n % 3]) as number, quantity: STOCK }))
  buyers = await makeUsers(db.sql, BUYERS)
  await db.sql`analyze`
})
afterAll(async () => {
  await rivals.close()
  await db.close()
})

/** Half of the carts have the six items in one order, half in the reverse order. */
async function fillCarts(): Promise<void> {
  for (const [n, buyer] of buyers.entries()) {
    await db.sql`
      insert into cart_items (user_id, product_id)
      select ${buyer}, item.id from unnest(${n % 2 ? products : products.toReversed()}::bigint[]) with ordinality item (id, place) order by item.place`
  }
}

async function expectStockEquation(): Promise<void> {
  const rows = await db.sql`
    select p.id, p.quantity + coalesce(sum(oi.quantity) filter (where o.status not in ('cancelled', 'refunded')), 0) as accounted
    from products p
    left join order_items oi on oi.product_id = p.id
    left join orders o on o.id = oi.order_id
    where p.id = any (${products}) group by p.id order by p.id`
  expect([...rows]).toEqual(products.map((id) => ({ id, accounted: STOCK })))
}

test('carts in opposite orders never deadlock', async () => {
  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await fillCarts()
    outcomes.push(...(await race(rivals, ({ sql }, n) => outcomeOf(splitOrders(sql, buyers[n] as number)))))
  }
  expect(tally(outcomes)).toEqual({ done: BUYERS * ROUNDS })
  expect(await countDeadlocks(rivals)).toBe(0)
  await expectStockEquation()
})

test('concurrent checkouts, payments, declines, cancellations, carts, listings and expiry never deadlock', async () => {
  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await fillCarts()
    outcomes.push(...(await race(rivals, ({ sql }, n) => outcomeOf(shop(sql, n)))))
    await db.sql`delete from cart_items`
  }
  expect(tally(outcomes)).toEqual({ done: BUYERS * ROUNDS })
  expect(await countDeadlocks(rivals)).toBe(0)
  await expectStockEquation()
})

/** One round of a rival: most rivals buy, then pay, fail or cancel; the others change the same rows. */
async function shop(sql: TestDatabase['sql'], n: number): Promise<void> {
  const buyer = buyers[n] as number
  const [first, last] = [products[0] as number, products[5] as number]
  if (n === 10) {
    await sql`select * from expire_reservations()`
    await sql`select * from update_product(${last}, ${owner}, '{"price": "11"}')`
    await sql`select * from update_product(${first}, ${owner}, '{"price": "12"}')`
  } else if (n === 11) {
    await sql`select * from change_cart_item(${buyer}, ${last}, 3)`
    await sql`select * from reserve_item(${buyer}, ${first}, 2)`
    await sql`select remove_cart_item(${buyer}, ${last})`
  } else {
    const orders = await splitOrders(sql, buyer)
    await settleCheckout(sql, orders[0]?.checkout_id as number, n % 4 === 3 ? 'declined' : 'paid')
    if (n % 4 === 2) for (const { order_id } of orders.toReversed()) await sql`select * from cancel_order(${order_id}, ${buyer})`
  }
}
