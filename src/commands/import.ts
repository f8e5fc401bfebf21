/** `bun run import FILE.csv`: lists a catalogue on the configured database or the embedded one, beside a running server or without. */
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

Imports a catalogue in the columns of db/data/catalog.csv: an item of a shop is listed, or changed where the shop has its sku.
Rows that are no listing are told with their line and reason, and the others imported.
Set DATABASE_URL to import elsewhere than into the embedded database.
Exit code: 0 all rows, 1 some rows were skipped or the import failed, 2 a wrong call or an unusable file.`

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
  if (path === undefined || more.length > 0) throw new UsageError('Name one file to import')
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
  if (!found.isFile()) throw new UsageError(`${path} is no file`)
  return found.size
}
