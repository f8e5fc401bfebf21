import { afterAll, beforeAll, expect, test } from 'bun:test'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolveBinary } from 'dbmate'
import { openEmptyDatabase, type TestDatabase } from '../../test/support/database.ts'
import { describeSchema } from '../../test/support/schema.ts'
import { projectRoot } from '../platform/project.ts'
import { runDbmate } from './migrate.ts'

/** The first migration that the previous version does not have. */
const NEW = '20261201000000'

const folder = join(projectRoot, 'db', 'migrations')
const earlier = mkdtempSync(join(tmpdir(), 'stallwright-earlier-'))
const files = readdirSync(folder)

let plain: TestDatabase
let db: TestDatabase
beforeAll(async () => {
  for (const name of files.filter((file) => file < NEW)) copyFileSync(join(folder, name), join(earlier, name))
  plain = await openEmptyDatabase()
  db = await openEmptyDatabase()
})
afterAll(async () => {
  rmSync(earlier, { recursive: true })
  await plain.close()
  await db.close()
})

/** Runs a file as psql does: \\gexec runs each row of the query before it. */
async function runFile(path: string): Promise<void> {
  const text = readFileSync(path, 'utf8').replaceAll(/^--.*$/gm, '')
  const session = await db.sql.reserve()
  for (const [, statement = '', end] of text.matchAll(/([^;\\]+)(;|\\gexec)/g)) {
    const rows = await session.unsafe(statement)
    if (end !== ';') for (const row of rows) await session.unsafe(Object.values(row)[0] as string)
  }
  session.release()
}

/** The indexes that migrations leave to the file. */
function indexesToBuild(): string[] {
  const texts = files.filter((file) => file >= NEW).map((file) => readFileSync(join(folder, file), 'utf8'))
  return texts.flatMap((text) => text.match(/(?<="Before a deploy"[^;]*create index if not exists )\w+/) ?? []).sort()
}

test('before_deploy.sql builds the large indexes of the next deploy, which then makes the same schema', async () => {
  // Not with runDbmate, which adds the folder to that of the project.
  const url = Object.assign(new URL(db.url), { search: 'sslmode=disable' })
  const command = [resolveBinary(), '--migrations-dir', earlier, '--no-dump-schema', 'up']
  expect(Bun.spawnSync(command, { env: { ...process.env, DATABASE_URL: url.href } }).exitCode).toBe(0)
  await db.sql`create table orders_202612 partition of orders for values from (202612000000000) to (202701000000000)`
  const path = join(projectRoot, 'db', 'before_deploy.sql')
  await runFile(path)
  await runFile(path)
  const built = () => db.sql<{ relname: string; oid: number; indisvalid: boolean }[]>`
    select c.relname, c.oid::integer, i.indisvalid from pg_class c join pg_index i on i.indexrelid = c.oid
    where c.relname = any (${indexesToBuild()}) order by c.relname`
  const before = await built()
  expect(before.map(({ relname, indisvalid }) => [relname, indisvalid])).toEqual(indexesToBuild().map((name) => [name, true]))
  await runDbmate(db.url, 'up')
  expect(await built()).toEqual(before)
  await runDbmate(plain.url, 'up')
  expect(await describeSchema(db.sql)).toEqual(await describeSchema(plain.sql))
})
