import type { Pool } from '../../platform/db/client.ts'
import type { CatalogRow } from './catalog_row.ts'
import { finishImport, IMPORT_LANES, readCatalog } from './import_catalog.ts'
import { type ImportCounts, type ImportHooks, importRows, sendOrHalve } from './import_rows.ts'
import { shippedCatalogPath } from './load_shipped.ts'
import { sampleOf, synthesize } from './synthesize.ts'

/** Lists `count` synthetic items drawn from the shipped catalog, deterministic by its arguments, see `synthesize`. */
export async function seedListings(
  sql: Pool,
  count: number,
  seed: number,
  hooks: ImportHooks,
  variants = 0,
  each?: number,
): Promise<ImportCounts> {
  const real: CatalogRow[] = []
  for await (const { row } of readCatalog(shippedCatalogPath)) if (typeof row !== 'string') real.push(row)
  const counts = await importRows(synthesize(sampleOf(real), count, seed, variants, each), sendOrHalve(sql), hooks, IMPORT_LANES)
  await finishImport(sql)
  return counts
}
