/**
 * `bun run import FILE.csv`: lists a catalog on the configured database or the embedded one, with or without a running server.
 */
import { accessSync, constants, statSync } from 'node:fs'
import { FileError } from '../domains/catalog/file_error.ts'
import { IMPORT_LANES, importCatalog } from '../domains/catalog/import_catalog.ts'
import { describeCounts } from '../domains/catalog/summary.ts'
import { readArguments, runCommand, UsageError } from '../platform/arguments.ts'
import { openPool } from '../platform/db/client.ts'
import { followIndex } from './follow_index.ts'
import { openProgress } from './progress.ts'
import { withDatabase } from './with_database.ts'

const usage = `Usage: bun run import FILE.csv

Imports a catalog with the columns of db/data/catalog.csv. Lists each item, or changes the item of the shop with the same sku.
Reports invalid rows with line and reason, and imports the others.
Set DATABASE_URL to import into another database than the embedded one.
Exit code: 0 all rows imported, 1 rows skipped or import failed, 2 wrong arguments or unusable file.`

await runCommand(usage, async () => {
  const path = readPath()
  const size = sizeOf(path)
  try {
    return await withDatabase((url) => followIndex(url, () => importFile(path, size, url)))
  } catch (error) {
    throw error instanceof FileError ? new UsageError(`${path}: ${error.message}`) : error
  }
})

async function importFile(path: string, size: number, url: string): Promise<number> {
  const pool = openPool(url, { max: IMPORT_LANES, name: 'stallwright import', statement_timeout_ms: 0 })
  const progress = openProgress(size, 'Importing')
  const began = performance.now()
  try {
    const counts = await importCatalog(path, pool, {
      onProgress: (end, { rows, skipped }) => progress.update(end, `${rows} rows, ${skipped} skipped`),
      onBadRow: ({ line, reason }) => progress.note(`line ${line}: ${reason}`),
      onIgnoredColumns: (names) => progress.note(`Ignored columns: ${names.join(', ')}`),
    })
    progress.end()
    console.log(describeCounts(counts, (performance.now() - began) / 1000))
    return counts.skipped > 0 ? 1 : 0
  } finally {
    progress.end()
    await pool.end({ timeout: 5 })
  }
}

function readPath(): string {
  const [path, ...more] = readArguments({}).positionals
  if (path === undefined || more.length > 0) throw new UsageError('The arguments must be one file')
  return path
}

function sizeOf(path: string): number {
  let found: ReturnType<typeof statSync>
  try {
    accessSync(path, constants.R_OK)
    found = statSync(path)
  } catch {
    throw new UsageError(`${path} cannot be read`)
  }
  if (!found.isFile()) throw new UsageError(`${path} is not a file`)
  return found.size
}
