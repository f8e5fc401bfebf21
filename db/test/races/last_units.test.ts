import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import {
  makeProduct,
  makeUser,
  makeUsers,
  placeCheckout,
  putLine,
  settleCheckout,
  splitOrders,
} from '../../../test/support/factory.ts'
import { openRivals, type Rivals, race } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'

let db: TestDatabase
let rivals: Rivals
beforeAll(async () => {
  db = await openTestDatabase()
  rivals = await openRivals(db.url, 30)
})
afterAll(async () => {
  await rivals.close()
  await db.close()
})

const stockOf = async (product: number) =>
  (await db.sql<{ quantity: number }[]>`select quantity from products where id = ${product}`)[0]?.quantity

async function soldOf(product: number): Promise<number> {
  const [row] = await db.sql<{ sold: number }[]>`
    select coalesce(sum(oi.quantity), 0)::integer as sold from order_items oi join orders o on o.id = oi.order_id
    where oi.product_id = ${product} and o.status not in ('cancelled', 'refunded')`
  return row?.sold as number
}

test('12 buyers add one item: one holds it, the others get an error', async () => {
  for (let round = 0; round < 5; round++) {
    const product = await makeProduct(db.sql)
    const buyers = await makeUsers(db.sql, 12)
    const outcomes = await race({ ...rivals, all: rivals.all.slice(0, 12) }, ({ sql }, n) =>
      outcomeOf(sql`select * from reserve_item(${buyers[n] as number}, ${product})`),
    )
    expect(tally(outcomes)).toEqual({ done: 1, SWRES: 11 })
    expect(await db.sql`select from cart_items where product_id = ${product}`).toHaveLength(1)
  }
})

test('12 buyers add an item whose hold has lapsed: one takes it over', async () => {
  const product = await makeProduct(db.sql)
  await putLine(db.sql, await makeUser(db.sql), product, { reserved_until: new Date(Date.now() - 60_000) })
  const buyers = await makeUsers(db.sql, 12)
  const outcomes = await race({ ...rivals, all: rivals.all.slice(0, 12) }, ({ sql }, n) =>
    outcomeOf(sql`select * from reserve_item(${buyers[n] as number}, ${product})`),
  )
  expect(tally(outcomes)).toEqual({ done: 1, SWRES: 11 })
  expect(await db.sql`select from cart_items where product_id = ${product}`).toHaveLength(1)
})

test('one buyer adds the same item 20 times concurrently: every unit counts', async () => {
  const [product, buyer] = [await makeProduct(db.sql, { quantity: 12 }), await makeUser(db.sql)]
  const outcomes = await race({ ...rivals, all: rivals.all.slice(0, 20) }, ({ sql }) =>
    outcomeOf(sql`select * from reserve_item(${buyer}, ${product})`),
  )
  expect(tally(outcomes)).toEqual({ done: 12, SWSTK: 8 })
  expect([...(await db.sql`select quantity from cart_items where user_id = ${buyer}`)]).toEqual([{ quantity: 12 }])
})

test('30 buyers check out 7 units: exactly 7 are sold', async () => {
  for (let round = 0; round < 3; round++) {
    const product = await makeProduct(db.sql, { quantity: 7 })
    const buyers = await makeUsers(db.sql, 30)
    for (const buyer of buyers) await putLine(db.sql, buyer, product)
    const outcomes = await race(rivals, ({ sql }, n) => outcomeOf(splitOrders(sql, buyers[n] as number)))
    expect(tally(outcomes)).toEqual({ done: 7, SWSTK: 23 })
    expect([await stockOf(product), await soldOf(product)]).toEqual([0, 7])
    expect(await db.sql`select from cart_items where product_id = ${product}`).toHaveLength(23)
  }
})

test('30 buyers check out 7 units and every payment is declined: stock and carts are restored', async () => {
  const product = await makeProduct(db.sql, { quantity: 7 })
  const buyers = await makeUsers(db.sql, 30)
  for (const buyer of buyers) await putLine(db.sql, buyer, product)
  await race(rivals, async ({ sql }, n) => {
    const placed = await placeCheckout(sql, buyers[n] as number)
    if (placed.step === 'charge') await settleCheckout(sql, placed.checkout_id, 'declined')
  })
  expect([await stockOf(product), await soldOf(product)]).toEqual([7, 0])
  expect(await db.sql`select from cart_items where product_id = ${product}`).toHaveLength(30)
})
