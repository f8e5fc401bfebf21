import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { resolveBinary } from 'dbmate'
import { loadShippedSynonyms } from '../domains/search/synonyms.ts'
import { openPool } from '../platform/db/client.ts'
import { expectOwnSession } from '../platform/db/pooler.ts'
import { installQueues } from '../platform/jobs/install.ts'
import { projectRoot } from '../platform/project.ts'
import { deployFunctions } from './deploy_functions.ts'
import { grantAccess } from './grant_access.ts'

/** One migration at a time, whoever runs it: dbmate itself takes no lock (dbmate#101). */
const MIGRATION_LOCK = 7_315_002

/**
 * Brings a database up to date: tables by dbmate, pg-boss's schema and queues, the functions
 * and who may do what, then the synonyms that came with this version.
 * Safe to run from several machines at once; the later ones wait and find nothing to do. Throws where `url` leads to a pooler.
 */
export async function migrate(url: string): Promise<void> {
  await expectOwnSession(url)
  const pool = openPool(url, { max: 2, name: 'stallwright migrate', statement_timeout_ms: 0 })
  const keeper = await pool.reserve()
  try {
    await keeper`set lock_timeout = 0`
    await keeper`select pg_advisory_lock(${MIGRATION_LOCK})`
    await runPatiently(url, 'up')
    await installQueues(url)
    // A deploy grants by itself; without one, roles may have come since.
    if (!(await deployFunctions(pool))) await pool.begin(grantAccess)
    await loadShippedSynonyms(pool)
  } finally {
    keeper.release()
    await pool.end({ timeout: 5 })
  }
}

/** How often a migration is tried that met a lock, and what it waits between: long enough for a stuck call to be ended (3 s). */
const LOCK_TRIES = 5
const LOCK_PAUSE_MS = 1000
/** lock_not_available: the lock_timeout of the migration passed. deadlock_detected: it and a call waited for each other. */
const MET_A_LOCK = /\((55P03|40P01)\)/

/** A dbmate command that is tried again where a migration met a lock: each file is a transaction, so nothing is half done. */
export async function runPatiently(url: string, ...command: string[]): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runDbmate(url, ...command)
    } catch (error) {
      if (attempt === LOCK_TRIES || !MET_A_LOCK.test((error as Error).message)) throw error
      await sleep(LOCK_PAUSE_MS)
    }
  }
}

const run = promisify(execFile)

/** Runs one dbmate command on the migrations of this project. Throws what dbmate printed when it fails. */
export async function runDbmate(url: string, ...command: string[]): Promise<string> {
  const args = ['--migrations-dir', join(projectRoot, 'db', 'migrations'), '--no-dump-schema', ...command]
  try {
    return (await run(resolveBinary(), args, { env: { ...process.env, DATABASE_URL: withSslMode(url) } })).stdout
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string }
    throw new Error(`Migrating failed: ${(stderr || stdout || message).trim()}`)
  }
}

/** dbmate's driver asks for TLS unless told otherwise; the application's does not. Both follow the URL. */
function withSslMode(url: string): string {
  const parsed = new URL(url)
  if (!parsed.searchParams.has('sslmode')) parsed.searchParams.set('sslmode', 'disable')
  return parsed.href
}
