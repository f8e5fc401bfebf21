/** What a proof plays on: a database of its own, the payment provider as a process, a Redis if it wants one, and the API. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool, type Pool } from '../../../src/platform/db/client.ts'
import { type ApiProcess, startApis } from '../../support/api_process.ts'
import { openTestDatabase } from '../../support/database.ts'
import { requires } from '../../support/requirements.ts'
import { type SimulatedPayments, startSimulatedPayments } from '../../support/simulated_payments.ts'
import { breakDatabase } from '../breaks.ts'
import type { Trial } from '../trial.ts'
import { type GrantingRedis, startGrantingRedis } from './granting_redis.ts'
import { openLoadCount } from './loads.ts'
import { type RedisProcess, startRedis } from './redis_process.ts'
import { openTollGate, type TollGate } from './toll_gate.ts'

/** `granting` is a Redis whose every lock is granted to everybody; `none` keeps everything in the API's process. */
export type StoreKind = 'none' | 'redis' | 'granting'

export type Stage = {
  database_url: string
  /** The proof's own connections, which give up on nothing. */
  sql: Pool
  provider: SimulatedPayments
  /** In front of the provider where a proof asked for it. */
  gate: TollGate
  redis: RedisProcess | null
  granting: GrantingRedis | null
  /** The secret that signs the provider's webhooks. */
  webhook_secret: string
  /**
   * Starts the API on all that, as many processes as the trial wants; call it after the listings are there, or it loads the shipped catalogue first. PostgreSQL
   * knows its connections by the name, if one is given; it reaches Redis by another URL, and limits rates by
   * another scale than all but none, and has a replica read, if they are given.
   */
  startApi: (own?: {
    name?: string
    redis_url?: string
    rate_limit_scale?: string
    read_database_url?: string
  }) => Promise<ApiGroup>
}

const POOL_SIZE = 8

/** The processes of one port as one: calls reach any of them, and all of them stop together. */
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
  /** Has the API pay through the gate, which this process works: not for a crowd. */
  gated?: boolean
  /** A migrated database on a server of the trial's own. */
  own_url?: string
}

/** Sets the stage; the trial clears it. */
export async function setStage(trial: Trial, store: StoreKind, { gated = false, own_url }: Setting = {}): Promise<Stage> {
  const { url: database_url, sql } = own_url ? openProver(trial, own_url) : await openDatabase(trial)
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-prove-'))
  trial.later(async () => rmSync(folder, { recursive: true, force: true }))
  const provider = await startSimulatedPayments({ log: join(folder, 'payments.log') })
  trial.later(() => provider.stop())
  const gate = openTollGate(provider.url)
  trial.later(gate.stop)
  const redis = store === 'none' ? null : await startRedis()
  if (redis) trial.later(redis.kill)
  const granting = redis && store === 'granting' ? await startGrantingRedis(redis.port) : null
  if (granting) trial.later(granting.stop)
  const webhook_secret = crypto.randomUUID()
  const redis_url = granting?.url ?? redis?.url
  const variables = {
    DATABASE_URL: database_url,
    SIMULATED_PAYMENTS_URL: gated ? gate.url : provider.url,
    SIMULATED_WEBHOOK_SECRETS: webhook_secret,
    ...(redis_url ? { REDIS_URL: redis_url } : {}),
  }
  const start: Stage['startApi'] = async ({ name, redis_url, rate_limit_scale, read_database_url } = {}) => {
    const apis = await startApis(trial.processes, {
      ...variables,
      ...(name ? { DATABASE_URL: `${database_url}?application_name=${name}` } : {}),
      ...(redis_url ? { REDIS_URL: redis_url } : {}),
      ...(read_database_url ? { READ_DATABASE_URL: read_database_url } : {}),
      ...(rate_limit_scale ? { RATE_LIMIT_SCALE: rate_limit_scale } : {}),
    })
    for (const api of apis) trial.later(api.kill)
    return group(apis)
  }
  return { database_url, sql, provider, gate, redis, granting, webhook_secret, startApi: start }
}

/** A migrated database with the trial's sabotage in it, dropped when the trial is over. */
export async function openDatabase(trial: Trial): Promise<{ url: string; sql: Pool }> {
  const database = await openTestDatabase()
  trial.later(database.close)
  if (trial.broken) await breakDatabase(database.sql, trial.broken)
  return openProver(trial, database.url)
}

function openProver(trial: Trial, url: string): { url: string; sql: Pool } {
  const sql = openPool(url, { max: POOL_SIZE, name: 'stallwright prove', statement_timeout_ms: 0 })
  trial.later(() => sql.end({ timeout: 5 }))
  return { url, sql }
}

/** Counts the loads of product pages; where the server does not, the trial says what it leaves out. */
export async function countLoadsOf(trial: Trial, { sql }: Stage, what: string): Promise<(() => Promise<number>) | null> {
  const count = await openLoadCount(sql)
  if (!count) trial.leaveOut(`${what} (the server keeps no pg_stat_statements)`)
  return count
}

/** Whether there is a Redis; where not, the trial says what it leaves out. */
export function hasRedis(trial: Trial, what: string): boolean {
  const found = requires('redis-server')
  if (!found) trial.leaveOut(`${what} (no redis-server)`)
  return found
}
