import { IMPORT_LANES, importCatalog } from '../src/domains/catalog/import_catalog.ts'
import { shippedCatalogPath } from '../src/domains/catalog/load_shipped.ts'
import { type Figure, withBench } from './bench.ts'

/** Measures the import of the shipped catalog into an empty database, as `bun run import` does it. */
export function benchImport(database_url: string | undefined): Promise<Figure[]> {
  return withBench(database_url, { has_catalog: false, connections: IMPORT_LANES }, async ({ sql }) => {
    const began = performance.now()
    const { rows } = await importCatalog(shippedCatalogPath, sql)
    return [{ name: 'import', value: `${Math.round((1000 * rows) / (performance.now() - began))} rows/s` }]
  })
}
