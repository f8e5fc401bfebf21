/** The servers of a scenario: its own database, the payment provider as a process, a Redis if the scenario wants one, and the API. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool, type Pool } from '../../../src/platform/db/client.ts'
import { type ApiProcess, startApis } from '../../support/api_process.ts'
import { openTestDatabase } from '../../support/database.ts'
import { requires } from '../../support/requirements.ts'
import { type SimulatedPayments, startSimulatedPayments } from '../../support/simulated_payments.ts'
import { openLoadCount } from '../checks/page_loads.ts'
import { applyMutant } from '../mutants.ts'
import type { Run } from '../scenario.ts'
import { type ChargeProxy, openChargeProxy } from './charge_proxy.ts'
import { type LocklessRedis, startLocklessRedis } from './lockless_redis.ts'
import { type RedisProcess, startRedis } from './redis_process.ts'

/** `lockless` is a Redis that grants every lock to every caller. With `none` each API process keeps its state in memory. */
export type StoreKind = 'none' | 'redis' | 'lockless'

export type Servers = {
  database_url: string
  /** The scenario's own connections, without a statement timeout. */
  sql: Pool
  provider: SimulatedPayments
  /** In front of the provider if the scenario asks for it. */
  gate: ChargeProxy
  redis: RedisProcess | null
  lockless: LocklessRedis | null
  /** The secret that signs the provider's webhooks. */
  webhook_secret: string
  /**
   * Starts the processes of the API that the run wants. Call it after the listings exist, because on an empty database the API
   * first loads the shipped catalog. `name` is the application_name of its connections in PostgreSQL. `redis_url` replaces the
   * URL of the servers's Redis. `rate_limit_scale` replaces the scale of 1,000,000, which limits next to no call. A replica at
   * `read_database_url` serves reads.
   */
  startApi: (own?: {
    name?: string
    redis_url?: string
    rate_limit_scale?: string
    read_database_url?: string
  }) => Promise<ApiGroup>
}

const POOL_SIZE = 8

/** The processes on one port. A call reaches any of them, and all of them stop together. */
export type ApiGroup = Pick<ApiProcess, 'url' | 'readRssMb' | 'countDescriptors' | 'stop' | 'kill'>

function group(apis: ApiProcess[]): ApiGroup {
  const sum = (read: (api: ApiProcess) => number) => apis.reduce((total, api) => total + read(api), 0)
  return {
    url: apis[0]?.url ?? '',
    readRssMb: () => sum((api) => api.readRssMb()),
    countDescriptors: () => sum((api) => api.countDescriptors()),
    stop: async () => void (await Promise.all(apis.map((api) => api.stop()))),
    kill: async () => void (await Promise.all(apis.map((api) => api.kill()))),
  }
}

type Setting = {
  /** Sends the API's charges through the gate. The gate runs in this process, so it is too slow for a heavy load. */
  gated?: boolean
  /** A migrated database on the run's own server. */
  own_url?: string
}

/** Starts the servers of the servers. The end of the run stops them. */
export async function startServers(run: Run, store: StoreKind, { gated = false, own_url }: Setting = {}): Promise<Servers> {
  const { url: database_url, sql } = own_url ? openProver(run, own_url) : await openDatabase(run)
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-prove-'))
  run.defer(async () => rmSync(folder, { recursive: true, force: true }))
  const provider = await startSimulatedPayments({ log: join(folder, 'payments.log') })
  run.defer(() => provider.stop())
  const gate = openChargeProxy(provider.url)
  run.defer(gate.stop)
  const redis = store === 'none' ? null : await startRedis()
  if (redis) run.defer(redis.kill)
  const lockless = redis && store === 'lockless' ? await startLocklessRedis(redis.port) : null
  if (lockless) run.defer(lockless.stop)
  const webhook_secret = crypto.randomUUID()
  const redis_url = lockless?.url ?? redis?.url
  const variables = {
    DATABASE_URL: database_url,
    SIMULATED_PAYMENTS_URL: gated ? gate.url : provider.url,
    SIMULATED_WEBHOOK_SECRETS: webhook_secret,
    ...(redis_url ? { REDIS_URL: redis_url } : {}),
  }
  const start: Servers['startApi'] = async ({ name, redis_url, rate_limit_scale, read_database_url } = {}) => {
    const apis = await startApis(run.processes, {
      ...variables,
      ...(name ? { DATABASE_URL: `${database_url}?application_name=${name}` } : {}),
      ...(redis_url ? { REDIS_URL: redis_url } : {}),
      ...(read_database_url ? { READ_DATABASE_URL: read_database_url } : {}),
      ...(rate_limit_scale ? { RATE_LIMIT_SCALE: rate_limit_scale } : {}),
    })
    for (const api of apis) run.defer(api.kill)
    return group(apis)
  }
  return { database_url, sql, provider, gate, redis, lockless, webhook_secret, startApi: start }
}

/** Opens a migrated database and applies the run's sabotage to it. The end of the run drops the database. */
export async function openDatabase(run: Run): Promise<{ url: string; sql: Pool }> {
  const database = await openTestDatabase()
  run.defer(database.close)
  if (run.mutant) await applyMutant(database.sql, run.mutant)
  return openProver(run, database.url)
}

function openProver(run: Run, url: string): { url: string; sql: Pool } {
  const sql = openPool(url, { max: POOL_SIZE, name: 'stallwright prove', statement_timeout_ms: 0 })
  run.defer(() => sql.end({ timeout: 5 }))
  return { url, sql }
}

/** Returns a count of the loads of product pages. Returns null, and reports `what` as left out, if the server has no count. */
export async function countLoadsOf(run: Run, { sql }: Servers, what: string): Promise<(() => Promise<number>) | null> {
  const count = await openLoadCount(sql)
  if (!count) run.skip(`${what} (the server keeps no pg_stat_statements)`)
  return count
}

/** Returns true if there is a redis-server. If not, the run reports `what` as left out. */
export function hasRedis(run: Run, what: string): boolean {
  const found = requires('redis-server')
  if (!found) run.skip(`${what} (no redis-server)`)
  return found
}
