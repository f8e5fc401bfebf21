import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { toProblem } from '../problem.ts'
import { openPool } from './client.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('a statement that runs too long, or waits too long for a lock, is cancelled with 503', async () => {
  const pool = openPool(db.url, { max: 2, name: 'impatient', statement_timeout_ms: 100 })
  const code = (work: PromiseLike<unknown>) =>
    Promise.resolve(work).then(
      () => null,
      (error: unknown) => toProblem(error).code,
    )
  expect(await code(pool`select pg_sleep(60)`)).toBe('unavailable')
  await db.sql.begin(async (tx) => {
    await tx`lock table users`
    const patient = openPool(db.url, { max: 1, name: 'patient', statement_timeout_ms: 60_000 })
    expect(await code(patient`select count(*) from users`)).toBe('unavailable')
    await patient.end()
  })
  await pool.end()
})
