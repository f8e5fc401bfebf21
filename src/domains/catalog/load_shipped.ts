import { join } from 'node:path'
import { openPool, type Sql } from '../../platform/db/client.ts'
import { projectRoot } from '../../platform/project.ts'
import { finishImport, readCatalog } from './import_catalog.ts'
import { importRows, sendWhole } from './import_rows.ts'

/** The catalog of the project. */
export const shippedCatalogPath = join(projectRoot, 'db', 'data', 'catalog.csv')

/**
 * Loads the shipped catalog into a database without shops. Returns the number of new listings, 0 if there was a shop.
 * One transaction, so an interrupted first start leaves nothing. Concurrent calls wait for the first in `import_products`
 * and then find nothing to change.
 */
export async function loadShippedCatalog(url: string, sql: Sql, print: (line: string) => void = () => {}): Promise<number> {
  if (await hasShop(sql)) return 0
  const began = performance.now()
  // A separate pool, because the statement timeout of the application is seconds.
  const pool = openPool(url, { max: 1, name: 'stallwright import', statement_timeout_ms: 0 })
  try {
    const created = await pool.begin(async (tx) => {
      const counts = await importRows(readCatalog(shippedCatalogPath), sendWhole(tx))
      await finishImport(tx)
      if (counts.created === 0) return 0
      const [loaded] = await tx<{ listings: number }[]>`select count(*)::integer as listings from products`
      return loaded?.listings ?? 0
    })
    if (created > 0)
      print(`Loaded the shipped catalog: ${created} listings in ${((performance.now() - began) / 1000).toFixed(1)} s.`)
    return created
  } finally {
    await pool.end({ timeout: 5 })
  }
}

async function hasShop(sql: Sql): Promise<boolean> {
  const shops = await sql`select from shops limit 1`
  return shops.length > 0
}
