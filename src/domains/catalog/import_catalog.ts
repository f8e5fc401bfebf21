import type { Sql } from '../../platform/db/client.ts'
import { refreshVocabulary } from '../search/vocabulary.ts'
import { type Header, readHeader, readRow } from './catalog_row.ts'
import { readCsv } from './csv_records.ts'
import { FileError } from './file_error.ts'
import { type Entry, type ImportCounts, type ImportHooks, importRows, sendOrHalve } from './import_rows.ts'

export type ImportOptions = ImportHooks & { onIgnoredColumns?: (names: string[]) => void }

/** Connections an import works on: a database on a small machine has two cores. The pool should have as many. */
export const IMPORT_LANES = 2

/**
 * Imports a catalogue file: upserts by (shop, sku), tells bad rows by line and reason and imports the rest.
 * Throws when the file cannot be read, has no usable header, or the database fails; batches done by then stay.
 */
export async function importCatalog(path: string, pool: Sql, options: ImportOptions = {}): Promise<ImportCounts> {
  const counts = await importRows(readCatalog(path, options), sendOrHalve(pool), options, IMPORT_LANES)
  await finishImport(pool)
  return counts
}

/** Speller and suggestions learn the new words, and the planner of the new rows, before an import ends and not a minute later. */
export async function finishImport(sql: Sql): Promise<void> {
  await refreshVocabulary(sql)
  await sql.unsafe('analyze products, shops, categories, product_search')
}

/** Reads a file's rows, each with its line and the byte it ends at. Throws when the header is missing or wrong. */
export async function* readCatalog(path: string, options: ImportOptions = {}): AsyncGenerator<Entry> {
  let header: Header | undefined
  for await (const record of readCsv(path)) {
    const { line, end } = record
    if (header === undefined) {
      if (record.reason !== undefined) throw new FileError(`the header cannot be read: ${record.reason}`)
      header = readHeader(record.fields)
      if (header.ignored.length > 0) options.onIgnoredColumns?.(header.ignored)
    } else if (record.reason !== undefined) {
      yield { line, end, row: record.reason }
    } else if (record.fields.some((field) => field.trim() !== '')) {
      yield { line, end, row: readRow(record.fields, header) }
    }
  }
  if (!header) throw new FileError('the file is empty')
}
