import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { listAllColumns, periods, personalColumns, plainColumns } from '../support/privacy.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const named = [...personalColumns, ...plainColumns].map(({ column }) => column)

test('docs/PRIVACY.md names every column of all schemas once', async () => {
  const columns = await listAllColumns(db.sql)
  const hint = 'Add the column to docs/PRIVACY.md: to the data of people if its row belongs to a person.'
  expect({ hint, missing: columns.filter((column) => !named.includes(column)) }).toEqual({ hint, missing: [] })
  expect(named.filter((column) => !columns.includes(column))).toEqual([])
  expect(named.filter((column, index) => named.indexOf(column) !== index)).toEqual([])
})

test('each personal column has its purpose, its time, and an erasure: deleted, replaced, or kept with the reason', () => {
  for (const { column, purpose, time, erasure } of personalColumns) {
    expect([column, purpose !== '' && time !== '']).toEqual([column, true])
    expect([column, erasure]).toEqual([column, expect.stringMatching(/^(deleted([:;] .+)?|(replaced|kept): .+)$/)])
  }
})

test('the periods are those of retention_periods', async () => {
  const rows = await db.sql<{ what: string; period: string }[]>`
    select what, replace(period::text, '48:00:00', '48 hours') as period from retention_periods()`
  expect(periods).toEqual([...rows])
})
