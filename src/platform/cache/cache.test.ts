import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import pino from 'pino'
import { type RedisProcess, startRedis } from '../../../test/faults/servers/redis_process.ts'
import { requires } from '../../../test/support/requirements.ts'
import { connectRedis, guardRedis } from '../kv/redis.ts'
import { type Cache, type CacheKind, createCache, type LoaderContext } from './cache.ts'
import { createInProcessStore } from './in_process_store.ts'
import { openRedisStore } from './redis_store.ts'
import type { CacheStore, Claim, Generation, Heartbeat } from './store.ts'

/** A database with one text that counts its reads. A load waits until `answer`. */
type Held = { reads: number; text: string; hold: PromiseWithResolvers<void> | null }

const context = {} as LoaderContext
/** However slow the machine is, a store does not lose trust in the tests of other behavior. */
const NEVER_MS = 3_600_000
/** The heartbeat of a process without others, with changes. */
const heartbeat = (otherwise: Partial<Heartbeat> = {}): Heartbeat => ({
  others: 0,
  others_not_invalidating: 0,
  has_lost_invalidations: false,
  asked_at_ms: performance.now(),
  ...otherwise,
})
const counts = { hit: 0, miss: 0 }
const counter = { hit: () => void counts.hit++, miss: () => void counts.miss++ }

function kindOf(held: Held, generation: Generation = 'pages', ttl_s = 60): CacheKind<string> {
  return {
    type: 'product',
    key: (name) => name,
    ttl_s,
    generation,
    load: async () => {
      held.reads++
      const text = held.text
      await held.hold?.promise
      return text === '' ? null : { text }
    },
  }
}

/** Claims a key, and fails if the claim is not won. */
async function win(store: CacheStore, key: string, seize = false): Promise<Claim> {
  const claimed = await store.claim(key, 'pages', seize)
  if (claimed.state !== 'won') throw new Error(`the claim on ${key} is ${claimed.state}`)
  return claimed.claim
}

/** The tests for every store. `open` opens another process's view of the same store. */
function suite(open: () => Promise<{ cache: Cache; store: CacheStore }>): void {
  let cache: Cache
  let other: Cache
  let store: CacheStore
  let held: Held
  let key: string
  const text = async (from = cache, kind = kindOf(held)) => (await from.get(kind, key, context))?.text ?? null
  beforeAll(async () => {
    const one = await open()
    cache = one.cache
    store = one.store
    other = (await open()).cache
  })
  beforeEach(() => {
    held = { reads: 0, text: 'old', hold: null }
    key = `product:${crypto.randomUUID()}`
    counts.hit = 0
    counts.miss = 0
  })

  test('loads once, then returns the stored text until the key is invalidated', async () => {
    expect([await text(), await text(), await text(other)]).toEqual(['old', 'old', 'old'])
    expect([held.reads, counts]).toEqual([1, { hit: 2, miss: 1 }])
    held.text = 'new'
    await cache.invalidate([key])
    expect([await text(other), await text()]).toEqual(['new', 'new'])
    expect(held.reads).toBe(2)
  })

  test('does not store a missing value, and no reader waits for it', async () => {
    held.text = ''
    expect([await text(), await text(other)]).toEqual([null, null])
    held.text = 'born'
    expect(await text()).toBe('born')
  })

  test('a failed load stores nothing and blocks no reader', async () => {
    const failing = { ...kindOf(held), load: () => Promise.reject(new Error('no')) }
    expect(await cache.get(failing, key, context).catch((error: Error) => error.message)).toBe('no')
    expect(await text(other)).toBe('old')
  })

  test('one of many readers in two processes loads', async () => {
    held.hold = Promise.withResolvers()
    const readers = Array.from({ length: 100 }, (_, n) => text(n % 2 ? cache : other))
    while (held.reads === 0) await Bun.sleep(1)
    held.hold.resolve()
    expect(new Set(await Promise.all(readers))).toEqual(new Set(['old']))
    expect(held.reads).toBe(1)
  })

  test('a reader that looked before another one filled the key does not load it again', async () => {
    expect(await store.read(key, 'pages')).toBeNull()
    await text(other)
    expect(await store.claim(key, 'pages', false)).toEqual({ state: 'filled', text: 'old' })
    await other.invalidate(['*'])
    expect(await store.claim(key, 'pages', false)).toMatchObject({ state: 'won' })
  })

  test('a load that raced with a change does not store the old text', async () => {
    held.hold = Promise.withResolvers()
    const raced = text()
    while (held.reads === 0) await Bun.sleep(1)
    held.text = 'new'
    await other.invalidate([key])
    held.hold.resolve()
    held.hold = null
    expect(await raced).toBe('old')
    expect([await text(), await text(other)]).toEqual(['new', 'new'])
  })

  test('a reader after the change does not get the result of a load from before it', async () => {
    held.hold = Promise.withResolvers()
    const before = text()
    while (held.reads === 0) await Bun.sleep(1)
    held.text = 'new'
    await other.invalidate([key])
    const after = text()
    held.hold.resolve()
    expect([await before, await after]).toEqual(['old', 'new'])
  })

  test('a new generation makes all its keys stale, and cancels fills in progress', async () => {
    const kind = () => kindOf(held, 'searches')
    await text(cache, kind())
    held.text = 'new'
    await cache.invalidate(['shop:1'])
    held.hold = Promise.withResolvers()
    held.reads = 0
    const raced = text(cache, kind())
    while (held.reads === 0) await Bun.sleep(1)
    held.text = 'newest'
    await other.invalidateSearches()
    held.hold.resolve()
    expect(await raced).toBe('new')
    expect(await text(other, kind())).toBe('newest')
  })

  test('* invalidates everything', async () => {
    await text()
    held.text = 'new'
    await other.invalidate(['*', 'cart:1'])
    expect(await text()).toBe('new')
  })

  test('carts and sessions do not invalidate searches', async () => {
    const kind = kindOf(held, 'searches')
    await text(cache, kind)
    await other.invalidate(['cart:1', 'session:ab'])
    await text(cache, kind)
    expect(held.reads).toBe(1)
  })

  test('a dead filler is replaced, and a slow one fills nothing', async () => {
    const dead = await win(store, key)
    expect([await text(), await text(other)]).toEqual(['old', 'old'])
    expect(held.reads).toBe(1)
    await store.fill(key, dead, 'from the grave', 60)
    expect(await text()).toBe('old')
  })

  test('a slow filler and its replacement share the right: the first one fills, unless the key was invalidated', async () => {
    const slow = await win(store, key)
    const other_one = await win(store, key, true)
    await store.fill(key, slow, 'slow', 60)
    expect(await store.read(key, 'pages')).toBe('slow')
    await store.fill(key, other_one, 'late', 60)
    expect(await store.read(key, 'pages')).toBe('slow')
    await cache.invalidate([key])
    const before = await win(store, key)
    await cache.invalidate([key])
    const after = await win(store, key, true)
    await store.fill(key, before, 'stale', 60)
    expect(await store.read(key, 'pages')).toBeNull()
    await store.fill(key, after, 'new', 60)
    expect(await store.read(key, 'pages')).toBe('new')
  })

  test('no entry outlives its lifetime, and a lifetime of 0 stores nothing', async () => {
    const short = kindOf(held, 'pages', 0.05)
    await text(cache, short)
    while ((await store.read(key, 'pages')) !== null) await Bun.sleep(5)
    await text(cache, kindOf(held, 'pages', 0))
    await text(cache, kindOf(held, 'pages', 0))
    expect(held.reads).toBe(3)
  })
}

describe('a cache of one process', () => {
  const store = createInProcessStore({ heartbeat_counts_for_ms: NEVER_MS })
  store.onHeartbeat(heartbeat())
  suite(async () => ({ cache: createCache(store, counter), store }))

  test('stores nothing while other processes run, and serves nothing from before', async () => {
    const own = createInProcessStore({ heartbeat_counts_for_ms: NEVER_MS })
    const cache = createCache(own, counter)
    const held: Held = { reads: 0, text: 'old', hold: null }
    const read = async () => (await cache.get(kindOf(held), 'product:1', context))?.text
    await read()
    await read()
    expect(held.reads).toBe(2)
    own.onHeartbeat(heartbeat())
    await read()
    await read()
    expect(held.reads).toBe(3)
    own.onHeartbeat(heartbeat({ others: 1 }))
    await read()
    expect(held.reads).toBe(4)
    held.text = 'new'
    own.onHeartbeat(heartbeat())
    expect(await read()).toBe('new')
  })

  test('is bounded in bytes', async () => {
    const small = createInProcessStore({ max_bytes: 10_000 })
    for (let n = 0; n < 100; n++) {
      await small.fill(`${n}`, await win(small, `${n}`), 'x'.repeat(1000), 60)
    }
    const kept = await Promise.all(Array.from({ length: 100 }, (_, n) => small.read(`${n}`, 'pages')))
    expect(kept.filter((text) => text !== null)).toHaveLength(4)
  })
})

describe.if(requires('redis-server'))('a cache in Redis', () => {
  let redis: RedisProcess
  const opened: (() => Promise<void>)[] = []
  const open = async ({ away_after_pings = Number.POSITIVE_INFINITY } = {}) => {
    const guard = guardRedis(connectRedis(redis.url, pino({ level: 'silent' })))
    const store = openRedisStore(guard, { away_after_pings, heartbeat_counts_for_ms: NEVER_MS })
    opened.push(store.close, guard.close)
    store.onHeartbeat(heartbeat())
    while (!store.isTrusted()) await Bun.sleep(5)
    const die = () => Promise.all([store.close(), guard.close()])
    return { cache: createCache(store, counter), store, die, client: guard.redis }
  }
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(async () => {
    for (const close of opened) await close()
    await redis.kill()
  })
  suite(() => open())

  test('a flush deletes everything, and a load in progress fills nothing', async () => {
    const { cache } = await open()
    const held: Held = { reads: 0, text: 'old', hold: Promise.withResolvers() }
    const read = async () => (await cache.get(kindOf(held), 'product:flushed', context))?.text
    const raced = read()
    while (held.reads === 0) await Bun.sleep(1)
    await redis.flush()
    held.text = 'new'
    held.hold?.resolve()
    await raced
    expect(await read()).toBe('new')
  })

  test.each(['lives', 'dies'])(
    'unreachable, it is not asked; back, no entry from before is served, although a message was lost %s',
    async (end) => {
      const [one, two] = [await open({ away_after_pings: 3 }), await open({ away_after_pings: 3 })]
      const held: Held = { reads: 0, text: 'old', hold: null }
      const read = async ({ cache }: { cache: Cache }) => (await cache.get(kindOf(held), 'product:away', context))?.text
      await read(one)
      redis.freeze()
      while (one.store.isTrusted() || two.store.isTrusted()) await Bun.sleep(5)
      // Until the breaker opens, messages wait in the socket and would still arrive.
      const first = one.cache.invalidate(['product:other'])
      while (!one.store.hasLostInvalidations()) await Bun.sleep(5)
      one.store.onHeartbeat(heartbeat({ has_lost_invalidations: true }))
      expect(await first).toBe(false)
      for (let n = 0; n < 5; n++) await one.cache.invalidate(['product:other'])
      held.text = 'new'
      expect(await one.cache.invalidate(['product:away'])).toBe(false)
      expect(await read(one)).toBe('new')
      if (end === 'dies') await one.die()
      redis.thaw()
      while (!two.store.isTrusted()) await Bun.sleep(5)
      expect(await read(two)).toBe('new')
      if (end === 'dies') return
      while (!one.store.isTrusted()) await Bun.sleep(5)
      expect(await read(one)).toBe('new')
    },
  )

  test('unreachable, it grants no fill and makes no reader wait', async () => {
    const { store, cache, client } = await open()
    const held: Held = { reads: 0, text: 'old', hold: null }
    client.disconnect()
    expect(await store.claim('product:gone', 'pages', false)).toEqual({ state: 'unavailable' })
    expect((await cache.get(kindOf(held), 'product:gone', context))?.text).toBe('old')
  })

  test('an invalidation is confirmed only after other processes stopped serving the old text', async () => {
    const [one, two] = [await open(), await open()]
    const held: Held = { reads: 0, text: 'old', hold: null }
    const read = async () => (await two.cache.get(kindOf(held), 'product:unheard', context))?.text
    await read()
    one.client.disconnect()
    held.text = 'new'
    let is_answered = false
    const forgetting = one.cache.invalidate(['product:unheard']).finally(() => {
      is_answered = true
    })
    while (!one.store.hasLostInvalidations()) await Bun.sleep(5)
    // The other process has not noticed yet, so its readers get the earlier text.
    expect(await read()).toBe('old')
    two.store.onHeartbeat(heartbeat({ others: 1, others_not_invalidating: 1 }))
    expect([is_answered, await read()]).toEqual([false, 'new'])
    one.store.onHeartbeat(heartbeat({ others: 1, has_lost_invalidations: true }))
    expect([await forgetting, await one.cache.invalidate(['product:unheard'])]).toEqual([false, false])
    held.text = 'newest'
    await one.client.connect()
    while (one.store.hasLostInvalidations()) await Bun.sleep(5)
    two.store.onHeartbeat(heartbeat({ others: 1 }))
    while (!two.store.isTrusted()) await Bun.sleep(5)
    expect(await read()).toBe('newest')
  })

  test('an entry in the format of another release is loaded again', async () => {
    const { cache, client } = await open()
    const held = { reads: 0, text: 'of this form', hold: null }
    const key = `product:${crypto.randomUUID()}`
    const read = async () => (await cache.get(kindOf(held), key, context))?.text
    await read()
    await client.set(key, `${await client.get('generation:pages')}\nof another form`)
    expect([await read(), await read(), held.reads]).toEqual(['of this form', 'of this form', 2])
  })

  test('a process whose heartbeat is back repairs what was lost, without a message to the others', async () => {
    const [one, two] = [await open(), await open()]
    const held: Held = { reads: 0, text: 'old', hold: null }
    const read = async () => (await two.cache.get(kindOf(held), 'product:heard', context))?.text
    await read()
    one.client.disconnect()
    held.text = 'new'
    const forgetting = one.cache.invalidate(['product:heard'])
    while (!one.store.hasLostInvalidations()) await Bun.sleep(5)
    await one.client.connect()
    expect(await forgetting).toBe(true)
    expect(await read()).toBe('new')
  })

  test('a heartbeat during a lost message does not count', async () => {
    const one = await open()
    one.client.disconnect()
    const first = one.cache.invalidate(['product:1'])
    while (!one.store.hasLostInvalidations()) await Bun.sleep(5)
    one.store.onHeartbeat(heartbeat({ others: 0, has_lost_invalidations: true }))
    expect(await first).toBe(false)
    await one.client.connect()
    while (one.store.hasLostInvalidations()) await Bun.sleep(5)
    // Here it reports that its invalidations arrive, and the others begin to rely on that.
    one.client.disconnect()
    let is_answered = false
    const second = one.cache.invalidate(['product:1']).finally(() => {
      is_answered = true
    })
    while (!one.store.hasLostInvalidations()) await Bun.sleep(5)
    one.store.onHeartbeat(heartbeat({ others: 1 }))
    await Bun.sleep(0)
    expect(is_answered).toBe(false)
    one.store.onHeartbeat(heartbeat({ has_lost_invalidations: true }))
    expect(await second).toBe(false)
  })
})
