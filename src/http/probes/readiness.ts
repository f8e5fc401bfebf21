/** Decides whether this process should get requests. Load balancers probe every second. */
import { Type } from '@sinclair/typebox'
import { openPool, type Pool, type Sql } from '../../platform/db/client.ts'
import { listMigrations } from '../../platform/db/files.ts'
import { query } from '../../platform/db/statement.ts'
import { inTime } from '../../platform/in_time.ts'
import type { RedisGuard } from '../../platform/kv/redis.ts'

declare module '../env.ts' {
  interface Services {
    readiness: Readiness
  }
}

const listMissingMigrations = query(
  'probes/list_missing_migrations',
  { versions: Type.Array(Type.String()) },
  { version: Type.String() },
)

/** Half of the time that a prober waits. A database that hangs counts as away. */
const DEADLINE_MS = 500

/** `failed` makes the process unready. With `degraded` it keeps working, but worse. */
export type CheckState = 'ok' | 'failed' | 'degraded' | 'unused'
export type Report = {
  ready: boolean
  /** The reason why it is not ready, in a sentence. */
  detail: string
  checks: Record<'process' | 'database' | 'migrations' | 'redis', CheckState>
}

export type Readiness = {
  /** Returns within 0.6 s, whatever the stores do. */
  check: () => Promise<Report>
  /** Makes the process unready, because it is about to end. */
  drain: () => void
  stop: () => Promise<void>
}

/**
 * Uses its own connection, so that a probe neither waits behind requests nor takes a connection from them. Migrations of a later
 * version do not matter, because under a running process tables only grow.
 */
export function openReadiness(url: string, redis: RedisGuard | null): Readiness {
  const versions = listMigrations()
  let draining = false
  let sql: Pool | null = null
  const askDatabase = async (): Promise<Pick<Report['checks'], 'database' | 'migrations'>> => {
    sql ??= openPool(url, { max: 1, name: 'stallwright probe', statement_timeout_ms: DEADLINE_MS })
    const asked = sql
    try {
      const missing = await inTime(listMissingMigrations.many(asked, { versions }), DEADLINE_MS)
      return { database: 'ok', migrations: missing.length === 0 ? 'ok' : 'failed' }
    } catch {
      // A hanging connection can hang for minutes after its server is back, so the next probe opens a new one.
      if (sql === asked) sql = null
      void asked.end({ timeout: 0 }).catch(() => {})
      return { database: 'failed', migrations: 'failed' }
    }
  }
  const check = async (): Promise<Report> => {
    const [asked, redisState] = await Promise.all([askDatabase(), askRedis(redis)])
    const checks = { process: draining ? 'failed' : 'ok', ...asked, redis: redisState } as const
    const ready = !Object.values(checks).includes('failed')
    return { ready, detail: ready ? '' : describe(checks), checks }
  }
  return {
    check,
    drain: () => {
      draining = true
    },
    stop: async () => void (await sql?.end({ timeout: 1 })),
  }
}

/** Throws one line if the database lacks migrations of this version. */
export async function expectMigrated(sql: Sql): Promise<void> {
  const missing = await listMissingMigrations.many(sql, { versions: listMigrations() }).catch((error: { code?: string }) => {
    if (error.code === UNDEFINED_TABLE) return [{ version: 'all of them' }]
    throw error
  })
  if (missing.length === 0) return
  throw new Error(`The database lacks migrations (${missing.map(({ version }) => version).join(', ')}): run "bun run migrate".`)
}

const UNDEFINED_TABLE = '42P01'

async function askRedis(redis: RedisGuard | null): Promise<CheckState> {
  if (!redis) return 'unused'
  const answer = redis.ask(async () => (await redis.redis.ping()) === 'PONG', false)
  return (await inTime(answer, DEADLINE_MS).catch(() => false)) ? 'ok' : 'degraded'
}

function describe(checks: Report['checks']): string {
  if (checks.process === 'failed') return 'This process is ending.'
  return checks.database === 'failed'
    ? 'The database does not respond.'
    : 'The database lacks migrations of this version. Run "bun run migrate".'
}
