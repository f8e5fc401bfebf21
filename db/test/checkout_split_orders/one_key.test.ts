import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { makeProduct, makeUser, putLine, splitOrders, unique } from '../../../test/support/factory.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { snapshot } from '../../../test/support/snapshot.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('sent again returns the same orders and does nothing, whatever the cart contains', async () => {
  const [buyer, key] = [await makeUser(db.sql), unique('key')]
  for (let shop = 0; shop < 2; shop++) await putLine(db.sql, buyer, await makeProduct(db.sql, { quantity: 3 }))
  const orders = await splitOrders(db.sql, buyer, key)
  await putLine(db.sql, buyer, await makeProduct(db.sql, { quantity: 3 }))
  const before = await snapshot(db.sql)
  expect(await splitOrders(db.sql, buyer, key)).toEqual(orders)
  expect(await snapshot(db.sql)).toEqual(before)
})

test('of another buyer is another key', async () => {
  const [first, second, key] = [await makeUser(db.sql), await makeUser(db.sql), unique('key')]
  for (const buyer of [first, second]) await putLine(db.sql, buyer, await makeProduct(db.sql))
  const [mine] = await splitOrders(db.sql, first, key)
  const [theirs] = await splitOrders(db.sql, second, key)
  expect(theirs?.checkout_id).not.toBe(mine?.checkout_id)
})

test('is free after an error', async () => {
  const [buyer, key, product] = [await makeUser(db.sql), unique('key'), await makeProduct(db.sql, { quantity: 1 })]
  await putLine(db.sql, buyer, product, { quantity: 2 })
  expect(await refusalOf(splitOrders(db.sql, buyer, key))).toMatchObject({ code: 'SWSTK' })
  await db.sql`update products set quantity = 2 where id = ${product}`
  expect(await splitOrders(db.sql, buyer, key)).toHaveLength(1)
})

test('is optional for an administrator: each call without one is a new checkout', async () => {
  const buyer = await makeUser(db.sql)
  for (let call = 0; call < 2; call++) {
    await putLine(db.sql, buyer, await makeProduct(db.sql))
    expect(await db.sql`select * from checkout_split_orders(${buyer}, null, ${db.sql.json(ADDRESS)})`).toHaveLength(1)
  }
})
