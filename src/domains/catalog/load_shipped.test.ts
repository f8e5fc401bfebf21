import { expect, test } from 'bun:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { loadShippedCatalog } from './load_shipped.ts'

test('concurrent first starts load the shipped catalog once', async () => {
  const database = await openTestDatabase()
  try {
    const loaded = await Promise.all([1, 2, 3].map(() => loadShippedCatalog(database.url, database.sql)))
    expect(loaded.toSorted((a, b) => a - b)).toEqual([0, 0, 6105])
    expect(await loadShippedCatalog(database.url, database.sql)).toBe(0)
    const [found] = await database.sql`
      select count(*) as products, count(distinct p.shop_id) as shops, count(*) filter (where p.quantity = 1) as single,
        count(*) filter (where p.has_variants) as with_variants, sum(p.price)::text as prices,
        (select count(*) from variants) as variants
      from products p`
    expect(found).toEqual({
      products: 6105,
      shops: 240,
      single: 3452,
      with_variants: 1094,
      prices: '149951.97',
      variants: 3817,
    })
  } finally {
    await database.close()
  }
}, 60_000)
