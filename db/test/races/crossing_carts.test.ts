import { afterAll, expect, test } from 'bun:test'
import type { TestDatabase } from '../../../test/support/database.ts'
import { settleCheckout, splitOrders } from '../../../test/support/factory.ts'
import { countDeadlocks, openRivals, race } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

const BUYERS = 12
const ROUNDS = 25
const STOCK = 100_000

const db = await testDatabase()
const rivals = await openRivals(db.url, BUYERS)
afterAll(rivals.close)
const owner = await db.makeUser()
// With thousands of other rows, the planner looks rows up one by one, in the order of the cart.
await db.sql`insert into products (shop_id, title, price) select ${await db.makeShop()}, 'x', 1 from generate_series(1, 5000)`
const shops = [
  await db.makeShop({ owner_id: owner }),
  await db.makeShop({ owner_id: owner }),
  await db.makeShop({ owner_id: owner }),
]
const products: number[] = []
for (let n = 0; n < 6; n++) products.push(await db.makeProduct({ shop_id: shops[n % 3] as number, quantity: STOCK }))
const buyers: number[] = await db.makeUsers(BUYERS)
await db.sql`analyze`

/** Half of the carts have the six items in one order, half in the reverse order. */
async function fillCarts(): Promise<void> {
  for (const [n, buyer] of buyers.entries()) {
    await db.sql`
      insert into cart_items (user_id, product_id)
      select ${buyer}, item.id
      from unnest(${n % 2 ? products : products.toReversed()}::bigint[]) with ordinality item (id, place) order by item.place`
  }
}

async function expectStockEquation(): Promise<void> {
  const rows = await db.rows`
    select p.id, p.quantity + coalesce(sum(oi.quantity) filter (where o.status not in ('cancelled', 'refunded')), 0) as accounted
    from products p
    left join order_items oi on oi.product_id = p.id
    left join orders o on o.id = oi.order_id
    where p.id = any (${products}) group by p.id order by p.id`
  expect(rows).toEqual(products.map((id) => ({ id, accounted: STOCK })))
}

type Part = (sql: TestDatabase['sql'], n: number) => Promise<unknown>
const rounds: [string, Part][] = [
  ['carts in opposite orders', (sql, n) => splitOrders(sql, buyers[n] as number)],
  ['concurrent checkouts, payments, declines, cancellations, carts, listings and expiry', shop],
]
test.each(rounds)('%s never deadlock', async (_title, part) => {
  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await fillCarts()
    outcomes.push(...(await race(rivals, ({ sql }, n) => outcomeOf(part(sql, n)))))
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
    await settleCheckout(sql, orders[0].checkout_id, n % 4 === 3 ? 'declined' : 'paid')
    if (n % 4 === 2) for (const { order_id } of orders.toReversed()) await sql`select * from cancel_order(${order_id}, ${buyer})`
  }
}
