import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openEmptyDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { requires } from '../../../test/support/requirements.ts'
import { describeSchema } from '../../../test/support/schema.ts'
import { openPostgres15, type Postgres15, runPostgres15 } from '../../../test/support/stores/postgres_15.ts'
import { runDbmate } from '../../deploy/migrate.ts'
import { projectRoot } from '../../platform/project.ts'
import { DUMP_OPTIONS, renderSchemaFile } from './schema_file.ts'

const FILE = join(projectRoot, 'db', 'schema.sql')

/**
 * Without what depends on how a table came to be: PostgreSQL 18 names the NOT NULL of a column after the table's first name,
 * and a dumped CHECK has more parentheses. Whether a column is NOT NULL is said in its own line.
 */
const comparable = (schema: string[]) =>
  schema.filter((line) => !/^constraint \S+ NOT NULL /.test(line)).map((line) => line.replace(/[()]/g, ''))

describe('db/schema.sql', () => {
  let migrated: TestDatabase
  let loaded: TestDatabase
  beforeAll(async () => {
    migrated = await openTestDatabase()
    loaded = await openEmptyDatabase()
  })
  afterAll(async () => {
    await loaded.close()
    await migrated.close()
  })

  test('loaded into an empty database gives the tables that the migrations give', async () => {
    await loaded.sql.begin(async (tx) => {
      await tx.unsafe(readFileSync(FILE, 'utf8')).simple()
      // The file sets the search path of its session, as every dump does.
      await tx.unsafe('reset all')
    })
    const deployed = await migrated.sql<{ definition: string }[]>`
      select pg_get_functiondef(signature::regprocedure) as definition from deployed_functions`
    const left_out = new Set(deployed.map(({ definition }) => definition))
    const expected = comparable((await describeSchema(migrated.sql)).filter((line) => !left_out.has(line)))
    expect(expected).toContain('sequence users_id_seq')
    expect(comparable(await describeSchema(loaded.sql))).toEqual(expected)
  })
})

if (requires('postgresql-15'))
  describe('on PostgreSQL 15', () => {
    let server: Postgres15
    beforeAll(async () => {
      server = await openPostgres15()
      // The tables alone: with the functions, a change of one that takes a row of a table would change the order of the file.
      await runDbmate(server.url, 'up')
    }, 60_000)
    afterAll(() => server.stop())

    const dump = async () => renderSchemaFile(await runPostgres15('pg_dump', ...DUMP_OPTIONS, server.url))

    test('db/schema.sql is what pg_dump says', async () => {
      const said = await dump()
      if (process.env.UPDATE_DOCS) writeFileSync(FILE, said)
      else expect(readFileSync(FILE, 'utf8')).toBe(said)
    })

    test('every migration undone and done again leaves the same dump, byte for byte', async () => {
      const before = await dump()
      for (const _ of readdirSync(join(projectRoot, 'db', 'migrations'))) await runDbmate(server.url, 'down')
      expect(await dump()).not.toContain('CREATE TABLE public.users')
      await runDbmate(server.url, 'up')
      expect(await dump()).toBe(before)
    })
  })
