import type { ChainableCommander, Redis } from 'ioredis'
import type { RedisGuard } from '../kv/redis.ts'
import { AWAY_AFTER_PINGS, watchTrust } from './redis_trust.ts'
import {
  type CacheStore,
  type Claimed,
  GENERATIONS,
  type Generation,
  HEARTBEAT_COUNTS_FOR_MS,
  LOCK_TTL_S,
  lockOf,
  newMark,
} from './store.ts'

const markOf = (generation: Generation) => `generation:${generation}`

/**
 * The version of the cached texts. Raise it if a kind of cached thing changes its text. During a deploy the processes of two
 * releases share one Redis, and a text of another version counts as missing.
 */
const FORM = 3
const inForm = (mark: unknown) => `${mark} ${FORM}`

/** KEYS: the entry, its lock. ARGV: token, mark, text, lifetime in ms. Stores the text only if the lock has the token. */
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

/**
 * The store that processes share. If Redis does not confirm an invalidation, the process gives all generations new marks as soon
 * as Redis responds. Until then it reads nothing from Redis, and its heartbeats make the other processes do the same. No client
 * gets the response to a change before one of the two has happened.
 */
export function openRedisStore(
  guard: RedisGuard,
  { away_after_pings = AWAY_AFTER_PINGS, heartbeat_counts_for_ms = HEARTBEAT_COUNTS_FOR_MS } = {},
): CacheStore {
  const redis = guard.redis as Scripted
  redis.defineCommand('fillCache', { numberOfKeys: 2, lua: FILL })
  redis.defineCommand('releaseCache', { numberOfKeys: 1, lua: RELEASE })
  const moveGenerations = () => redis.mset(Object.fromEntries(GENERATIONS.map((name) => [markOf(name), newMark()])))
  const trust = watchTrust(redis, moveGenerations, { away_after_pings, heartbeat_counts_for_ms })
  const release = (key: string, token: string) =>
    guard.ask(async () => void (await redis.releaseCache(lockOf(key), token)), undefined)
  return {
    shared: true,
    isTrusted: trust.isTrusted,
    hasLostInvalidations: trust.hasLostInvalidations,
    onHeartbeat: trust.onHeartbeat,
    peek: () => null,
    read: (key, generation) =>
      guard.ask(async () => {
        const [entry, mark] = await redis.mget(key, markOf(generation))
        return textOf(entry, inForm(mark))
      }, null),
    claim: async (key, generation, seize) => {
      const { token, claimed } = await guard.ask(() => claim(redis, key, generation, seize), UNAVAILABLE)
      if (token && claimed.state === 'filled') await release(key, token)
      return claimed
    },
    fill: (key, { token, mark }, text, ttl_s) =>
      guard.ask(async () => {
        await redis.fillCache(key, lockOf(key), token, mark, text, Math.round(ttl_s * 1000))
      }, undefined),
    release: (key, { token }) => release(key, token),
    invalidate: async (keys, generations) => {
      const send = () => invalidate(redis, keys, generations)
      // The breaker depends on past failures. While pings get responses, the command is worth a try, because a lost invalidation
      // is expensive.
      const is_confirmed = trust.isAway() ? await guard.ask(send, false) : await send().catch(() => false)
      return is_confirmed || (await trust.loseInvalidation())
    },
    close: async () => trust.stop(),
  }
}

const UNAVAILABLE: { token: null; claimed: Claimed } = { token: null, claimed: { state: 'unavailable' } }

/** Claims a key in one round trip. `token` is the token of the lock if the caller now holds it. */
async function claim(
  redis: Redis,
  key: string,
  generation: Generation,
  seize: boolean,
): Promise<{ token: string | null; claimed: Claimed }> {
  const own = newMark()
  const commands = redis.pipeline().set(markOf(generation), newMark(), 'NX').get(markOf(generation))
  // Reads the entry after the lock, because a holder fills the key before it releases the lock.
  commands.set(lockOf(key), own, 'EX', LOCK_TTL_S, 'NX').get(lockOf(key)).get(key)
  const [, generation_mark, locked, holder, entry] = await run(commands)
  const token = locked === 'OK' ? own : seize ? String(holder ?? own) : null
  const mark = inForm(generation_mark)
  const text = textOf(entry, mark)
  if (text !== null) return { token, claimed: { state: 'filled', text } }
  return { token, claimed: token ? { state: 'won', claim: { token, mark } } : { state: 'taken' } }
}

async function invalidate(redis: Redis, keys: string[], generations: readonly Generation[]): Promise<true> {
  const commands = redis.pipeline()
  if (keys.length > 0) commands.del(...keys, ...keys.map(lockOf))
  for (const name of generations) commands.set(markOf(name), newMark())
  await run(commands)
  return true
}

/** Returns the text of an entry of this generation and version, or null. */
function textOf(entry: unknown, mark: string): string | null {
  return typeof entry === 'string' && entry.startsWith(`${mark}\n`) ? entry.slice(mark.length + 1) : null
}

/** Returns the results of a pipeline's commands. Throws if one of them failed, which `exec` does not. */
async function run(commands: ChainableCommander): Promise<unknown[]> {
  const results = (await commands.exec()) ?? []
  for (const [error] of results) if (error) throw error
  return results.map(([, result]) => result)
}
