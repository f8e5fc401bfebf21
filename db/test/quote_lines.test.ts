import { afterAll, beforeAll, expect, test } from 'bun:test'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const quote = async (lines: unknown[] | null) => await db.rows`select * from quote_lines(${db.sql.json(lines as never)}) order by shop_id nulls last`

const first = { base: '3.33', per_extra_item: '0.67' }

test('sums each shop and all of them, and charges the shipping of a shop once', async () => {
  const lines = [
    { shop_id: 1, quantity: 2, price: 10, shipping: first },
    { shop_id: 2, quantity: 3, price: 0.01, shipping: { base: '1', per_extra_item: '0.5' } },
    { shop_id: 1, quantity: 1, price: 24.5, shipping: first },
  ]
  const none = { discount: '0.00', tax: '0.00' }
  expect(await quote(lines)).toEqual([
    { shop_id: 1, units: 3, subtotal: '44.50', shipping: '4.67', total: '49.17', ...none },
    { shop_id: 2, units: 3, subtotal: '0.03', shipping: '2.00', total: '2.03', ...none },
    { shop_id: null, units: 6, subtotal: '44.53', shipping: '6.67', total: '51.20', ...none },
  ])
})

test.each([[[]], [null]])('is zero without lines: %p', async (lines) => {
  const nothing = { units: 0, subtotal: '0.00', discount: '0.00', shipping: '0.00', tax: '0.00', total: '0.00' }
  expect(await quote(lines)).toEqual([{ shop_id: null, ...nothing }])
})
