import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CsvRecord, readCsv } from './csv_records.ts'

const folder = mkdtempSync(join(tmpdir(), 'stallwright-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function read(content: string | Buffer): Promise<CsvRecord[]> {
  const path = join(folder, 'file.csv')
  writeFileSync(path, content)
  return Array.fromAsync(readCsv(path))
}

/** [line, fields] of a record, [line, reason] of a broken one. */
async function linesOf(content: string | Buffer) {
  return (await read(content)).map((record) => [record.line, record.reason ?? record.fields])
}

test('a record has the number of its first line, whatever line breaks are quoted before it', async () => {
  expect(await linesOf('a,b\n1,"x\ny\r\nz"\r\n\n2,\n"3\n",4')).toEqual([
    [1, ['a', 'b']],
    [2, ['1', 'x\ny\r\nz']],
    [5, ['']],
    [6, ['2', '']],
    [7, ['3\n', '4']],
  ])
})

test('a byte order mark is not part of the first column name', async () => {
  expect(await linesOf('\ufeffa,b\r\n1,2\r\n')).toEqual([
    [1, ['a', 'b']],
    [2, ['1', '2']],
  ])
})

test('an unclosed quote affects only its own line', async () => {
  const records = await linesOf('a,b\n1,"open\n2,x\n3,"y, z"\n4,"open again\n5,"q ""r"" s"\n6,"open to the end\n7,last\n')
  expect(records.filter(([, fields]) => typeof fields !== 'string')).toEqual([
    [1, ['a', 'b']],
    [3, ['2', 'x']],
    [4, ['3', 'y, z']],
    [6, ['5', 'q "r" s']],
    [8, ['7', 'last']],
  ])
  expect(records.filter(([, reason]) => typeof reason === 'string').map(([line]) => line)).toEqual([2, 5, 7])
  expect(records.at(-2)?.[1]).toContain('never closed')
})

test('a quote inside an unquoted value is an error', async () => {
  expect(await linesOf('a,b\n1,12" plate\n2,x\n')).toEqual([
    [1, ['a', 'b']],
    [2, expect.stringContaining('quote')],
    [3, ['2', 'x']],
  ])
})

test('an endless row is an error, and reading continues after it', async () => {
  const records = await linesOf(`a,b\n1,${'x'.repeat(2_000_000)}\n2,"${'y\n'.repeat(600_000)}`)
  expect(records[1]).toEqual([2, expect.stringContaining('longer than 1 MB')])
  expect(records[2]).toEqual([3, expect.stringContaining('longer than 1 MB')])
  expect(records[3]).toEqual([4, ['y']])
  expect(records.length).toBe(600_002)
})

test('lines and record ends stay correct across the chunks of a large file', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `${index},"é${'x'.repeat(index % 50)}${index % 7 === 0 ? '\n' : ''}"`)
  const content = rows.join('\n')
  const records = await read(content)
  expect(records.length).toBe(rows.length)
  let line = 1
  for (const [index, record] of records.entries()) {
    expect(record.line).toBe(line)
    line += index % 7 === 0 ? 2 : 1
  }
  expect(records.at(-1)?.end).toBe(Buffer.byteLength(content))
})
