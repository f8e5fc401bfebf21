import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runScript } from '../../test/support/commands.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { columns } from '../domains/catalog/catalog_row.ts'

const folder = mkdtempSync(join(tmpdir(), 'stallwright-'))
let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

const run = (command: string, ...words: string[]) => runScript(command, words, { DATABASE_URL: database.url })

function write(...rows: string[]): string {
  const path = join(folder, 'catalog.csv')
  writeFileSync(path, rows.join('\n'))
  return path
}

test('import exits with 0 and a summary if every row is accepted', async () => {
  const { output, errors, code } = await run(
    'import',
    write(columns.join(','), 'a1,Velvet Fox,Bell,,5.00,1,Home,,,false,2026-01-31'),
  )
  expect(output).toMatch(/^1 rows: 1 created, 0 updated, 0 unchanged, 0 skipped in [\d.]+ s \(\d+ rows\/s\)$/)
  expect({ errors, code }).toEqual({ errors: '', code: 0 })
})

test('import exits with 1 and prints line and reason of a rejected row', async () => {
  const { output, errors, code } = await run('import', write(columns.join(','), 'a2,Velvet Fox,,,5.00,1,Home,,,false,2026-01-31'))
  expect(output).toStartWith('1 rows: 0 created, 0 updated, 0 unchanged, 1 skipped')
  expect({ errors, code }).toEqual({ errors: 'line 2: title is empty', code: 1 })
})

test.each([
  [[], 'The arguments must be one file. Try --help.'],
  [['/nowhere.csv'], '/nowhere.csv cannot be read. Try --help.'],
  [['--fast', 'x.csv'], "Unknown option '--fast'. Try --help."],
])('import %p is an invalid command: one line says why', async (words, line) => {
  expect(await run('import', ...words)).toEqual({ output: '', errors: line, code: 2 })
})

test('import exits with 2 if the header lacks a column', async () => {
  const path = write('sku,shop')
  const { errors, code } = await run('import', path)
  expect(errors).toStartWith(`${path}: the header lacks title, description`)
  expect(code).toBe(2)
})

test('seed creates the listings, and a second run changes nothing', async () => {
  expect((await run('seed', '--products', '300', '--seed', '3')).output).toStartWith('529 rows: 529 created,')
  expect((await run('seed', '--products', '300', '--seed', '3')).output).toStartWith(
    '529 rows: 0 created, 0 updated, 529 unchanged,',
  )
})

test.each([
  [[], '--products is missing: the number of items. Try --help.'],
  [['--products', 'many'], '--products must be a whole number from 1 to 100000000. Try --help.'],
  [['--products', '5', '--seed', '-1'], expect.stringContaining('seed')],
])('seed %p is an invalid command: one line says why', async (words, line) => {
  expect(await run('seed', ...words)).toEqual({ output: '', errors: line, code: 2 })
})
