import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct, makeUser, putLine } from '../../test/support/factory.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('removes one line from one cart', async () => {
  const [user, other] = [await makeUser(db.sql), await makeUser(db.sql)]
  const [mug, bowl] = [await makeProduct(db.sql, { quantity: 5 }), await makeProduct(db.sql, { quantity: 5 })]
  for (const person of [user, other]) for (const product of [mug, bowl]) await putLine(db.sql, person, product)
  await db.sql`select remove_cart_item(${user}, ${mug})`
  const left = await db.sql`select user_id, product_id from cart_items where user_id in (${user}, ${other}) order by 1, 2`
  expect([...left]).toEqual([
    { user_id: user, product_id: bowl },
    { user_id: other, product_id: mug },
    { user_id: other, product_id: bowl },
  ])
})

test('does nothing for a missing line', async () => {
  const user = await makeUser(db.sql)
  await db.sql`select remove_cart_item(${user}, 999999)`
})
