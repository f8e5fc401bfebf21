import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { resolveBinary } from 'dbmate'
import { loadShippedSynonyms } from '../domains/search/synonyms.ts'
import { openPool, type Pool } from '../platform/db/client.ts'
import { listMigrations } from '../platform/db/files.ts'
import { expectOwnSession } from '../platform/db/pooler.ts'
import { installQueues } from '../platform/jobs/install.ts'
import { projectRoot } from '../platform/project.ts'
import { deployFunctions } from './deploy_functions.ts'
import { isEmbedded } from './embedded.ts'
import { grantAccess } from './grant_access.ts'

/** Allows one migration at a time across all processes, because dbmate takes no lock (dbmate#101). */
const MIGRATION_LOCK = 7_315_002

/**
 * Brings a database up to date: tables by dbmate, pg-boss's schema and queues, functions, triggers and grants, the partitions of
 * the months ahead, then the synonyms of this version.
 * Several machines can run it at once. The later ones wait and find nothing to do. Throws if `url` leads to a pooler, or if the
 * database comes from a version before the first schema.
 */
export async function migrate(url: string): Promise<void> {
  await expectOwnSession(url)
  const pool = openPool(url, { max: 2, name: 'stallwright migrate', statement_timeout_ms: 0 })
  const keeper = await pool.reserve()
  try {
    await keeper`set lock_timeout = 0`
    await keeper`select pg_advisory_lock(${MIGRATION_LOCK})`
    await expectUpgradable(pool)
    await runPatiently(url, 'up')
    await installQueues(url)
    // A deploy of functions also grants. If none was needed, the roles can still be newer than the last grant.
    if (!(await retryOnLock(() => deployFunctions(pool)))) await pool.begin(grantAccess)
    await retryOnLock(() => makePartitions(pool))
    await loadShippedSynonyms(pool)
  } finally {
    keeper.release()
    await pool.end({ timeout: 5 })
  }
}

/**
 * make_partitions gives up behind a writer, and its hourly job tries again. Without a partition of this month nobody could buy until
 * then, so this throws lock_not_available.
 */
async function makePartitions(sql: Pool): Promise<void> {
  await sql`select partition from make_partitions()`
  const missing = await sql<{ parent: string }[]>`select parent from list_missing_partitions(0)`
  if (missing.length === 0) return
  const tables = missing.map(({ parent }) => parent).join(', ')
  throw Object.assign(new Error(`A writer holds a table, so this month has no partition of ${tables}. Migrate again.`), {
    code: '55P03',
  })
}

/** Throws for a database from a version before the first schema: its oldest migration is older than every file. */
async function expectUpgradable(sql: Pool): Promise<void> {
  const [table] = await sql<{ found: boolean }[]>`select to_regclass('schema_migrations') is not null as found`
  if (!table?.found) return
  const first = listMigrations().sort()[0] ?? ''
  const old = await sql`select from schema_migrations where version < ${first} limit 1`
  if (old.length === 0) return
  const [server] = await sql<{ folder: string | null }[]>`
    select case when pg_has_role('pg_read_all_settings', 'usage') then current_setting('data_directory') end as folder`
  const remedy = isEmbedded(server?.folder)
    ? `stop every process of this checkout and delete ${server?.folder}`
    : 'set DATABASE_URL to a new, empty database'
  throw new Error(`This database was made by a version before the first schema and cannot be upgraded: ${remedy}.`)
}

/**
 * The most tries of a step that met a lock, and the pause between them. Together they are long enough for PostgreSQL to end a
 * stuck call (3 s).
 */
const LOCK_TRIES = 5
const LOCK_PAUSE_MS = 1000
/**
 * lock_not_available: the step waited for its whole lock_timeout. deadlock_detected: the step and a call waited for each other.
 */
const MET_A_LOCK = /55P03|40P01/

/** Runs a step again if it met a lock. Each step is a transaction, so a failed step leaves nothing behind. */
async function retryOnLock<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step()
    } catch (error) {
      const { code, message } = error as Error & { code?: string }
      if (attempt === LOCK_TRIES || !MET_A_LOCK.test(code ?? message)) throw error
      await sleep(LOCK_PAUSE_MS)
    }
  }
}

/** Runs a dbmate command, and runs it again if a migration met a lock. */
export function runPatiently(url: string, ...command: string[]): Promise<string> {
  return retryOnLock(() => runDbmate(url, ...command))
}

const run = promisify(execFile)

/** Runs one dbmate command on the migrations of this project. If it fails, throws an Error with the output of dbmate. */
export async function runDbmate(url: string, ...command: string[]): Promise<string> {
  const args = ['--migrations-dir', join(projectRoot, 'db', 'migrations'), '--no-dump-schema', ...command]
  try {
    return (await run(resolveBinary(), args, { env: { ...process.env, DATABASE_URL: withSslMode(url) } })).stdout
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string }
    throw new Error(`Migrating failed: ${(stderr || stdout || message).trim()}`)
  }
}

/** dbmate requires TLS by default, but the application does not. This makes dbmate follow the URL too. */
function withSslMode(url: string): string {
  const parsed = new URL(url)
  if (!parsed.searchParams.has('sslmode')) parsed.searchParams.set('sslmode', 'disable')
  return parsed.href
}
