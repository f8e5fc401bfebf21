import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import pino from 'pino'
import { startRedis } from '../../../test/faults/servers/redis_process.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { requires } from '../../../test/support/requirements.ts'
import { connectRedis, guardRedis } from '../kv/redis.ts'
import { type HeartbeatLoop, startHeartbeat } from './heartbeat.ts'
import { createInProcessStore } from './in_process_store.ts'
import { openRedisStore } from './redis_store.ts'
import type { CacheStore } from './store.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await db.sql`truncate processes`
})

/** Another process's view of the database. */
const join = (store: CacheStore): Promise<HeartbeatLoop> => startHeartbeat(db.sql, crypto.randomUUID(), store)
const until = async (isSo: () => boolean) => {
  while (!isSo()) await Bun.sleep(5)
}

test('an in-process cache works while its process is alone; a second process serves only after both have noticed', async () => {
  const [one, two] = [createInProcessStore(), createInProcessStore()]
  const first = await join(one)
  await until(one.isTrusted)
  const second = await join(two)
  expect([one.isTrusted(), two.isTrusted()]).toEqual([false, false])
  await second.stop()
  await until(one.isTrusted)
  await first.stop()
})

test.if(requires('redis-server'))(
  'a shared cache is trusted only while the heartbeats of the other processes arrive',
  async () => {
    const redis = await startRedis()
    const guards = [0, 1].map(() => guardRedis(connectRedis(redis.url, pino({ level: 'silent' }))))
    const [one, two] = guards.map((guard) => openRedisStore(guard)) as [CacheStore, CacheStore]
    const heartbeats = [await join(one), await join(two)]
    await until(() => one.isTrusted() && two.isTrusted())
    const apart = await join(createInProcessStore())
    expect([one.isTrusted(), two.isTrusted()]).toEqual([false, false])
    await apart.stop()
    await until(() => one.isTrusted() && two.isTrusted())
    guards[0]?.redis.disconnect()
    expect(await one.invalidate(['product:1'], [])).toBe(false)
    expect(two.isTrusted()).toBe(false)
    await guards[0]?.redis.connect()
    await until(() => one.isTrusted() && two.isTrusted())
    for (const heartbeat of heartbeats) await heartbeat.stop()
    for (const end of [one.close, two.close, ...guards.map((guard) => guard.close), redis.kill]) await end()
  },
)
