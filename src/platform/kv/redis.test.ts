import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import pino from 'pino'
import { type RedisProcess, startRedis } from '../../../test/faults/servers/redis_process.ts'
import { readSamples } from '../../../test/support/metrics.ts'
import { requires } from '../../../test/support/requirements.ts'
import { createMetrics } from '../metrics/metrics.ts'
import type { KeyValue } from './key_value.ts'
import { connectRedis, createRedisKeyValue, guardRedis, type RedisGuard } from './redis.ts'

describe.if(requires('redis-server'))('a key-value store in Redis', () => {
  let redis: RedisProcess
  let guard: RedisGuard
  const metrics = createMetrics()
  let kv: KeyValue
  beforeAll(async () => {
    redis = await startRedis()
    guard = guardRedis(connectRedis(redis.url, pino({ level: 'silent' })), metrics)
    kv = createRedisKeyValue(guard)
    // The first commands can come before the connection. A store that does not respond stores nothing.
    while ((await kv.setIfAbsent(crypto.randomUUID(), 'x', 10)) === null) await Bun.sleep(10)
  })
  afterAll(async () => {
    await guard.close()
    await redis.kill()
  })

  test('stores, replaces, deletes, and loses everything with a flush', async () => {
    await kv.setIfAbsent('a', '1', 60)
    await kv.replace('a', '2', 60)
    expect(await kv.get('a')).toBe('2')
    await kv.delete('a')
    await kv.replace('a', '3', 60)
    expect(await kv.get('a')).toBeNull()
    await kv.setIfAbsent('b', '2', 60)
    await redis.flush()
    expect(await kv.get('b')).toBeNull()
  })

  test('one of two callers sets a missing key', async () => {
    const set = await Promise.all([kv.setIfAbsent('c', 'x', 60), kv.setIfAbsent('c', 'y', 60)])
    expect(set.toSorted()).toEqual([false, true])
  })

  test('without Redis it returns nothing, stores nothing and throws nothing', async () => {
    await redis.kill()
    expect(await kv.get('a')).toBeNull()
    expect(await kv.setIfAbsent('d', 'x', 60)).toBeNull()
    await kv.replace('d', 'x', 60)
    await kv.delete('d')
  })

  test('its breaker, which is open most of the time, is in the metrics', async () => {
    const open = 'circuit_breaker_state{breaker="redis",state="open"}'
    while (readSamples(await metrics.render())[open] !== 1) await kv.get('a')
  })
})
