/** The servers of a scenario: its own database, the payment provider as a process, a Redis on request, and the API. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool, type Pool, type Sql } from '../../../src/platform/db/client.ts'
import { type ApiProcess, startApis } from '../../support/api_process.ts'
import { openTestDatabase } from '../../support/database.ts'
import { addVariants, type Listing, listItems, openShops } from '../../support/people.ts'
import { requires } from '../../support/requirements.ts'
import { type SimulatedPayments, startSimulatedPayments } from '../../support/simulated_payments.ts'
import { recordStock } from '../../support/stock.ts'
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
  /** In front of the provider if the scenario requests it. */
  charge_proxy: ChargeProxy
  redis: RedisProcess | null
  lockless: LocklessRedis | null
  /** The secret that signs the provider's webhooks. */
  webhook_secret: string
  /**
   * Starts the API processes of the run. Call it after the listings exist, because on an empty database the API first loads the
   * shipped catalog. The variables replace those of the servers, such as REDIS_URL. `role` is `all`, or `api` or `worker` alone.
   */
  startApi: (variables?: Record<string, string>, role?: string) => Promise<ApiGroup>
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

type Options = {
  /** Sends the API's charges through the charge proxy. It runs in this process, so it is too slow for a heavy load. */
  holds_charges?: boolean
  /** A migrated database on the scenario's own server. */
  own_url?: string
}

/** Starts the servers. The end of the run stops them. */
export async function startServers(
  run: Run,
  store: StoreKind,
  { holds_charges = false, own_url }: Options = {},
): Promise<Servers> {
  const { url: database_url, sql } = own_url ? openOwnPool(run, own_url) : await openDatabase(run)
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-prove-'))
  run.defer(async () => rmSync(folder, { recursive: true, force: true }))
  const provider = await startSimulatedPayments({ log: join(folder, 'payments.log') })
  run.defer(() => provider.stop())
  const charge_proxy = openChargeProxy(provider.url)
  run.defer(charge_proxy.stop)
  const redis = store === 'none' ? null : await startRedis()
  if (redis) run.defer(redis.kill)
  const lockless = redis && store === 'lockless' ? await startLocklessRedis(redis.port) : null
  if (lockless) run.defer(lockless.stop)
  const webhook_secret = crypto.randomUUID()
  const shared = {
    DATABASE_URL: database_url,
    SIMULATED_PAYMENTS_URL: holds_charges ? charge_proxy.url : provider.url,
    SIMULATED_WEBHOOK_SECRETS: webhook_secret,
    ...(redis ? { REDIS_URL: lockless?.url ?? redis.url } : {}),
  }
  const startApi = async (variables: Record<string, string> = {}, role = 'all') => {
    const apis = await startApis(run.processes, { ...shared, ...variables }, { role })
    for (const api of apis) run.defer(api.kill)
    return group(apis)
  }
  return { database_url, sql, provider, charge_proxy, redis, lockless, webhook_secret, startApi }
}

/** Opens a migrated database and applies the run's mutant to it. The end of the run drops the database. */
export async function openDatabase(run: Run): Promise<{ url: string; sql: Pool }> {
  const database = await openTestDatabase()
  run.defer(database.close)
  if (run.mutant) await applyMutant(database.sql, run.mutant)
  return openOwnPool(run, database.url)
}

function openOwnPool(run: Run, url: string): { url: string; sql: Pool } {
  const sql = openPool(url, { max: POOL_SIZE, name: 'stallwright prove', statement_timeout_ms: 0 })
  run.defer(() => sql.end({ timeout: 5 }))
  return { url, sql }
}

/** Opens shops, lists items with these quantities in them, and records the stock for `findWrongStock`. */
export async function stockShops(sql: Sql, shops: number, quantities: number[]): Promise<Listing[]> {
  const listings = await listItems(sql, await openShops(sql, shops), quantities)
  await recordStock(sql)
  return listings
}

/**
 * Of three listings, the first stays without variants, the variants of the second share its stock, and those of the third have
 * half of it each, at least one unit.
 */
export async function varyListings(sql: Sql, listings: Listing[], quantities: number[]): Promise<Listing[]> {
  const varied: Listing[] = []
  for (const [place, listing] of listings.entries()) {
    const half = Math.ceil((quantities[place] as number) / 2)
    varied.push(...(place % 3 === 0 ? [listing] : await addVariants(sql, [listing], place % 3 === 1 ? undefined : half)))
  }
  return varied
}

/** Returns true if there is a redis-server. If not, the run reports `what` as skipped. */
export function hasRedis(run: Run, what: string): boolean {
  const found = requires('redis-server')
  if (!found) run.skip(`${what} (no redis-server)`)
  return found
}
