import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { lapseHolds, makeProduct, makeUser, putLine } from '../../test/support/factory.ts'
import { openRivals, type Rival } from '../../test/support/races.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
beforeEach(async () => {
  await db.sql`delete from cart_items`
})
afterAll(() => db.close())

const expire = (sql = db.sql) => sql`select * from expire_reservations() order by id`
const linesInCarts = () => db.sql`select id, user_id, product_id, quantity, reserved_until from cart_items order by id`

test('deletes the lapsed lines and returns them', async () => {
  const [first, second, holder, plain] = [
    await makeUser(db.sql),
    await makeUser(db.sql),
    await makeUser(db.sql),
    await makeUser(db.sql),
  ]
  for (const user of [first, second, holder]) await db.sql`select * from reserve_item(${user}, ${await makeProduct(db.sql)})`
  await putLine(db.sql, plain, await makeProduct(db.sql, { quantity: 5 }), { quantity: 2 })
  await lapseHolds(db.sql, first)
  await lapseHolds(db.sql, second)
  const before = await linesInCarts()
  const lapsed = before.filter(({ user_id }) => user_id === first || user_id === second)
  expect([...(await expire())]).toEqual(lapsed)
  expect([...(await linesInCarts())]).toEqual(before.filter((line) => !lapsed.includes(line)))
})

test('a second run does nothing', async () => {
  const user = await makeUser(db.sql)
  await db.sql`select * from reserve_item(${user}, ${await makeProduct(db.sql)})`
  await lapseHolds(db.sql, user)
  expect(await expire()).toHaveLength(1)
  expect(await expire()).toHaveLength(0)
})

test('changes neither stock nor listing', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
  await db.sql`select * from reserve_item(${user}, ${product})`
  await lapseHolds(db.sql, user)
  const listing = () => db.sql`select * from products where id = ${product}`
  const before = await listing()
  await expire()
  expect([...(await listing())]).toEqual([...before])
})

test('skips a locked line until the next run', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
  await db.sql`select * from reserve_item(${user}, ${product})`
  await lapseHolds(db.sql, user)
  const rivals = await openRivals(db.url, 1)
  const { sql } = rivals.all[0] as Rival
  await sql`begin`
  await sql`select from cart_items where user_id = ${user} for update`
  expect(await expire()).toHaveLength(0)
  await sql`commit`
  expect(await expire()).toHaveLength(1)
  await rivals.close()
})
