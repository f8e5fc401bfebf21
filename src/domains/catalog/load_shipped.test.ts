import { expect, test } from 'bun:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { loadShippedCatalog } from './load_shipped.ts'

test('concurrent first starts load the shipped catalog once', async () => {
  const database = await openTestDatabase()
  try {
    const loaded = await Promise.all([1, 2, 3].map(() => loadShippedCatalog(database.url, database.sql)))
    expect(loaded.toSorted((a, b) => a - b)).toEqual([0, 0, 6565])
    expect(await loadShippedCatalog(database.url, database.sql)).toBe(0)
    const [found] = await database.sql`
      select count(*) as products, count(distinct p.shop_id) as shops, count(*) filter (where p.quantity = 1) as single,
        sum(p.price)::text as prices from products p`
    expect(found).toEqual({ products: 6565, shops: 240, single: 3941, prices: '152345.32' })
  } finally {
    await database.close()
  }
}, 60_000)
