import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { projectRoot } from '../../platform/project.ts'
import { renderReference } from './reference.ts'

const README = join(projectRoot, 'db', 'README.md')
const BEGINS = '<!-- From here on written by the database: UPDATE_DOCS=1 bun run test src/commands/check/reference.test.ts -->\n'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('a code lists its functions, also if a case expression chooses the code', async () => {
  expect(await renderReference(db.sql)).toContain(
    '`insufficient_stock` | 409 | refuse_line, take_stock, tg_products__check_stock |',
  )
})

test('a code that no function raises is an error', async () => {
  const rendering = db.sql.begin(async (tx) => {
    await tx`drop function refuse_line cascade`
    await renderReference(tx)
  })
  await expect(rendering).rejects.toThrow('No function raises SWRES, SWVAC')
})

test('db/README.md lists the functions of the database', async () => {
  const [written = '', reference] = readFileSync(README, 'utf8').split(BEGINS)
  const rendered = `\n${await renderReference(db.sql)}`
  if (process.env.UPDATE_DOCS) writeFileSync(README, `${written}${BEGINS}${rendered}`)
  else expect(reference).toBe(rendered)
})
