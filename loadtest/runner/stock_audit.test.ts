import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct, makeSale } from '../../test/support/factory.ts'
import { openStockAudit } from './stock_audit.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('what was sold and is left adds up, and what does not is named', async () => {
  const { product_id: before } = await makeSale(db.sql)
  const [kept, lost] = [await makeProduct(db.sql, { quantity: 5 }), await makeProduct(db.sql, { quantity: 5 })]
  const audit = await openStockAudit(db.sql, [before, kept, lost])
  expect(await audit.findWrong()).toEqual([])
  await db.sql`update products set quantity = quantity - 1 where id = ${lost}`
  expect(await audit.findWrong()).toEqual([`listing ${lost} had 5: 4 left, 0 sold`])
})
