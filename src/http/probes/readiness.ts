/** Whether this process should be sent requests: asked by load balancers every second, and by nobody else. */
import { Type } from '@sinclair/typebox'
import { openPool, type Pool, type Sql } from '../../platform/db/client.ts'
import { listMigrations } from '../../platform/db/files.ts'
import { query } from '../../platform/db/statement.ts'
import { inTime } from '../../platform/in_time.ts'
import type { RedisGuard } from '../../platform/kv/redis.ts'

const listMissingMigrations = query(
  'probes/list_missing_migrations',
  { versions: Type.Array(Type.String()) },
  { version: Type.String() },
)

/** Half of what a prober waits: a database that hangs is one that is away. */
const DEADLINE_MS = 500

/** `failed` makes the process unready; without what is `degraded` it only works worse. */
export type CheckState = 'ok' | 'failed' | 'degraded' | 'unused'
export type Report = {
  ready: boolean
  /** Why it is not ready, in a sentence. */
  detail: string
  checks: Record<'process' | 'database' | 'migrations' | 'redis', CheckState>
}

export type Readiness = {
  /** Answers within 0.6 s, whatever its stores do. */
  check: () => Promise<Report>
  /** From now on the process is not ready, because it ends. */
  drain: () => void
  stop: () => Promise<void>
}

/**
 * A connection of its own: a probe neither waits behind requests nor takes a place from them. Migrations of a later version than this
 * one do not matter: tables only ever grow under a running process.
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
      // A connection that hangs may hang for minutes after its server is back: the next probe takes a new one.
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

/** Throws one line where the database is not the one that this version needs. */
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
  return checks.database === 'failed' ? 'The database does not answer.' : 'The database lacks migrations of this version.'
}
