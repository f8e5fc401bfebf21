import { crc32 } from 'node:zlib'
import { Type } from '@sinclair/typebox'
import type { Sql } from '../../platform/db/client.ts'
import { routine } from '../../platform/db/statement.ts'
import { Jsonb } from '../../platform/db/types.ts'
import type { CatalogRow } from './catalog_row.ts'

/** A listing to import, or the reason to skip a row. `line` is its line, `end` the progress in bytes after it. */
export type Entry = { line: number; end: number; row: CatalogRow | string }

/** `rows` = created + updated + unchanged + skipped, listings and variants. A row that a later row of its batch repeats counts as unchanged. */
export type ImportCounts = { rows: number; created: number; updated: number; unchanged: number; skipped: number }

export type BadRow = { line: number; reason: string }

export type ImportHooks = { onProgress?: (end: number, counts: ImportCounts) => void; onBadRow?: (bad: BadRow) => void }

type Valid = Entry & { row: CatalogRow }
type Sent = { created: number; updated: number; refused: BadRow[] }

/** Sends a batch to the database. */
export type Send = (batch: Valid[]) => Promise<Sent>

const importProducts = routine('import_products', { rows: Jsonb }, { created: Type.Integer(), updated: Type.Integer() })

const prepareImport = routine('prepare_import', { rows: Jsonb }, { prepare_import: Jsonb })

const BATCH_ROWS = 2000
/** The bytes of a batch are limited, too, because descriptions can be long. */
const BATCH_CHARACTERS = 4_000_000
const RETRIES = 5

/**
 * Imports entries in batches, and reads the next batch while the database works on the last. Each lane has one batch in
 * progress. A shop stays in one lane, so that its rows keep their order.
 */
export async function importRows(
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  send: Send,
  hooks: ImportHooks = {},
  lanes = 1,
): Promise<ImportCounts> {
  const counts: ImportCounts = { rows: 0, created: 0, updated: 0, unchanged: 0, skipped: 0 }
  const working = Array.from({ length: lanes }, () => Promise.resolve())
  const reportBad = (bad: BadRow) => {
    counts.skipped++
    hooks.onBadRow?.(bad)
  }
  const work = async (batch: Valid[]) => {
    const { created, updated, refused } = await send(batch)
    counts.created += created
    counts.updated += updated
    counts.unchanged += countRows(batch) - created - updated - refused.length
    for (const bad of refused) reportBad(bad)
    hooks.onProgress?.(batch.at(-1)?.end ?? 0, counts)
  }
  for await (const { lane, batch } of batchesOf(entries, lanes, counts, reportBad)) {
    await working[lane]
    const done = work(batch)
    working[lane] = done
    // The promise is awaited above or below. Until then its rejection must not count as unhandled.
    done.catch(() => {})
  }
  await Promise.all(working)
  return counts
}

type Batch = { lane: number; batch: Valid[] }

async function* batchesOf(
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  lanes: number,
  counts: ImportCounts,
  onBadRow: (bad: BadRow) => void,
): AsyncGenerator<Batch> {
  const open = Array.from({ length: lanes }, (_, lane) => ({ lane, batch: [] as Valid[], rows: 0, characters: 0 }))
  for await (const { line, end, row } of entries) {
    counts.rows += typeof row === 'string' ? 1 : rowsOf(row)
    const filling = typeof row === 'string' ? undefined : open[laneOf(row.shop, lanes)]
    if (typeof row === 'string' || !filling) {
      onBadRow({ line, reason: String(row) })
      continue
    }
    filling.batch.push({ line, end, row })
    filling.rows += rowsOf(row)
    filling.characters += row.description.length + row.title.length
    if (filling.rows < BATCH_ROWS && filling.characters < BATCH_CHARACTERS) continue
    yield { lane: filling.lane, batch: filling.batch }
    filling.batch = []
    filling.rows = 0
    filling.characters = 0
  }
  yield* open.filter(({ batch }) => batch.length > 0)
}

/** The rows of a file that a listing takes: its own and one for each variant. */
function rowsOf({ variants }: CatalogRow): number {
  return 1 + variants.length
}

function countRows(batch: Valid[]): number {
  return batch.reduce((sum, { row }) => sum + rowsOf(row), 0)
}

function laneOf(shop: string, lanes: number): number {
  return lanes === 1 ? 0 : crc32(shop) % lanes
}

/** Sends a batch as a whole, and throws on failure. For use in a transaction, which the failure aborts anyway. */
export function sendWhole(sql: Sql): Send {
  return async (batch) => {
    const rows = batch.map((entry) => entry.row)
    await prepareImport.one(sql, { rows })
    return { ...(await importProducts.one(sql, { rows })), refused: [] }
  }
}

/** Sends a batch. If the database rejects a row, bisects the batch to skip that row and import the others. */
export function sendOrHalve(sql: Sql): Send {
  const whole = sendWhole(sql)
  const send = async (batch: Valid[], tries = RETRIES): Promise<Sent> => {
    try {
      return await whole(batch)
    } catch (error) {
      if (mayPass(error) && tries > 0) return send(batch, tries - 1)
      if (!blamesRow(error)) throw error
      const [first] = batch
      if (first && batch.length === 1) return { created: 0, updated: 0, refused: refuse(first, (error as Error).message) }
      const middle = Math.ceil(batch.length / 2)
      return add(await send(batch.slice(0, middle)), await send(batch.slice(middle)))
    }
  }
  return (batch) => send(batch)
}

/** The variants of a listing are skipped with it. */
function refuse({ line, row }: Valid, reason: string): BadRow[] {
  return [
    { line, reason },
    ...row.variants.map((variant) => ({ line: variant.line, reason: `its listing was skipped: ${reason}` })),
  ]
}

/** A deadlock, a lock timeout or a concurrent import: the batch wrote nothing and can be retried. */
function mayPass(error: unknown): boolean {
  return /^(40001|40P01|55P03|23505)$/.test(codeOf(error))
}

/** Data, constraint and size errors concern one row. Any other error would reject every row. */
function blamesRow(error: unknown): boolean {
  return /^(22|23|54|SW)/.test(codeOf(error))
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? ''
}

function add(one: Sent, other: Sent): Sent {
  return {
    created: one.created + other.created,
    updated: one.updated + other.updated,
    refused: [...one.refused, ...other.refused],
  }
}
