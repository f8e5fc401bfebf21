import { setTimeout as wait } from 'node:timers/promises'
import type { ChainableCommander, Redis } from 'ioredis'
import type { RedisGuard } from '../kv/redis.ts'
import {
  BEAT_COUNTS_FOR_MS,
  type CacheStore,
  type Claim,
  GENERATIONS,
  type Generation,
  type Heard,
  LOCK_TTL_S,
  lockOf,
  NOTICED_AFTER_MS,
  newMark,
} from './store.ts'

const markOf = (generation: Generation) => `generation:${generation}`

/**
 * Which form the kept texts have (kinds.ts). Raise it with the form of any: during a deploy, processes of two releases share what is kept,
 * and each takes the other's form for nothing.
 */
const FORM = 3
const inForm = (mark: unknown) => `${mark} ${FORM}`

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

const PING_EVERY_MS = 100
/** So many pings in a row without an answer, and Redis is not asked. A process that was busy for half a second has missed one. */
const AWAY_AFTER_PINGS = 3
const LOOK_AGAIN_MS = 20
/** Of a process that reaches neither Redis nor the database: nobody waits for ever. */
const GIVE_UP_AFTER_MS = 5000

/**
 * The cache that processes share. A change that it may not have heard of is made good by moving the generations as soon as it
 * answers again; until then this process reads nothing of it, and says in its beats that the others must not, either. Nobody
 * is answered that something has changed before one of the two has happened.
 */
export function openRedisStore(
  guard: RedisGuard,
  { away_after_pings = AWAY_AFTER_PINGS, beat_counts_for_ms = BEAT_COUNTS_FOR_MS } = {},
): CacheStore {
  const redis = guard.redis as Scripted
  redis.defineCommand('fillCache', { numberOfKeys: 2, lua: FILL })
  redis.defineCommand('releaseCache', { numberOfKeys: 1, lua: RELEASE })
  const trust = keepTrust(redis, away_after_pings, beat_counts_for_ms)
  const forget = (keys: string[], generations: readonly Generation[]) => async () => {
    const commands = redis.pipeline()
    if (keys.length > 0) commands.del(...keys, ...keys.map(lockOf))
    for (const name of generations) commands.set(markOf(name), newMark())
    await run(commands)
    return true
  }
  return {
    shared: true,
    isTrusted: trust.stands,
    isUnheard: trust.isUnheard,
    heed: trust.heed,
    read: (key, generation) =>
      guard.ask(async () => {
        const [entry, mark] = await redis.mget(key, markOf(generation))
        return textOf(entry, inForm(mark))
      }, null),
    claim: (key, generation, seize) =>
      guard.ask<Claim | null>(async () => {
        const own = newMark()
        const commands = redis.pipeline().set(markOf(generation), newMark(), 'NX').get(markOf(generation))
        // The entry after the lock: whoever had it until then has filled the key before letting go.
        commands.set(lockOf(key), own, 'EX', LOCK_TTL_S, 'NX').get(lockOf(key)).get(key)
        const [, mark, locked, standing, entry] = await run(commands)
        const token = seize && typeof standing === 'string' ? standing : own
        const formed = inForm(mark)
        return { token, mark: formed, won: seize || locked === 'OK', text: textOf(entry, formed) }
      }, null),
    fill: (key, { token, mark }, text, ttl_s) =>
      guard.ask(async () => {
        await redis.fillCache(key, lockOf(key), token, mark, text, Math.round(ttl_s * 1000))
      }, undefined),
    release: (key, { token }) => guard.ask(async () => void (await redis.releaseCache(lockOf(key), token)), undefined),
    forget: async (keys, generations) => {
      const tell = forget(keys, generations)
      // The breaker goes by failures of the past. While pings are answered, this is worth a try: losing it is dear.
      const is_told = trust.isAway() ? await guard.ask(tell, false) : await tell().catch(() => false)
      return is_told || (await trust.lose())
    },
    close: async () => trust.stop(),
  }
}

/** The text of an entry that is of this generation and form. */
function textOf(entry: unknown, mark: string): string | null {
  return typeof entry === 'string' && entry.startsWith(`${mark}\n`) ? entry.slice(mark.length + 1) : null
}

/** What the commands of a pipeline answered. A pipeline itself never fails: each of its commands does. */
async function run(commands: ChainableCommander): Promise<unknown[]> {
  const answers = (await commands.exec()) ?? []
  for (const [error] of answers) if (error) throw error
  return answers.map(([, answer]) => answer)
}

type Trust = {
  stands: () => boolean
  isAway: () => boolean
  isUnheard: () => boolean
  heed: (heard: Heard) => void
  /** A message was lost. Answers true when that is made good, false when no other process uses what is kept. */
  lose: () => Promise<boolean>
  stop: () => void
}

/** Whether what Redis says can be believed. Looks for a lost Redis ten times a second, and makes all of it stale when it is back. */
function keepTrust(redis: Redis, away_after_pings: number, beat_counts_for_ms: number): Trust {
  /** How many reasons there have been to take all that is kept for stale, how many of them are made good, and which was a message of ours. */
  let reasons = 0
  let made_good = 0
  let lost = 0
  let unanswered = Number.POSITIVE_INFINITY
  let has_been_there = false
  let united_until_ms: number | null = null
  /** From then on nobody uses what is kept, until this process is heard again. */
  let noticed_at_ms = Number.POSITIVE_INFINITY
  const isAway = () => unanswered >= away_after_pings
  /** What comes back may be another Redis, or know again what it had forgotten. */
  const doubt = () => {
    if (has_been_there) reasons++
  }
  redis.on('close', doubt)
  const ping = async () => {
    if (isAway()) doubt()
    await redis.ping()
    const due = reasons
    if (made_good < due) {
      await redis.mset(Object.fromEntries(GENERATIONS.map((name) => [markOf(name), newMark()])))
      made_good = due
    }
    has_been_there = true
    unanswered = 0
  }
  let pinging = false
  const timer = setInterval(() => {
    if (pinging) return
    pinging = true
    ping()
      .catch(() => {
        unanswered++
      })
      .finally(() => {
        pinging = false
      })
  }, PING_EVERY_MS)
  return {
    stands: () => made_good === reasons && !isAway() && performance.now() < (united_until_ms ?? 0),
    isAway,
    isUnheard: () => made_good < lost,
    heed: ({ others, others_unheard, is_unheard, asked_at_ms }) => {
      // What was changed since the last beat that counted, by whom we do not hear, nobody has told.
      if (others_unheard === 0 && united_until_ms !== null && performance.now() > united_until_ms) reasons++
      united_until_ms = others_unheard > 0 ? 0 : asked_at_ms + beat_counts_for_ms
      if (!is_unheard) noticed_at_ms = Number.POSITIVE_INFINITY
      else noticed_at_ms = Math.min(noticed_at_ms, performance.now() + (others > 0 ? NOTICED_AFTER_MS : 0))
    },
    lose: async () => {
      // A beat that is under way may say that this process is heard.
      if (made_good >= lost) noticed_at_ms = Number.POSITIVE_INFINITY
      reasons++
      lost = reasons
      const mine = reasons
      const give_up_at_ms = performance.now() + GIVE_UP_AFTER_MS
      while (made_good < mine) {
        if (performance.now() >= Math.min(noticed_at_ms, give_up_at_ms)) return false
        await wait(LOOK_AGAIN_MS)
      }
      return true
    },
    stop: () => {
      clearInterval(timer)
      redis.off('close', doubt)
    },
  }
}
