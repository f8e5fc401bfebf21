import { afterAll, expect, test } from 'bun:test'
import { placeCheckout, reserve, splitOrders, unique } from '../../../test/support/factory.ts'
import { openRivals, race } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

const db = await testDatabase()
const rivals = await openRivals(db.url, 12)
afterAll(rivals.close)

/** Makes a buyer with two items from two shops. */
const makeBuyer = async () => db.makeBuyer(...(await db.makeProducts(2, { quantity: 9 })))
const countOrders = (buyer: number) => db.value<number>`select count(*)::integer from orders where buyer_id = ${buyer}`

test('one cart is checked out once, with any keys', async () => {
  for (let round = 0; round < 5; round++) {
    const buyer = await makeBuyer()
    const outcomes = await race(rivals, ({ sql }) => outcomeOf(splitOrders(sql, buyer)))
    expect(tally(outcomes)).toEqual({ done: 1, SWCRT: 11 })
    expect(await countOrders(buyer)).toBe(2)
  }
})

test('parallel calls with one key make one checkout and return the same orders', async () => {
  const [buyer, key] = [await makeBuyer(), unique('key')]
  const results = await race(rivals, ({ sql }) => splitOrders(sql, buyer, key))
  for (const orders of results) expect(orders).toEqual(results[0] as typeof orders)
  expect(await countOrders(buyer)).toBe(2)
})

test('one of the parallel calls with a key charges; the others are in progress', async () => {
  const [buyer, key] = [await makeBuyer(), unique('key')]
  const outcomes = await race(rivals, ({ sql }) => outcomeOf(placeCheckout(sql, buyer, { key })))
  expect(tally(outcomes)).toEqual({ done: 1, SWIDP: 11 })
  expect(await countOrders(buyer)).toBe(2)
})

test('an item added during a checkout is in the order or still in the cart', async () => {
  for (let round = 0; round < 15; round++) {
    const first = await db.makeProduct({ quantity: 9, price: '1.00' })
    const [buyer, added] = [await db.makeBuyer(first), await db.makeProduct({ quantity: 9, price: '5.00' })]
    await race(rivals, async ({ sql }, n) => {
      if (n === 0) await splitOrders(sql, buyer)
      else if (n < 4) await reserve(sql, buyer, added)
      else if (n < 6) await reserve(sql, buyer, first)
    })
    const [row] = await db.rows`
      with bought as (
        select oi.product_id, oi.quantity from order_items oi join orders o on o.id = oi.order_id where o.buyer_id = ${buyer}
      )
      select
        coalesce((select sum(ci.quantity) from cart_items ci where ci.user_id = ${buyer}), 0)::integer as in_cart,
        coalesce((select sum(b.quantity) from bought b), 0)::integer as ordered,
        (select 18 - sum(p.quantity) from products p where p.id in (${first}, ${added}))::integer as taken,
        (select sum(b.quantity * p.price) from bought b join products p on p.id = b.product_id) as worth,
        (select sum(p.amount) from payments p join checkouts c on c.id = p.checkout_id where c.buyer_id = ${buyer}) as charged`
    expect(row?.in_cart + row?.ordered).toBe(6)
    expect(row?.taken).toBe(row?.ordered)
    expect(row?.charged).toBe(row?.worth)
  }
})

test('an item whose hold lapses is sold once or expires once', async () => {
  for (let round = 0; round < 10; round++) {
    const [holder, product] = [await db.makeUser(), await db.makeProduct()]
    await db.reserve(holder, product)
    await db.lapseHolds(holder)
    const others = await db.makeUsers(4)
    const expired: unknown[] = []
    const outcomes = await race(rivals, ({ sql }, n) => {
      if (n < 3) return outcomeOf(splitOrders(sql, holder))
      if (n < 7) return outcomeOf(reserve(sql, others[n - 3] as number, product))
      return outcomeOf(sql`select * from expire_reservations()`.then((rows) => expired.push(...rows)))
    })
    const sold = outcomes.slice(0, 3).filter((outcome) => outcome === 'done').length
    const taken = outcomes.slice(3, 7).filter((outcome) => outcome === 'done').length
    expect(outcomes.slice(7)).toEqual(Array(5).fill('done'))
    expect(sold + taken).toBe(1)
    expect(expired.length).toBeLessThanOrEqual(1)
    expect(sold + expired.length).toBeLessThanOrEqual(1)
    expect(await db.value<number>`select quantity from products where id = ${product}`).toBe(1 - sold)
    expect(await db.rows`select from cart_items where product_id = ${product}`).toHaveLength(taken)
    for (const outcome of outcomes) expect(['done', 'SWCRT', 'SWRES', 'SWSTK']).toContain(outcome)
  }
})
