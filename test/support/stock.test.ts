import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from './database.ts'
import { makeProduct, makeSale, makeVariants } from './factory.ts'
import { compareStock, findWrongStock, readStock, recordStock } from './stock.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('sales add up, and a product that does not add up is named', async () => {
  const { product_id: sold } = await makeSale(db.sql)
  const [kept, lost] = [await makeProduct(db.sql, { quantity: 5 }), await makeProduct(db.sql, { quantity: 5 })]
  const before = await readStock(db.sql, [sold, kept, lost])
  expect(before[0]).toEqual({ product_id: sold, variant_id: null, on_hand: 3, in_orders: 2, ever: 5, is_sum: true })
  await recordStock(db.sql)
  await makeSale(db.sql)
  expect(compareStock(before, await readStock(db.sql))).toEqual([])
  await db.sql`update products set quantity = quantity - 1 where id = ${lost}`
  const wrong = [`product ${lost} had 5: 4 left, 0 sold`]
  expect(compareStock(before, await readStock(db.sql))).toEqual(wrong)
  expect(await findWrongStock(db.sql)).toEqual(wrong)
})

test('a variant with a stock of its own is named', async () => {
  const product = await makeProduct(db.sql)
  const values = [
    { option_values: ['S'], quantity: 3 },
    { option_values: ['M'], quantity: 2 },
  ]
  const [s] = await makeVariants(db.sql, product, values)
  const before = await readStock(db.sql, [product])
  await db.sql`update variants set quantity = 2 where id = ${s as number}`
  const named = `variant ${s} of product ${product} had 3: 2 left, 0 sold`
  expect(compareStock(before, await readStock(db.sql))).toEqual([named])
})
