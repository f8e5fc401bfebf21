import { Redis } from 'ioredis'
import CircuitBreaker from 'opossum'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics/metrics.ts'
import { watchBreaker } from '../metrics/watch.ts'
import type { KeyValue } from './key_value.ts'

/** PostgreSQL is faster than a Redis that takes longer than this. */
const COMMAND_TIMEOUT_MS = 150
const CONNECT_TIMEOUT_MS = 500
/** Short, because the other processes do not use the cache until every process is back. */
const MAX_RECONNECT_DELAY_MS = 500
/** After a few failures the breaker stops calls to Redis for a second, so that a hanging Redis does not cost 150 ms a call. */
export const REDIS_BREAKER = {
  timeout: false,
  errorThresholdPercentage: 50,
  volumeThreshold: 3,
  resetTimeout: 1000,
  rollingCountTimeout: 2000,
} as const

/** Opens a bounded connection. A command fails if it cannot be sent at once or takes longer than 150 ms. */
export function connectRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    // While Redis is away, commands fail at once instead of queueing without a bound. No command is sent twice.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, MAX_RECONNECT_DELAY_MS) * (0.5 + Math.random() / 2),
  })
  redis.on('error', (err) => log.debug({ err }, 'redis'))
  redis.on('ready', () => log.info('connected to Redis'))
  redis.on('close', () => log.warn('lost the connection to Redis'))
  return redis
}

/** The only Redis connection of this process, behind one breaker. */
export type RedisGuard = {
  redis: Redis
  /** Returns the command's result, or `otherwise` if it fails, is too slow, or the breaker is open. */
  ask: <T>(command: () => Promise<T>, otherwise: T) => Promise<T>
  /** Ends the connection. */
  close: () => Promise<void>
}

/** Guards Redis, so that a slow, hanging, flushed or missing Redis costs only speed. `metrics` shows its breaker. */
export function guardRedis(redis: Redis, metrics?: Metrics): RedisGuard {
  const breaker = new CircuitBreaker((command: () => Promise<unknown>) => command(), REDIS_BREAKER)
  if (metrics) watchBreaker(metrics, 'redis', breaker)
  const ask = async <T>(command: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return (await breaker.fire(command)) as T
    } catch {
      return otherwise
    }
  }
  const close = async () => {
    breaker.shutdown()
    redis.disconnect()
  }
  return { redis, ask, close }
}

/** The key-value store that all processes share. */
export function createRedisKeyValue({ redis, ask }: RedisGuard): KeyValue {
  return {
    shared: true,
    get: (key) => ask<string | null>(() => redis.get(key), null),
    setIfAbsent: (key, value, ttl_s) =>
      ask<boolean | null>(async () => (await redis.set(key, value, 'EX', ttl_s, 'NX')) === 'OK', null),
    replace: (key, value, ttl_s) => ask<void>(async () => void (await redis.set(key, value, 'EX', ttl_s, 'XX')), undefined),
    delete: (...keys) => ask<void>(async () => void (await redis.del(...keys)), undefined),
  }
}
