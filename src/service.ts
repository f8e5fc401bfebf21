/** The composition root: it makes database, jobs, stores and API, and closes them in the opposite order. */

import type { Logger } from 'pino'
import { createOperations, createProbes } from './api.ts'
import { createApp, createOperationsApp } from './app.ts'
import { migrate } from './deploy/migrate.ts'
import { openDatabase } from './deploy/open_database.ts'
import { loadShippedCatalog } from './domains/catalog/load_shipped.ts'
import { watchLedger } from './domains/ledger/watch_ledger.ts'
import { applyEvent } from './domains/payments/apply_event.ts'
import { openGateway, type PaymentGateway } from './domains/payments/gateway.ts'
import { openProvider } from './domains/payments/open_provider.ts'
import { traceProvider } from './domains/payments/trace_provider.ts'
import { watchFollowUps } from './domains/payments/watch_follow_ups.ts'
import { watchProviderBooks } from './domains/payouts/watch_provider_books.ts'
import { openPictureCodec } from './domains/pictures/open_codec.ts'
import { openPictureStore } from './domains/pictures/open_store.ts'
import type { PictureStore } from './domains/pictures/store.ts'
import { openViewCounter } from './domains/products/views.ts'
import { openSearch } from './domains/search/open_search.ts'
import { openQueryLog } from './domains/search/query_log.ts'
import { keepVocabulary } from './domains/search/vocabulary.ts'
import { storeSettings } from './domains/settings/store_settings.ts'
import { createPasswordHasher } from './domains/users/password.ts'
import { openDashboard } from './http/admin/open_dashboard.ts'
import type { Services } from './http/env.ts'
import { createIntake } from './http/limits/intake.ts'
import { createRateLimits } from './http/limits/rate_limits.ts'
import { expectMigrated, openReadiness } from './http/probes/readiness.ts'
import { type Cache, createCache } from './platform/cache/cache.ts'
import { countCache } from './platform/cache/count_cache.ts'
import { startHeartbeat } from './platform/cache/heartbeat.ts'
import { createInProcessStore } from './platform/cache/in_process_store.ts'
import { openRedisStore } from './platform/cache/redis_store.ts'
import { recordInvalidations } from './platform/changes/invalidations.ts'
import { openRelay } from './platform/changes/relay.ts'
import { type Config, redactConfig } from './platform/config.ts'
import { openPool, type Pool } from './platform/db/client.ts'
import { expectKeptStatements } from './platform/db/pooler.ts'
import { showSecret } from './platform/db/secrets.ts'
import { hookStatements } from './platform/db/statement.ts'
import { createWaitingWork, type WaitingWork } from './platform/jobs/waiting_work.ts'
import { createKeyedHash } from './platform/keyed_hash.ts'
import { createInProcessKeyValue } from './platform/kv/in_process.ts'
import { connectRedis, createRedisKeyValue, guardRedis, type RedisGuard } from './platform/kv/redis.ts'
import { createLog } from './platform/log.ts'
import { openConfiguredMailer } from './platform/mail/mailer.ts'
import { createMetrics, type Metrics } from './platform/metrics/metrics.ts'
import { watchPool, watchReplica } from './platform/metrics/watch.ts'
import { openReplica, type Replica } from './platform/replica/replica.ts'
import { openTracing } from './platform/tracing/open_tracing.ts'
import { inStatementSpan } from './platform/tracing/trace.ts'
import { describeStandIns } from './production.ts'
import { type RunningServer, serve } from './serve.ts'
import { settingsOf } from './settings.ts'
import { startWorker } from './worker.ts'

/** Few connections make a hot row faster than many. Each request holds one for a millisecond or two. */
const POOL_SIZE = 10
const AUTH_POOL_SIZE = 3
const STATEMENT_TIMEOUT_MS = 2200
/** Jobs have separate connections and timeouts: no job takes a request's connection, and a rebuild can run for minutes. */
const JOBS_POOL_SIZE = 4
const JOBS_STATEMENT_TIMEOUT_MS = 3_600_000
/**
 * A worker reads no cached text. So it sends fewer heartbeats, which find jobs within 0.9 s, and a late heartbeat does not make
 * it empty the shared cache.
 */
const WORKER_BEATS = { usual_ms: 850, heartbeat_counts_for_ms: 3000 }

export type Service = {
  url: string
  /** The URL for operators; null where it is `url`. */
  operations_url: string | null
  /** Stops everything in order. For `drain_ms` before that, clients and load balancers have time to notice. */
  stop: (drain_ms?: number) => Promise<void>
}

/** The work of a process: `api` serves calls, `worker` runs jobs, `all` does both and migrates at its start. */
export const roles = ['all', 'api', 'worker'] as const
export type Role = (typeof roles)[number]

type Print = (line: string) => void
/** Registers a close function. They run last to first. */
type Defer = (close: () => unknown) => void

/**
 * Does the work of its role: migrates, loads the shipped catalog into an empty database, runs jobs and serves. A worker serves
 * only its probes and metrics. A failed start closes everything that it opened.
 */
export async function startService(config: Config, role: Role, print: Print): Promise<Service> {
  const closes: (() => unknown)[] = []
  const defer: Defer = (close) => closes.unshift(close)
  const close = async () => {
    for (const close of closes.splice(0)) await close()
  }
  hookStatements({ around: inStatementSpan, onStaleKeys: recordInvalidations })
  try {
    const log = createLog(config.LOG_LEVEL)
    // Without the flush, the last lines are lost when the process ends.
    defer(() => new Promise<void>((resolve) => log.flush(() => resolve())))
    const tracing = await openTracing(config, log)
    defer(tracing.close)
    const database = await openDatabase(config.DATABASE_URL, print)
    defer(database.release)
    if (role === 'all') await migrate(database.url)
    else await expectStatementsKept(config)
    log.debug({ config: redactConfig(config) }, 'configuration')
    const metrics = createMetrics()
    const sql = openPool(database.url, {
      max: POOL_SIZE,
      name: 'stallwright api',
      statement_timeout_ms: STATEMENT_TIMEOUT_MS,
      gives_up: true,
    })
    defer(() => sql.end({ timeout: 5 }))
    watchPool(metrics, 'api', sql)
    if (role === 'all') await loadShippedCatalog(database.url, sql, print)
    else await expectMigrated(sql)
    await storeSettings(sql, config)
    const installation = await showSecret.one(sql, { name: 'installation' })
    const payments = openGateway(traceProvider(await openProvider(config, installation.secret)), { log, metrics })
    defer(payments.close)
    payments.provider.onEvent?.((event) => applyEvent(payments.provider.name, event, { sql, metrics, log }))
    const pictures = openPictureStore(config)
    const shared = { payments, pictures, metrics, log, waiting: createWaitingWork() }
    if (role !== 'api') await workInBackground(database.url, config, shared, defer)
    const services = await openServices(database.url, config, role, sql, shared, defer)
    // Connects before the first probe, so that it is as quick as the next.
    await services.readiness.check()
    const server = await listen(config, role, services, defer)
    for (const line of describeStandIns(config)) print(line)
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

/** Throws unless each database URL leads to a server or pooler that keeps prepared statements. */
async function expectStatementsKept(config: Config): Promise<void> {
  const settings = ['DATABASE_URL', 'AUTH_DATABASE_URL', 'READ_DATABASE_URL'] as const
  await Promise.all(settings.map(async (name) => config[name] && expectKeptStatements(name, config[name])))
}

type Listening = RunningServer & { operations_url: string | null }

/** The services that API and jobs share. */
type Shared = { payments: PaymentGateway; pictures: PictureStore; metrics: Metrics; log: Logger; waiting: WaitingWork }

async function workInBackground(url: string, config: Config, shared: Shared, defer: Defer): Promise<void> {
  const { waiting, ...common } = shared
  const { metrics, log } = common
  const sql = openPool(url, { max: JOBS_POOL_SIZE, name: 'stallwright jobs', statement_timeout_ms: JOBS_STATEMENT_TIMEOUT_MS })
  defer(() => sql.end({ timeout: 5 }))
  watchPool(metrics, 'jobs', sql)
  const mailer = openConfiguredMailer(config, log)
  defer(mailer.close)
  watchFollowUps(metrics, sql)
  defer(watchLedger(metrics, sql, log))
  defer(watchProviderBooks(metrics, sql, log, common.payments.provider.payouts))
  const worker = await startWorker(url, waiting, {
    ...common,
    payouts: common.payments.provider.payouts,
    sql,
    mailer,
    quota_scale: String(config.RATE_LIMIT_SCALE),
  })
  defer(worker.stop)
  defer(keepVocabulary(sql, waiting, (err) => log.warn({ err }, 'search vocabulary')))
}

/** The cache, with the heartbeat and the relay that keep it true. */
async function openSharedCache(
  url: string,
  role: Role,
  redis: RedisGuard | null,
  { metrics, log, waiting }: Shared,
  defer: Defer,
): Promise<Cache> {
  // A commit that a crash loses is repeated by the relay, or was a heartbeat.
  const sql = openPool(url, {
    max: 2,
    name: 'stallwright relay',
    statement_timeout_ms: STATEMENT_TIMEOUT_MS,
    may_lose_commits: true,
  })
  defer(() => sql.end({ timeout: 5 }))
  watchPool(metrics, 'relay', sql)
  const id = crypto.randomUUID()
  const beats = role === 'worker' ? WORKER_BEATS : {}
  const store = redis ? openRedisStore(redis, beats) : createInProcessStore()
  defer(store.close)
  const heartbeat = await startHeartbeat(sql, id, store, { waiting, ...beats })
  defer(heartbeat.stop)
  const relay = openRelay(sql, { id, cache: { invalidate: (keys) => cache.invalidate(keys) }, log, rests: true })
  defer(relay.stop)
  waiting.on('changes', relay.wake)
  const cache = createCache(store, countCache(metrics), relay.isAwake)
  return cache
}

/** The replica, for reads that may lag. */
function openReads(replica_url: string, url: string, sql: Pool, { metrics, log }: Shared, defer: Defer): Replica {
  const count = (by: 'replica' | 'primary') => metrics.add('replica_reads_total', { by })
  const replica = openReplica(replica_url, url, sql, { log, count })
  defer(replica.stop)
  watchReplica(metrics, replica)
  return replica
}

/** The pool of the login that reads and sets credentials. Passwords are hashed two at a time, so few connections are in use. */
function openAuthPool(url: string, metrics: Metrics, defer: Defer): Pool {
  const sql = openPool(url, {
    max: AUTH_POOL_SIZE,
    name: 'stallwright auth',
    statement_timeout_ms: STATEMENT_TIMEOUT_MS,
    gives_up: true,
  })
  defer(() => sql.end({ timeout: 5 }))
  watchPool(metrics, 'auth', sql)
  return sql
}

/** Makes the services of the API. Each is closed before the ones that it uses. */
async function openServices(url: string, config: Config, role: Role, sql: Pool, shared: Shared, defer: Defer): Promise<Services> {
  const { pictures, waiting, ...common } = shared
  const { metrics, log } = common
  const redis = config.REDIS_URL ? guardRedis(connectRedis(config.REDIS_URL, log), metrics) : null
  if (redis) defer(redis.close)
  const cache = await openSharedCache(url, role, redis, shared, defer)
  const search = await openSearch(url, config, { sql, log, metrics, waiting, onVisible: cache.invalidateSearches })
  defer(search.stop)
  const readiness = openReadiness(url, redis)
  defer(readiness.stop)
  const dashboard = openDashboard(config.QUEUES_DATABASE_URL ?? url, config.PUBLIC_URL)
  defer(dashboard.stop)
  const { READ_DATABASE_URL, AUTH_DATABASE_URL } = config
  const replica = READ_DATABASE_URL && role !== 'worker' ? openReads(READ_DATABASE_URL, url, sql, shared, defer) : null
  const views = openViewCounter(sql)
  defer(views.stop)
  const searches = openQueryLog(sql)
  defer(searches.stop)
  const cursor = await showSecret.one(sql, { name: 'cursor' })
  const keyed_hash = await showSecret.one(sql, { name: 'keyed_hash' })
  return {
    ...settingsOf(config),
    ...common,
    ...{ sql, replica, cache, readiness, dashboard, views, searches },
    search: search.engines,
    pictures: { store: pictures, codec: openPictureCodec() },
    auth_sql: AUTH_DATABASE_URL ? openAuthPool(AUTH_DATABASE_URL, metrics, defer) : sql,
    passwords: createPasswordHasher(config.PASSWORD_MEMORY_KIB),
    kv: redis ? createRedisKeyValue(redis) : createInProcessKeyValue(),
    limits: createRateLimits(redis?.redis ?? null, config.RATE_LIMIT_SCALE),
    intake: createIntake(config.RATE_LIMIT_SCALE),
    cursor_secret: cursor.secret,
    keyed_hash: createKeyedHash(keyed_hash.secret),
  }
}

/** Serves on PORT, and on OPERATIONS_PORT if it is set. */
async function listen(config: Config, role: Role, services: Services, defer: Defer): Promise<Listening> {
  const app = role === 'worker' ? createProbes(services) : createApp(services)
  const server = await serve(app.fetch, { host: config.HOST, port: config.PORT, reuse_port: config.REUSE_PORT })
  defer(server.stop)
  const operations = await listenForOperators(config, role, services)
  if (operations) defer(operations.stop)
  const drain = (drain_ms: number) => {
    services.readiness.drain()
    return server.drain(drain_ms)
  }
  return { ...server, operations_url: operations?.url ?? null, drain }
}

/**
 * Serves operators on OPERATIONS_PORT. A worker has no dashboard there, because that is a page of the API. No proxy is in
 * front of this port, so the caller's address is that of the connection, and X-Forwarded-For is ignored.
 */
function listenForOperators(config: Config, role: Role, services: Services): Promise<RunningServer> | null {
  const { OPERATIONS_HOST: host, OPERATIONS_PORT: port } = config
  if (port === undefined) return null
  const direct = { ...services, trusted_proxies: 0 }
  const app = role === 'worker' ? createOperations(direct) : createOperationsApp(direct)
  return serve(app.fetch, { host, port, reuse_port: config.REUSE_PORT, setting: 'OPERATIONS_PORT' })
}
