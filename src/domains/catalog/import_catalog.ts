import type { Sql } from '../../platform/db/client.ts'
import { refreshVocabulary } from '../search/vocabulary.ts'
import { type Header, isVariant, readHeader, readRow } from './catalog_row.ts'
import { readCsv } from './csv_records.ts'
import { FileError } from './file_error.ts'
import { type Entry, type ImportCounts, type ImportHooks, importRows, sendOrHalve } from './import_rows.ts'
import { joinVariants, type ReadEntry } from './join_variants.ts'

export type ImportOptions = ImportHooks & { onIgnoredColumns?: (names: string[]) => void }

/** Parallel connections of an import: a small database server has two cores. The pool should have as many. */
export const IMPORT_LANES = 2

/**
 * Imports a catalog file: upserts by (shop, sku), reports bad rows by line and reason, and imports the others.
 * Throws if the file is unreadable, its header is invalid, or the database fails. Completed batches stay.
 */
export async function importCatalog(path: string, pool: Sql, options: ImportOptions = {}): Promise<ImportCounts> {
  const counts = await importRows(readCatalog(path, options), sendOrHalve(pool), options, IMPORT_LANES)
  await finishImport(pool)
  return counts
}

/** Updates spelling, suggestions and planner statistics before the import ends, instead of a minute later. */
export async function finishImport(sql: Sql): Promise<void> {
  await refreshVocabulary(sql)
  await sql.unsafe('analyze products, product_options, variants, shops, categories, product_search')
}

/** Yields the listings with their variants, each with its line and end byte. Throws if the header is missing or wrong. */
export function readCatalog(path: string, options: ImportOptions = {}): AsyncGenerator<Entry> {
  return joinVariants(readRows(path, options))
}

async function* readRows(path: string, options: ImportOptions): AsyncGenerator<ReadEntry> {
  let header: Header | undefined
  for await (const record of readCsv(path)) {
    const { line, end } = record
    if (header === undefined) {
      if (record.reason !== undefined) throw new FileError(`the header cannot be read: ${record.reason}`)
      header = readHeader(record.fields)
      if (header.ignored.length > 0) options.onIgnoredColumns?.(header.ignored)
    } else if (record.reason !== undefined) {
      yield { line, end, row: record.reason, is_variant: false }
    } else if (record.fields.some((field) => field.trim() !== '')) {
      yield { line, end, row: readRow(record.fields, header), is_variant: isVariant(record.fields, header) }
    }
  }
  if (!header) throw new FileError('the file is empty')
}
