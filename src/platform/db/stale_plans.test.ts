/** Statements that PostgreSQL no longer accepts as prepared. The service sends them again, and they return the right rows. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { requires } from '../../../test/support/requirements.ts'
import { commandOf, RUNTIMES, type RuntimeName } from '../../../test/support/runtimes.ts'
import { projectRoot } from '../project.ts'
import { openPool, type Pool, type Transaction } from './client.ts'
import { type Reader, routine } from './statement.ts'
import { Jsonb } from './types.ts'

let db: TestDatabase
let pool: Pool
beforeAll(async () => {
  db = await openTestDatabase()
  pool = openPool(db.url, { max: 2, name: 'stale plans', statement_timeout_ms: 10_000 })
})
afterAll(async () => {
  await pool.end()
  await db.close()
})

const runtimes: readonly RuntimeName[] = requires('deno') ? RUNTIMES : ['bun']

test.each(runtimes)('on %s a boolean, a bytea and a jsonb stay what they are', async (runtime) => {
  const child = Bun.spawn([...commandOf(runtime), join(projectRoot, 'test', 'support', 'stale_plans.ts')], {
    env: { ...process.env, DATABASE_URL: db.url },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const row = { flag: true, bytes: '0102', kind: 'object' }
  expect(JSON.parse(await new Response(child.stdout).text())).toEqual({
    before: [row],
    reshaped: [{ ...row, note: 'new' }],
    deallocated: [{ ...row, note: 'new' }],
  })
})

const check = routine('check_fact', { fact: Jsonb }, { kind: Type.String() })

/** Creates a function that returns the kind of a JSON value and refuses a null, with these further columns. */
const make = (more: string, values: string) =>
  db.sql.unsafe(`
    drop function if exists check_fact(jsonb);
    create function check_fact(fact jsonb) returns table (kind text${more})
    language plpgsql as $$
    begin
      if fact is null then raise exception using errcode = 'SWINV', message = 'Say something.'; end if;
      return query select jsonb_typeof(fact)${values};
    end $$`)

/** Returns the results of both connections of the pool at once, each in its own transaction or in none. */
const onBoth = (ask: (sql: Reader) => Promise<unknown>, in_transaction: boolean) =>
  Promise.all(
    [1, 2].map(() => (in_transaction ? pool.begin((tx: Transaction) => ask(tx)) : ask(pool)).catch((error) => error.code)),
  )

test.each([false, true])(
  'a declared statement succeeds, or is rejected, as without a deploy (in a transaction: %p)',
  async (within) => {
    const answer = (sql: Reader) => check.one(sql, { fact: { x: 1 } })
    const refuse = (sql: Reader) => check.one(sql, { fact: null })
    const answers = [{ kind: 'object' }, { kind: 'object' }]
    await make('', '')
    expect(await onBoth(answer, within)).toEqual(answers)
    await make(', note text', `, 'new'`)
    expect(await onBoth(answer, within)).toMatchObject(answers)
    await make('', '')
    expect(await onBoth(refuse, within)).toEqual(['SWINV', 'SWINV'])
    expect(await onBoth(answer, within)).toEqual(answers)
  },
)
