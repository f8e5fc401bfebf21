import { beforeEach, expect, test } from 'bun:test'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
beforeEach(async () => {
  await db.sql`delete from cart_items`
})

const expire = () => db.rows`select * from expire_reservations() order by id`
const linesInCarts = () => db.rows`select id, user_id, product_id, quantity, reserved_until from cart_items order by id`

async function lapsedLine() {
  const [user, product] = [await db.makeUser(), await db.makeProduct()]
  await db.reserve(user, product)
  await db.lapseHolds(user)
  return { user, product }
}

test('expire_reservations deletes the lapsed lines and returns them', async () => {
  const [first, second, holder, plain] = [await db.makeUser(), await db.makeUser(), await db.makeUser(), await db.makeUser()]
  for (const user of [first, second, holder]) await db.reserve(user, await db.makeProduct())
  await db.putLine(plain, await db.makeProduct({ quantity: 5 }), { quantity: 2 })
  await db.lapseHolds(first)
  await db.lapseHolds(second)
  const before = await linesInCarts()
  const lapsed = before.filter(({ user_id }) => user_id === first || user_id === second)
  expect(await expire()).toEqual(lapsed)
  expect(await linesInCarts()).toEqual(before.filter((line) => !lapsed.includes(line)))
})

test('a second run does nothing', async () => {
  await lapsedLine()
  expect(await expire()).toHaveLength(1)
  expect(await expire()).toHaveLength(0)
})

test('changes neither stock nor listing', async () => {
  const { product } = await lapsedLine()
  const listing = () => db.rows`select * from products where id = ${product}`
  const before = await listing()
  await expire()
  expect(await listing()).toEqual(before)
})

test('skips a locked line until the next run', async () => {
  const { user } = await lapsedLine()
  await db.sql.begin(async (tx) => {
    await tx`select from cart_items where user_id = ${user} for update`
    expect(await expire()).toHaveLength(0)
  })
  expect(await expire()).toHaveLength(1)
})
