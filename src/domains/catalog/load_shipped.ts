import { join } from 'node:path'
import { openPool, type Sql } from '../../platform/db/client.ts'
import { projectRoot } from '../../platform/project.ts'
import { finishImport, readCatalog } from './import_catalog.ts'
import { importRows, sendWhole } from './import_rows.ts'

/** The catalogue that comes with the project. */
export const shippedCatalogPath = join(projectRoot, 'db', 'data', 'catalog.csv')

/**
 * Loads the shipped catalogue into a database that has no shop yet; answers how many listings that made (0: it had one).
 * One transaction: a first start cut short leaves nothing, so the next one begins anew. Of several at a time the later ones
 * wait for the first within `import_products` and find nothing to change.
 */
export async function loadShippedCatalog(url: string, sql: Sql, say: (line: string) => void = () => {}): Promise<number> {
  if (await hasShop(sql)) return 0
  const began = performance.now()
  // A pool of its own: the application's connections give up after seconds.
  const pool = openPool(url, { max: 1, name: 'stallwright import', statement_timeout_ms: 0 })
  try {
    const created = await pool.begin(async (tx) => {
      const counts = await importRows(readCatalog(shippedCatalogPath), sendWhole(tx))
      await finishImport(tx)
      return counts.created
    })
    if (created > 0)
      say(`Loaded the shipped catalogue: ${created} listings in ${((performance.now() - began) / 1000).toFixed(1)} s.`)
    return created
  } finally {
    await pool.end({ timeout: 5 })
  }
}

async function hasShop(sql: Sql): Promise<boolean> {
  const shops = await sql`select from shops limit 1`
  return shops.length > 0
}
