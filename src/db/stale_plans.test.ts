/** Statements that PostgreSQL no longer takes as they were prepared: what is asked again asks for the same, and answers as it should. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { projectRoot } from '../project.ts'
import { commandOf, RUNTIMES, type RuntimeName } from '../runtime/command.ts'
import { openTestDatabase, type TestDatabase } from '../test/database.ts'
import { requires } from '../test/requirements.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(async () => {
  await db.close()
})

const runtimes: readonly RuntimeName[] = requires('deno') ? RUNTIMES : ['bun']

test.each(runtimes)('on %s a boolean, a bytea and a jsonb stay what they are', async (runtime) => {
  const child = Bun.spawn([...commandOf(runtime), join(projectRoot, 'src', 'test', 'stale_plans.ts')], {
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
