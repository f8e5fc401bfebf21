import { expect, test } from 'bun:test'
import { unique } from '../../../test/support/factory.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

const db = await testDatabase()

test('a key sent again returns the same orders and changes nothing, with any cart', async () => {
  const [buyer, key] = [await db.makeBuyer(...(await db.makeProducts(2, { quantity: 3 }))), unique('key')]
  const orders = await db.splitOrders(buyer, key)
  await db.putLine(buyer, await db.makeProduct({ quantity: 3 }))
  const before = await db.snapshot()
  expect(await db.splitOrders(buyer, key)).toEqual(orders)
  expect(await db.snapshot()).toEqual(before)
})

test('the same key of another buyer is another key', async () => {
  const key = unique('key')
  const [mine] = await db.splitOrders(await db.makeBuyer(await db.makeProduct()), key)
  const [theirs] = await db.splitOrders(await db.makeBuyer(await db.makeProduct()), key)
  expect(theirs.checkout_id).not.toBe(mine.checkout_id)
})

test('a key is free after an error', async () => {
  const [buyer, key, product] = [await db.makeUser(), unique('key'), await db.makeProduct()]
  await db.putLine(buyer, product, { quantity: 2 })
  expect(await refusalOf(db.splitOrders(buyer, key))).toMatchObject({ code: 'SWSTK' })
  await db.sql`update products set quantity = 2 where id = ${product}`
  expect(await db.splitOrders(buyer, key)).toHaveLength(1)
})

test('a key is optional for an administrator: each call without one is a new checkout', async () => {
  const buyer = await db.makeUser()
  for (let call = 0; call < 2; call++) {
    await db.putLine(buyer, await db.makeProduct())
    expect(await db.sql`select * from checkout_split_orders(${buyer}, null, ${db.sql.json(ADDRESS)})`).toHaveLength(1)
  }
})
