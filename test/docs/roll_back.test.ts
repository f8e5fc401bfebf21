/** Runs the steps of docs/RUNBOOK.md, "Roll back", with the roles. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { migrate, runDbmate } from '../../src/deploy/migrate.ts'
import { openPool, type Pool } from '../../src/platform/db/client.ts'
import { createRoles, roleUrl } from '../support/database_roles.ts'
import { requires } from '../support/requirements.ts'
import { blocksOf, follow } from '../support/runbook.ts'
import { describeSchema } from '../support/schema.ts'
import { openPostgres15, type Postgres15 } from '../support/stores/postgres_15.ts'

/** The migration of the table reviews. Functions take and return rows of this table. */
const REVIEWS = '20261129120005'

let server: Postgres15
let sql: Pool

if (requires('postgresql-15')) {
  beforeAll(async () => {
    server = await openPostgres15()
    sql = openPool(server.url, { max: 2, name: 'roll back', statement_timeout_ms: 0 })
    await createRoles(sql)
    await migrate(roleUrl(server.url, 'migrator'))
  })

  afterAll(async () => {
    await sql.end()
    await server.stop()
  })

  test('the migrator rolls back migrations and dependent functions, and the next deploy creates all of it', async () => {
    const [drop_functions = '', down = ''] = blocksOf('Roll back', 'sh')
    const url = roleUrl(server.url, 'migrator')
    const variables = { MIGRATOR_URL: `${url}?sslmode=disable` }
    const before = await describeSchema(sql)
    expect((await follow(drop_functions, { variables })).match(/DROP ROUTINE/g)?.length).toBeGreaterThan(1)
    while ((await newestMigration()) !== REVIEWS) await runDbmate(url, 'down')
    await follow(down, { variables })
    expect(await newestMigration()).not.toBe(REVIEWS)
    await migrate(url)
    expect(await describeSchema(sql)).toEqual(before)
  })
}

async function newestMigration(): Promise<string | undefined> {
  const [row] = await sql<{ version: string }[]>`select max(version) as version from schema_migrations`
  return row?.version
}
