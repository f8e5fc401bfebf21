import type { Redis } from 'ioredis'
import type { RedisGuard } from '../kv/redis.ts'
import { type CacheStore, type Claim, GENERATIONS, type Generation, LOCK_TTL_S, lockOf, newMark } from './store.ts'

const markOf = (generation: Generation) => `generation:${generation}`

/** KEYS: the entry, its lock. ARGV: token, mark, text, lifetime in ms. The text stays out unless the lock stands. */
const FILL = `
if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('del', KEYS[2])
redis.call('set', KEYS[1], ARGV[2] .. '\\n' .. ARGV[3], 'PX', ARGV[4])
return 1`
/** KEYS: a lock. ARGV: token. */
const RELEASE = `
if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end
return 1`

type Scripted = Redis & {
  fillCache: (...args: (string | number)[]) => Promise<number>
  releaseCache: (lock: string, token: string) => Promise<number>
}

const BEAT_EVERY_MS = 100
/** Longer without an answer, and others may have failed to say what is stale: then all of it is. */
const AWAY_AFTER_MS = 500

/**
 * The cache that processes share. A change that it may not have heard of is made good by moving the generations as soon as it
 * answers again; until then this process reads nothing of it. So does each process that has not heard of it for half a second,
 * whoever's message was lost meanwhile.
 */
export function openRedisStore(guard: RedisGuard, { away_after_ms = AWAY_AFTER_MS } = {}): CacheStore {
  const redis = guard.redis as Scripted
  redis.defineCommand('fillCache', { numberOfKeys: 2, lua: FILL })
  redis.defineCommand('releaseCache', { numberOfKeys: 1, lua: RELEASE })
  const trust = keepTrust(redis, away_after_ms)
  const forget = (keys: string[], generations: readonly Generation[]) => async () => {
    const commands = redis.pipeline()
    if (keys.length > 0) commands.del(...keys, ...keys.map(lockOf))
    for (const name of generations) commands.set(markOf(name), newMark())
    for (const [error] of (await commands.exec()) ?? []) if (error) throw error
    return true
  }
  return {
    shared: true,
    isTrusted: trust.stands,
    read: (key, generation) =>
      guard.ask(async () => {
        const [entry, mark] = await redis.mget(key, markOf(generation))
        return entry && mark && entry.startsWith(`${mark}\n`) ? entry.slice(mark.length + 1) : null
      }, null),
    claim: (key, generation, seize) =>
      guard.ask<Claim | null>(async () => {
        const token = newMark()
        const commands = redis.pipeline().set(markOf(generation), newMark(), 'NX').get(markOf(generation))
        if (seize) commands.set(lockOf(key), token, 'EX', LOCK_TTL_S)
        else commands.set(lockOf(key), token, 'EX', LOCK_TTL_S, 'NX')
        const [, marked, locked] = (await commands.exec()) ?? []
        return { token, mark: String(marked?.[1]), won: locked?.[1] === 'OK' }
      }, null),
    fill: (key, { token, mark }, text, ttl_s) =>
      guard.ask(async () => {
        await redis.fillCache(key, lockOf(key), token, mark, text, Math.round(ttl_s * 1000))
      }, undefined),
    release: (key, { token }) => guard.ask(async () => void (await redis.releaseCache(lockOf(key), token)), undefined),
    forget: async (keys, generations) => {
      const told = await guard.ask(forget(keys, generations), false)
      if (!told) trust.lose()
      return told
    },
    close: async () => trust.stop(),
  }
}

/** Whether what Redis says can be believed. Looks for a lost Redis ten times a second, and makes all of it stale when it is back. */
function keepTrust(redis: Redis, away_after_ms: number): { stands: () => boolean; lose: () => void; stop: () => void } {
  let is_owed = false
  let heard_at_ms = Number.NEGATIVE_INFINITY
  let has_been_there = false
  const isAway = () => performance.now() - heard_at_ms > away_after_ms
  const beat = async () => {
    // Taken before: what was lost while the answer was on its way counts as lost.
    const asked_at_ms = performance.now()
    if (has_been_there && isAway()) is_owed = true
    await redis.ping()
    if (is_owed) {
      is_owed = false
      await redis.mset(Object.fromEntries(GENERATIONS.map((name) => [markOf(name), newMark()]))).catch((error) => {
        is_owed = true
        throw error
      })
    }
    has_been_there = true
    heard_at_ms = asked_at_ms
  }
  let beating = false
  const timer = setInterval(() => {
    if (beating) return
    beating = true
    beat()
      .catch(() => {})
      .finally(() => {
        beating = false
      })
  }, BEAT_EVERY_MS)
  return {
    stands: () => !is_owed && !isAway(),
    lose: () => {
      is_owed = true
    },
    stop: () => clearInterval(timer),
  }
}
