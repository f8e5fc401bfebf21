import { expect, test } from 'bun:test'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

test('removes one line from one cart', async () => {
  const [user, other] = [await db.makeUser(), await db.makeUser()]
  const [mug, bowl] = [await db.makeProduct({ quantity: 5 }), await db.makeProduct({ quantity: 5 })]
  for (const person of [user, other]) for (const product of [mug, bowl]) await db.putLine(person, product)
  await db.sql`select remove_cart_item(${user}, ${mug})`
  const left = await db.sql`select user_id, product_id from cart_items where user_id in (${user}, ${other}) order by 1, 2`
  expect([...left]).toEqual([
    { user_id: user, product_id: bowl },
    { user_id: other, product_id: mug },
    { user_id: other, product_id: bowl },
  ])
})

test('does nothing for a missing line', async () => {
  const user = await db.makeUser()
  await db.sql`select remove_cart_item(${user}, 999999)`
})
