import type { Hono } from 'hono'
import pino from 'pino'
import { createApi } from '../../src/api.ts'
import { openGateway } from '../../src/domains/payments/gateway.ts'
import { openProvider } from '../../src/domains/payments/open_provider.ts'
import type { PaymentProvider } from '../../src/domains/payments/provider.ts'
import { openPictureStore } from '../../src/domains/pictures/open_store.ts'
import { recordViews } from '../../src/domains/products/statements.ts'
import type { ViewCounter } from '../../src/domains/products/views.ts'
import { openEngines } from '../../src/domains/search/engines.ts'
import { createPasswordHasher } from '../../src/domains/users/password.ts'
import type { Env, Services } from '../../src/http/env.ts'
import { createIntake } from '../../src/http/limits/intake.ts'
import { createRateLimits } from '../../src/http/limits/rate_limits.ts'
import { openReadiness } from '../../src/http/probes/readiness.ts'
import { noCache } from '../../src/platform/cache/no_cache.ts'
import type { Config } from '../../src/platform/config.ts'
import { openPool, type Pool } from '../../src/platform/db/client.ts'
import { showSecret } from '../../src/platform/db/secrets.ts'
import { createKeyedHash } from '../../src/platform/keyed_hash.ts'
import { createInProcessKeyValue } from '../../src/platform/kv/in_process.ts'
import { connectRedis, createRedisKeyValue, guardRedis } from '../../src/platform/kv/redis.ts'
import { createMetrics } from '../../src/platform/metrics/metrics.ts'
import { Problem } from '../../src/platform/problem.ts'
import type { PictureCodec } from '../../src/platform/runtime/picture_format.ts'
import { settingsOf } from '../../src/settings.ts'

/** An edge runs many small instances, so each has few connections. */
const POOL_SIZE = 4
const STATEMENT_TIMEOUT_MS = 2200

/**
 * Returns the API of an edge: the calls of `/v1` and the probes. PostgreSQL searches, in one round trip. The edge has no cache.
 * The relay invalidates the servers' caches after the edge's writes. The edge does not log searches.
 * Throws if the configuration or the database is unfit, and then closes its connections.
 */
export async function openEdge(config: Config): Promise<Hono<Env>> {
  const url = config.DATABASE_URL
  if (!url) throw new Error('Set DATABASE_URL: the edge has no embedded database.')
  const pictures = { store: openPictureStore(config), codec: noPictures }
  const sql = openEdgePool(url)
  const auth_sql = config.AUTH_DATABASE_URL ? openEdgePool(config.AUTH_DATABASE_URL) : sql
  try {
    const [cursor, installation, keyed_hash] = await Promise.all([
      showSecret.one(sql, { name: 'cursor' }),
      showSecret.one(sql, { name: 'installation' }),
      showSecret.one(sql, { name: 'keyed_hash' }),
    ])
    const payments = await openProvider(config, installation.secret)
    const secrets = { cursor_secret: cursor.secret, keyed_hash: createKeyedHash(keyed_hash.secret) }
    return createApi({ ...gather(config, url, sql, payments), auth_sql, pictures, ...secrets } as Services)
  } catch (error) {
    for (const pool of new Set([sql, auth_sql])) await pool.end({ timeout: 1 }).catch(() => {})
    throw error
  }
}

function openEdgePool(url: string): Pool {
  return openPool(url, {
    max: POOL_SIZE,
    name: 'stallwright edge',
    statement_timeout_ms: STATEMENT_TIMEOUT_MS,
    gives_up: true,
  })
}

/** An edge has no process that decodes pictures, so it refuses them. */
const noPictures: PictureCodec = {
  encode: async () => {
    throw new Problem('unavailable', 'This server does not accept pictures. Upload to a full server.')
  },
}

/** The services that are made without a query. */
function gather(
  config: Config,
  url: string,
  sql: Pool,
  provider: PaymentProvider,
): Omit<Services, 'auth_sql' | 'dashboard' | 'pictures' | 'cursor_secret' | 'keyed_hash'> {
  const log = pino({ level: config.LOG_LEVEL, browser: { asObject: true } })
  const metrics = createMetrics()
  const redis = config.REDIS_URL ? guardRedis(connectRedis(config.REDIS_URL, log), metrics) : null
  return {
    sql,
    replica: null,
    log,
    metrics,
    cache: noCache,
    kv: redis ? createRedisKeyValue(redis) : createInProcessKeyValue(),
    views: countAtOnce(sql),
    searches: { note: () => {}, flush: async () => {}, stop: async () => {} },
    payments: openGateway(provider, { log, metrics }),
    readiness: openReadiness(url, redis),
    search: openEngines({ sql, log }),
    passwords: createPasswordHasher(config.PASSWORD_MEMORY_KIB),
    limits: createRateLimits(redis?.redis ?? null, config.RATE_LIMIT_SCALE),
    intake: createIntake(config.RATE_LIMIT_SCALE),
    // An edge listens on one port. If OPERATIONS_PORT is set, the edge serves no operations.
    ...settingsOf(config),
  }
}

/** Writes each view at once, because an instance can end before a batch. A failed write loses the view, as on a server. */
function countAtOnce(sql: Pool): ViewCounter {
  const count = (id: number) => void recordViews.one(sql, { product_ids: [id], counts: [1] }).catch(() => {})
  return { count, flush: async () => {}, stop: async () => {} }
}
