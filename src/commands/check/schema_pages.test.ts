import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { projectRoot } from '../../platform/project.ts'
import { renderSchemaPages } from './schema_pages.ts'

const FILE = join(projectRoot, 'docs', 'SCHEMA.md')
const BEGINS =
  '<!-- From here on written by the database: UPDATE_DOCS=1 bun run test src/commands/check/schema_pages.test.ts -->\n'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('docs/SCHEMA.md lists the tables of the database', async () => {
  const [written = '', pages] = readFileSync(FILE, 'utf8').split(BEGINS)
  const rendered = `\n${await renderSchemaPages(db.sql)}`
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, `${written}${BEGINS}${rendered}`)
  else expect(pages).toBe(rendered)
})

test('an error names a table without a domain', async () => {
  await db.sql`create table hats (id bigint primary key)`
  await expect(renderSchemaPages(db.sql)).rejects.toThrow('The table hats has no domain')
})
