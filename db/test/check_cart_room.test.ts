import { expect, test } from 'bun:test'
import { countDeadlocks, openRivals, race } from '../../test/support/races.ts'
import { outcomeOf, refusalOf, tally } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const MAX_HOLDS = 50
const MAX_LINES = 200

/** Listings of one shop, each with this stock. */
async function makeProducts(count: number, quantity: number): Promise<number[]> {
  return db.makeProducts(count, { shop_id: await db.makeShop(), quantity })
}

/** Inserts cart lines without any check. Held lines are held for an hour. */
const fill = (user: number, products: number[], held: boolean) => db.sql`
  insert into cart_items (user_id, product_id, quantity, reserved_until)
  select ${user}, unnest(${products}::bigint[]), 1, ${held ? new Date(Date.now() + 3600_000) : null}::timestamptz`
const add = (user: number, product: number, sql = db.sql) => sql`select * from reserve_item(${user}, ${product}, 1)`

test('a buyer holds at most 50 items, and keeps their holds', async () => {
  const user = await db.makeUser()
  const products = await makeProducts(MAX_HOLDS + 1, 1)
  await fill(user, products.slice(1), true)
  const one_more = products[0] as number
  expect(await refusalOf(add(user, one_more))).toMatchObject({ code: 'SWCAP', detail: { success: false, limit: MAX_HOLDS } })
  expect(await db.sql`select from cart_items where product_id = ${one_more}`).toHaveLength(0)
  expect(await outcomeOf(add(user, products[1] as number))).toBe('done')
  expect(await outcomeOf(add(await db.makeUser(), one_more))).toBe('done')
})

test('items with stock above 1 and lapsed holds do not count as holds', async () => {
  const user = await db.makeUser()
  const products = await makeProducts(MAX_HOLDS, 1)
  await fill(user, products, true)
  expect(await outcomeOf(add(user, await db.makeProduct({ quantity: 5 })))).toBe('done')
  await db.lapseHolds(user)
  expect(await outcomeOf(add(user, await db.makeProduct()))).toBe('done')
})

test('a line whose stock has become 1 is not held above the limit', async () => {
  const user = await db.makeUser()
  await fill(user, await makeProducts(MAX_HOLDS, 1), true)
  const product = await db.makeProduct()
  await fill(user, [product], false)
  expect(await refusalOf(db.sql`select * from change_cart_item(${user}, ${product}, 1)`)).toMatchObject({ code: 'SWCAP' })
})

test('a cart accepts 200 lines, and more units of each', async () => {
  const user = await db.makeUser()
  const products = await makeProducts(MAX_LINES, 5)
  await fill(user, products, false)
  const [plain, single] = [await db.makeProduct({ quantity: 5 }), await db.makeProduct()]
  for (const product of [plain, single])
    expect(await refusalOf(add(user, product))).toMatchObject({ code: 'SWFUL', detail: { success: false, limit: MAX_LINES } })
  expect(await outcomeOf(add(user, products[0] as number))).toBe('done')
})

test('50 concurrent adds of a buyer with 40 holds: ten more are held', async () => {
  const user = await db.makeUser()
  const products = await makeProducts(90, 1)
  await fill(user, products.slice(50), true)
  const rivals = await openRivals(db.url, 50)
  const outcomes = await race(rivals, ({ sql }, n) => outcomeOf(add(user, products[n] as number, sql)))
  expect(tally(outcomes)).toEqual({ done: 10, SWCAP: 40 })
  expect(await db.sql`select from cart_items where user_id = ${user}`).toHaveLength(MAX_HOLDS)
  expect(await countDeadlocks(rivals)).toBe(0)
  await rivals.close()
})
