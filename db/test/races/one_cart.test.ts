import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import {
  lapseHolds,
  makeProduct,
  makeUser,
  makeUsers,
  placeCheckout,
  putLine,
  splitOrders,
  unique,
} from '../../../test/support/factory.ts'
import { openRivals, type Rivals, race } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'

let db: TestDatabase
let rivals: Rivals
beforeAll(async () => {
  db = await openTestDatabase()
  rivals = await openRivals(db.url, 12)
})
afterAll(async () => {
  await rivals.close()
  await db.close()
})

async function countOrders(buyer: number): Promise<number> {
  return (await db.sql`select from orders where buyer_id = ${buyer}`).length
}

test('one cart is checked out once, with any keys', async () => {
  for (let round = 0; round < 5; round++) {
    const buyer = await makeUser(db.sql)
    for (let n = 0; n < 2; n++) await putLine(db.sql, buyer, await makeProduct(db.sql, { quantity: 9 }))
    const outcomes = await race(rivals, ({ sql }) => outcomeOf(splitOrders(sql, buyer)))
    expect(tally(outcomes)).toEqual({ done: 1, SWCRT: 11 })
    expect(await countOrders(buyer)).toBe(2)
  }
})

test('parallel calls with one key make one checkout and return the same orders', async () => {
  const [buyer, key] = [await makeUser(db.sql), unique('key')]
  for (let n = 0; n < 2; n++) await putLine(db.sql, buyer, await makeProduct(db.sql, { quantity: 9 }))
  const answers = await race(rivals, ({ sql }) => splitOrders(sql, buyer, key))
  for (const orders of answers) expect(orders).toEqual(answers[0] as typeof orders)
  expect(await countOrders(buyer)).toBe(2)
})

test('one of the parallel calls with a key charges; the others are in progress', async () => {
  const [buyer, key] = [await makeUser(db.sql), unique('key')]
  await putLine(db.sql, buyer, await makeProduct(db.sql, { quantity: 9 }))
  const outcomes = await race(rivals, ({ sql }) => outcomeOf(placeCheckout(sql, buyer, { key })))
  expect(tally(outcomes)).toEqual({ done: 1, SWIDP: 11 })
  expect(await countOrders(buyer)).toBe(1)
})

test('an item added during a checkout is in the order or still in the cart', async () => {
  for (let round = 0; round < 15; round++) {
    const [buyer, first] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 9, price: '1.00' })]
    const added = await makeProduct(db.sql, { quantity: 9, price: '5.00' })
    await putLine(db.sql, buyer, first)
    await race(rivals, async ({ sql }, n) => {
      if (n === 0) await splitOrders(sql, buyer)
      else if (n < 4) await sql`select * from reserve_item(${buyer}, ${added})`
      else if (n < 6) await sql`select * from reserve_item(${buyer}, ${first})`
    })
    const [row] = await db.sql`
      select
        coalesce((select sum(ci.quantity) from cart_items ci where ci.user_id = ${buyer}), 0)::integer as in_cart,
        coalesce((select sum(oi.quantity) from order_items oi join orders o on o.id = oi.order_id where o.buyer_id = ${buyer}), 0)::integer as ordered,
        (select 18 - sum(p.quantity) from products p where p.id in (${first}, ${added}))::integer as taken,
        (select sum(oi.quantity * p.price) from order_items oi join orders o on o.id = oi.order_id join products p on p.id = oi.product_id
          where o.buyer_id = ${buyer}) as worth,
        (select sum(p.amount) from payments p join checkouts c on c.id = p.checkout_id where c.buyer_id = ${buyer}) as charged`
    expect(row?.in_cart + row?.ordered).toBe(6)
    expect(row?.taken).toBe(row?.ordered)
    expect(row?.charged).toBe(row?.worth)
  }
})

test('an item whose hold lapses is sold once or expires once', async () => {
  for (let round = 0; round < 10; round++) {
    const [holder, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
    await db.sql`select * from reserve_item(${holder}, ${product})`
    await lapseHolds(db.sql, holder)
    const others = await makeUsers(db.sql, 4)
    const expired: unknown[] = []
    const outcomes = await race(rivals, ({ sql }, n) => {
      if (n < 3) return outcomeOf(splitOrders(sql, holder))
      if (n < 7) return outcomeOf(sql`select * from reserve_item(${others[n - 3] as number}, ${product})`)
      return outcomeOf(sql`select * from expire_reservations()`.then((rows) => expired.push(...rows)))
    })
    const sold = outcomes.slice(0, 3).filter((outcome) => outcome === 'done').length
    const taken = outcomes.slice(3, 7).filter((outcome) => outcome === 'done').length
    expect(outcomes.slice(7)).toEqual(Array(5).fill('done'))
    expect(sold + taken).toBe(1)
    expect(expired.length).toBeLessThanOrEqual(1)
    expect(sold + expired.length).toBeLessThanOrEqual(1)
    const [row] = await db.sql<{ quantity: number }[]>`select quantity from products where id = ${product}`
    expect(row?.quantity).toBe(1 - sold)
    expect(await db.sql`select from cart_items where product_id = ${product}`).toHaveLength(taken)
    for (const outcome of outcomes) expect(['done', 'SWCRT', 'SWRES', 'SWSTK']).toContain(outcome)
  }
})
