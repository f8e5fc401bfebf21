import { createReadStream } from 'node:fs'
import { type CsvError, type Info, parse } from 'csv-parse'

/** A record of a CSV file, or an error. `line` is its first line in the file, `end` the byte after it. */
export type CsvRecord =
  | { line: number; end: number; fields: string[]; reason?: undefined }
  | { line: number; end: number; reason: string }

type Position = { offset: number; line: number }

/** An open quote swallows the following lines. After this many bytes it counts as an error. */
const MAX_RECORD_BYTES = 1_000_000
const NEWLINE = 10

/**
 * Reads a CSV file record by record in constant memory. A malformed record becomes an error with its line,
 * and reading continues on the next line: one stray quote costs one row.
 * csv-parse stops at a malformed record, and counts a newline within quotes twice. So this code tracks positions itself.
 */
export async function* readCsv(path: string): AsyncGenerator<CsvRecord> {
  let position: Position | null = { offset: 0, line: 1 }
  while (position) position = yield* readFrom(path, position)
}

/** Reads to the end of the file and returns null, or to a malformed record and returns the next offset. */
async function* readFrom(path: string, from: Position): AsyncGenerator<CsvRecord, Position | null> {
  const read: { fields: string[]; bytes: number }[] = []
  const collect = (fields: string[], { bytes }: Info) => void read.push({ fields, bytes })
  const parser = parse({
    bom: from.offset === 0,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: MAX_RECORD_BYTES,
    on_record: collect,
  })
  let failure: CsvError | undefined
  parser.on('error', (error: CsvError) => {
    failure = error
  })
  parser.resume()
  let { offset, line } = from
  for await (const chunk of chunksOf(path, from.offset)) {
    await new Promise<void>((done) => (chunk ? parser.write(chunk, () => done()) : parser.end(done)))
    for (const { fields, bytes } of read.splice(0)) {
      offset = from.offset + bytes
      yield { line, end: offset, fields }
      line += 1 + countNewlines(fields)
    }
    if (failure) break
  }
  if (!failure) return null
  const end = await findLineEnd(path, offset)
  yield { line, end, reason: describeFailure(failure) }
  return { offset: end, line: line + 1 }
}

/** Yields the bytes of the file from an offset, then null at the end. */
async function* chunksOf(path: string, start: number): AsyncGenerator<Buffer | null> {
  yield* createReadStream(path, { start }) as AsyncIterable<Buffer>
  yield null
}

function countNewlines(fields: string[]): number {
  let count = 0
  for (const field of fields) for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count++
  return count
}

async function findLineEnd(path: string, start: number): Promise<number> {
  let passed = start
  for await (const chunk of createReadStream(path, { start }) as AsyncIterable<Buffer>) {
    const at = chunk.indexOf(NEWLINE)
    if (at >= 0) return passed + at + 1
    passed += chunk.length
  }
  return passed
}

function describeFailure({ code, message }: CsvError): string {
  const known: Record<string, string> = {
    CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
    CSV_MAX_RECORD_SIZE: 'the row is longer than 1 MB, or a quote is opened and never closed',
    CSV_INVALID_CLOSING_QUOTE:
      'a closing quote is followed by something other than a comma (a quote within quotes is written twice)',
    INVALID_OPENING_QUOTE: 'a quote stands in a value that is not quoted itself (quote the value and write the quote twice)',
  }
  return known[code] ?? `this is no CSV: ${message}`
}
