import { migrate } from '../src/deploy/migrate.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { IMPORT_LANES, importCatalog } from '../src/domains/catalog/import_catalog.ts'
import { shippedCatalogPath } from '../src/domains/catalog/load_shipped.ts'
import { openPool } from '../src/platform/db/client.ts'
import type { Figure } from './figures.ts'

/** The shipped catalogue into an empty database, as `bun run import` does it. */
export async function benchImport(database_url: string | undefined): Promise<Figure[]> {
  const scratch = await createScratchDatabase(database_url)
  const pool = openPool(scratch.url, { max: IMPORT_LANES, name: 'stallwright bench', statement_timeout_ms: 0 })
  try {
    await migrate(scratch.url)
    const began = performance.now()
    const { rows } = await importCatalog(shippedCatalogPath, pool)
    return [{ name: 'import', value: `${Math.round((1000 * rows) / (performance.now() - began))} rows/s` }]
  } finally {
    await pool.end({ timeout: 5 })
    await scratch.drop()
  }
}
