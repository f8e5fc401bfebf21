/** Puts the whole service together: database, jobs, stores, API. Everything that it opens, it closes in the order in which it must end. */

import type { Logger } from 'pino'
import { createOperations, createProbes } from './api.ts'
import { createApp, createOperationsApp } from './app.ts'
import { migrate } from './deploy/migrate.ts'
import { openDatabase } from './deploy/open_database.ts'
import { loadShippedCatalog } from './domains/catalog/load_shipped.ts'
import { openGateway, type PaymentGateway } from './domains/payments/gateway.ts'
import { openProvider } from './domains/payments/open_provider.ts'
import { traceProvider } from './domains/payments/trace_provider.ts'
import { openPictureCodec } from './domains/pictures/open_codec.ts'
import { openPictureStore } from './domains/pictures/open_store.ts'
import type { PictureStore } from './domains/pictures/store.ts'
import { openViewCounter } from './domains/products/views.ts'
import { openSearch } from './domains/search/open_search.ts'
import { openQueryLog } from './domains/search/query_log.ts'
import { keepVocabulary } from './domains/search/vocabulary.ts'
import { openPasswordHasher } from './domains/users/password.ts'
import { openDashboard } from './http/admin/open_dashboard.ts'
import type { Services } from './http/env.ts'
import { openIntake } from './http/limits/intake.ts'
import { openRateLimits } from './http/limits/rate_limits.ts'
import { expectMigrated, openReadiness } from './http/probes/readiness.ts'
import { type Cache, openCache } from './platform/cache/cache.ts'
import { countCache } from './platform/cache/count_cache.ts'
import { startHeartbeat } from './platform/cache/heartbeat.ts'
import { openInProcessStore } from './platform/cache/in_process_store.ts'
import { openRedisStore } from './platform/cache/redis_store.ts'
import { recordInvalidations } from './platform/changes/invalidations.ts'
import { openRelay } from './platform/changes/relay.ts'
import { type Config, redactConfig } from './platform/config.ts'
import { openPool, type Pool } from './platform/db/client.ts'
import { expectKeptStatements } from './platform/db/pooler.ts'
import { showSecret } from './platform/db/secrets.ts'
import { hookStatements } from './platform/db/statement.ts'
import { openKeyedHash } from './platform/keyed_hash.ts'
import { openInProcess } from './platform/kv/in_process.ts'
import { connectRedis, guardRedis, openRedis, type RedisGuard } from './platform/kv/redis.ts'
import { openLog } from './platform/log.ts'
import { openConfiguredMailer } from './platform/mailer.ts'
import { type Metrics, openMetrics } from './platform/metrics/metrics.ts'
import { watchPool, watchReplica } from './platform/metrics/watch.ts'
import { openReplica, type Replica } from './platform/replica/replica.ts'
import { openTracing } from './platform/tracing/open_tracing.ts'
import { inStatementSpan } from './platform/tracing/trace.ts'
import { describeStandIns } from './production.ts'
import { type RunningServer, serve } from './serve.ts'
import { startWorker } from './worker.ts'

/** Few connections keep a hot row faster than many; each request holds one for a millisecond or two. */
const POOL_SIZE = 10
const AUTH_POOL_SIZE = 3
const STATEMENT_TIMEOUT_MS = 2200
/** Jobs have connections and timeouts of their own: no job takes a request's connection, and a rebuild may run for minutes. */
const JOBS_POOL_SIZE = 4
const JOBS_STATEMENT_TIMEOUT_MS = 3_600_000

export type Service = {
  url: string
  /** Where operators look; null where that is `url`. */
  operations_url: string | null
  /** Ends in order. `drain_ms` is how long clients and load balancers have to notice before anything ends. */
  stop: (drain_ms?: number) => Promise<void>
}

/** What a process does: serve calls, work jobs, or both, and then it also migrates at its start. */
export const roles = ['all', 'api', 'worker'] as const
export type Role = (typeof roles)[number]

type Say = (line: string) => void
/** Remembers how to close what was opened; closed last to first. */
type Later = (close: () => unknown) => void

/**
 * Migrates, loads the shipped catalogue into an empty database, works jobs and serves: all of it, or what its role is. A worker
 * serves its probes and metrics. What failed to start is closed again.
 */
export async function startService(config: Config, role: Role, say: Say): Promise<Service> {
  const closes: (() => unknown)[] = []
  const later: Later = (close) => closes.unshift(close)
  const close = async () => {
    for (const close of closes.splice(0)) await close()
  }
  hookStatements({ around: inStatementSpan, onStaleKeys: recordInvalidations })
  try {
    const log = openLog(config.LOG_LEVEL)
    // A process that ends at once would take the last lines with it.
    later(() => new Promise<void>((resolve) => log.flush(() => resolve())))
    const tracing = await openTracing(config, log)
    later(tracing.close)
    const database = await openDatabase(config.DATABASE_URL, say)
    later(database.release)
    if (role === 'all') await migrate(database.url)
    else await expectStatementsKept(config)
    log.debug({ config: redactConfig(config) }, 'configuration')
    const metrics = openMetrics()
    const sql = openPool(database.url, {
      max: POOL_SIZE,
      name: 'stallwright api',
      statement_timeout_ms: STATEMENT_TIMEOUT_MS,
      gives_up: true,
    })
    later(() => sql.end({ timeout: 5 }))
    watchPool(metrics, 'api', sql)
    if (role === 'all') await loadShippedCatalog(database.url, sql, say)
    else await expectMigrated(sql)
    const installation = await showSecret.one(sql, { name: 'installation' })
    const payments = openGateway(traceProvider(await openProvider(config, installation.secret)), { log, metrics })
    later(payments.close)
    const pictures = openPictureStore(config)
    const shared = { payments, pictures, metrics, log }
    if (role !== 'api') await workInBackground(database.url, config, shared, later)
    const server = await serveApi(database.url, config, role, sql, shared, later)
    for (const line of describeStandIns(config)) say(line)
    const stop = async (drain_ms = 0) => {
      await server.drain(drain_ms)
      await close()
    }
    return { url: server.url, operations_url: server.operations_url, stop }
  } catch (error) {
    await close()
    throw error
  }
}

/** What each URL of the API or a worker leads to keeps prepared statements. */
async function expectStatementsKept(config: Config): Promise<void> {
  const settings = ['DATABASE_URL', 'AUTH_DATABASE_URL', 'READ_DATABASE_URL'] as const
  await Promise.all(settings.map(async (name) => config[name] && expectKeptStatements(name, config[name])))
}

type Listening = RunningServer & { operations_url: string | null }

/** What the API and the jobs share. */
type Shared = { payments: PaymentGateway; pictures: PictureStore; metrics: Metrics; log: Logger }

async function workInBackground(url: string, config: Config, shared: Shared, later: Later): Promise<void> {
  const { metrics, log } = shared
  const sql = openPool(url, { max: JOBS_POOL_SIZE, name: 'stallwright jobs', statement_timeout_ms: JOBS_STATEMENT_TIMEOUT_MS })
  later(() => sql.end({ timeout: 5 }))
  watchPool(metrics, 'jobs', sql)
  const mailer = openConfiguredMailer(config, log)
  later(mailer.close)
  const worker = await startWorker(url, { ...shared, sql, mailer })
  later(worker.stop)
  later(keepVocabulary(sql, (err) => log.warn({ err }, 'search vocabulary')))
}

/** The cache, with what keeps it true: the relay, and the beats that tell a process whether it hears of all that others change. */
async function openSharedCache(url: string, redis: RedisGuard | null, { metrics, log }: Shared, later: Later): Promise<Cache> {
  // What is lost in a crash is told again, or was a beat.
  const sql = openPool(url, {
    max: 2,
    name: 'stallwright relay',
    statement_timeout_ms: STATEMENT_TIMEOUT_MS,
    may_lose_commits: true,
  })
  later(() => sql.end({ timeout: 5 }))
  watchPool(metrics, 'relay', sql)
  const id = crypto.randomUUID()
  const store = redis ? openRedisStore(redis) : openInProcessStore()
  later(store.close)
  const cache = openCache(store, countCache(metrics))
  const heartbeat = await startHeartbeat(sql, id, store)
  later(heartbeat.stop)
  const relay = openRelay(sql, { id, cache, log })
  later(relay.stop)
  return cache
}

/** The replica that reads what may lag. */
function openReads(replica_url: string, url: string, sql: Pool, { metrics, log }: Shared, later: Later): Replica {
  const count = (by: 'replica' | 'primary') => metrics.add('replica_reads_total', { by })
  const replica = openReplica(replica_url, url, sql, { log, count })
  later(replica.stop)
  watchReplica(metrics, replica)
  return replica
}

/** Connections of the login that reads and sets credentials. Passwords are hashed two at a time, so few are ever in use. */
function openAuthPool(url: string, metrics: Metrics, later: Later): Pool {
  const sql = openPool(url, {
    max: AUTH_POOL_SIZE,
    name: 'stallwright auth',
    statement_timeout_ms: STATEMENT_TIMEOUT_MS,
    gives_up: true,
  })
  later(() => sql.end({ timeout: 5 }))
  watchPool(metrics, 'auth', sql)
  return sql
}

async function serveApi(url: string, config: Config, role: Role, sql: Pool, shared: Shared, later: Later): Promise<Listening> {
  const { payments, pictures, metrics, log } = shared
  const redis = config.REDIS_URL ? guardRedis(connectRedis(config.REDIS_URL, log), metrics) : null
  if (redis) later(redis.close)
  const cache = await openSharedCache(url, redis, shared, later)
  const search = await openSearch(url, config, { sql, log, metrics, onVisible: cache.invalidateSearches })
  later(search.stop)
  const readiness = openReadiness(url, redis)
  later(readiness.stop)
  const dashboard = openDashboard(config.QUEUES_DATABASE_URL ?? url, config.PUBLIC_URL)
  later(dashboard.stop)
  const replica =
    config.READ_DATABASE_URL && role !== 'worker' ? openReads(config.READ_DATABASE_URL, url, sql, shared, later) : null
  const views = openViewCounter(sql)
  later(views.stop)
  const searches = openQueryLog(sql)
  later(searches.stop)
  const [cursor, keyed_hash] = await Promise.all([
    showSecret.one(sql, { name: 'cursor' }),
    showSecret.one(sql, { name: 'keyed_hash' }),
  ])
  const services: Services = {
    sql,
    auth_sql: config.AUTH_DATABASE_URL ? openAuthPool(config.AUTH_DATABASE_URL, metrics, later) : sql,
    replica,
    cache,
    kv: redis ? openRedis(redis) : openInProcess(),
    views,
    searches,
    payments,
    metrics,
    readiness,
    dashboard,
    log,
    search: search.engines,
    passwords: openPasswordHasher(config.PASSWORD_MEMORY_KIB),
    ranking: { usual: config.SEARCH_RANKING, operator_token: config.OPERATOR_TOKEN ?? null },
    pictures: { store: pictures, codec: openPictureCodec() },
    security_contact: config.SECURITY_CONTACT ?? null,
    has_operations_port: config.OPERATIONS_PORT !== undefined,
    public_url: config.PUBLIC_URL?.replace(/\/+$/, ''),
    cursor_secret: cursor.secret,
    keyed_hash: openKeyedHash(keyed_hash.secret),
    limits: openRateLimits(redis?.redis ?? null, config.RATE_LIMIT_SCALE),
    intake: openIntake(config.RATE_LIMIT_SCALE),
    quota_scale: String(config.RATE_LIMIT_SCALE),
    cors_origins: config.CORS_ORIGINS?.split(',').map((origin) => origin.trim()) ?? [],
    trusted_proxies: config.TRUSTED_PROXIES,
    check_answers: config.CHECK_ANSWERS,
  }
  // Connects beforehand: the first probe is as quick as the next.
  await readiness.check()
  return listen(config, role, services, later)
}

/** Serves on PORT, and on OPERATIONS_PORT where it is set. */
async function listen(config: Config, role: Role, services: Services, later: Later): Promise<Listening> {
  const app = role === 'worker' ? createProbes(services) : createApp(services)
  const server = await serve(app.fetch, { host: config.HOST, port: config.PORT, reuse_port: config.REUSE_PORT })
  later(server.stop)
  const operations = await listenForOperators(config, role, services)
  if (operations) later(operations.stop)
  const drain = (drain_ms: number) => {
    services.readiness.drain()
    return server.drain(drain_ms)
  }
  return { ...server, operations_url: operations?.url ?? null, drain }
}

/**
 * A worker's operators find no dashboard there: that is a page of the API's. No proxy stands in front of this port, so the address of
 * a caller is that of the connection, whatever X-Forwarded-For says. */
function listenForOperators(config: Config, role: Role, services: Services): Promise<RunningServer> | null {
  const { OPERATIONS_HOST: host, OPERATIONS_PORT: port } = config
  if (port === undefined) return null
  const direct = { ...services, trusted_proxies: 0 }
  const app = role === 'worker' ? createOperations(direct) : createOperationsApp(direct)
  return serve(app.fetch, { host, port, reuse_port: config.REUSE_PORT, setting: 'OPERATIONS_PORT' })
}
