/** The API without any cache, in this process. Its responses have the current data of the database. */
import type { Hono } from 'hono'
import type { Redis } from 'ioredis'
import pino from 'pino'
import { createApp } from '../../src/app.ts'
import { openViewCounter } from '../../src/domains/products/views.ts'
import { openEngines } from '../../src/domains/search/engines.ts'
import { openQueryLog } from '../../src/domains/search/query_log.ts'
import type { Env, Services } from '../../src/http/env.ts'
import { createIntake } from '../../src/http/limits/intake.ts'
import { createRateLimits } from '../../src/http/limits/rate_limits.ts'
import { noCache } from '../../src/platform/cache/no_cache.ts'
import type { Pool } from '../../src/platform/db/client.ts'
import { createInProcessKeyValue } from '../../src/platform/kv/in_process.ts'
import { createMetrics } from '../../src/platform/metrics/metrics.ts'

/**
 * For reads only: it has no payments, no sign-in and no storage for pictures. It counts rate limits in `redis`, if there is one.
 * Call `stop` before the pool ends.
 */
export async function openUncachedApp(
  sql: Pool,
  { check_answers = false, redis = null }: { check_answers?: boolean; redis?: Redis | null } = {},
): Promise<{ app: Hono<Env>; stop: () => Promise<void> }> {
  const views = openViewCounter(sql)
  const searches = openQueryLog(sql)
  const [secret] = await sql<{ secret: Uint8Array }[]>`select secret from service_secrets where name = 'cursor'`
  const log = pino({ level: 'error' })
  const reading: Omit<Services, 'auth_sql' | 'keyed_hash' | 'payments' | 'passwords' | 'pictures' | 'readiness' | 'dashboard'> = {
    sql,
    replica: null,
    cache: noCache,
    kv: createInProcessKeyValue(),
    views,
    searches,
    metrics: createMetrics(),
    search: openEngines({ sql, log }),
    log,
    operator_token: null,
    cursor_secret: secret?.secret as Uint8Array,
    limits: createRateLimits(redis, 1_000_000),
    intake: createIntake(1_000_000),
    quota_scale: '1000000',
    requires_verified: false,
    cors_origins: [],
    security_contact: null,
    has_operations_port: false,
    public_url: undefined,
    trusted_proxies: 0,
    check_answers,
  }
  const stop = async () => {
    await views.stop()
    await searches.stop()
  }
  return { app: createApp(reading as Services), stop }
}
