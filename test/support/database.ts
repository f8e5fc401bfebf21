/** Databases for tests. Each test file has its own, cloned from a template that is migrated once. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import postgres from 'postgres'
import { openEmbedded } from '../../src/deploy/embedded.ts'
import { migrate } from '../../src/deploy/migrate.ts'
import { openPool, type Pool } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'

/** A migrated, empty database. `sql` is a pool of 20 connections. For a race, open more with `openPool(url, …)`. */
export type TestDatabase = { url: string; sql: Pool; close: () => Promise<void> }

const TEMPLATE_LOCK = 7_315_003

/** Clones the template on the server of DATABASE_URL, or on the embedded server. `close` drops the clone. */
export function openTestDatabase(): Promise<TestDatabase> {
  return openNewDatabase((admin, serverUrl) => buildTemplate(admin, serverUrl))
}

/** Creates a database without tables, for tests of the migrations. `close` drops it. */
export function openEmptyDatabase(): Promise<TestDatabase> {
  return openNewDatabase(async () => 'template0')
}

async function openNewDatabase(
  chooseTemplate: (admin: postgres.Sql, serverUrl: string) => Promise<string>,
): Promise<TestDatabase> {
  const server = await openServer()
  const run = process.env.STALLWRIGHT_TEST_RUN ?? process.pid
  const name = `stallwright_test_${run}_${crypto.randomUUID().slice(0, 8)}`
  const admin = postgres(server.url, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${name} template ${await chooseTemplate(admin, server.url)}`)
  const url = withDatabase(server.url, name)
  const sql = openPool(url, { max: 20, name, statement_timeout_ms: 30_000 })
  const close = async () => {
    await sql.end({ timeout: 2 })
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end()
    await server.release()
  }
  return { url, sql, close }
}

async function openServer(): Promise<{ url: string; release: () => Promise<void> }> {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, release: async () => {} }
  return openEmbedded()
}

/** The name of the template contains a checksum of the schema, so an edited function or migration makes a new template. */
async function buildTemplate(admin: postgres.Sql, serverUrl: string): Promise<string> {
  const template = `stallwright_template_${checksumOfSchema()}`
  await admin`select pg_advisory_lock(${TEMPLATE_LOCK})`
  try {
    const known = await admin`select from pg_database where datname = ${template}`
    if (known.length > 0) return template
    await dropOldTemplates(admin)
    const building = `${template}_building`
    await admin.unsafe(`drop database if exists ${building} with (force)`)
    await admin.unsafe(`create database ${building}`)
    await migrate(withDatabase(serverUrl, building))
    await admin.unsafe(`alter database ${building} rename to ${template}`)
    return template
  } finally {
    await admin`select pg_advisory_unlock(${TEMPLATE_LOCK})`
  }
}

async function dropOldTemplates(admin: postgres.Sql): Promise<void> {
  const old = await admin<{ datname: string }[]>`select datname from pg_database where datname like 'stallwright_template_%'`
  // The drop fails for a template that a test of another checkout is cloning. That template stays.
  for (const { datname } of old) await admin.unsafe(`drop database if exists ${datname}`).catch(() => {})
}

function checksumOfSchema(): string {
  const hash = createHash('sha256')
  for (const pattern of [
    'db/{migrations,functions}/**/*.sql',
    'db/access/*.sql',
    'src/deploy/{migrate,deploy_functions,deploy_triggers,grant_access}.ts',
    'src/platform/jobs/{install,queues}.ts',
    'src/domains/search/synonyms.ts',
    'search/*.txt',
  ]) {
    for (const name of [...new Glob(pattern).scanSync(projectRoot)].sort())
      hash.update(name).update(readFileSync(join(projectRoot, name)))
  }
  return hash.digest('hex').slice(0, 12)
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${name}`
  return parsed.href
}
