/** Counts calls by policy. In Redis, atomically and for all processes, where there is one; in this process otherwise. */
import type { Redis } from 'ioredis'
import CircuitBreaker from 'opossum'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { REDIS_BREAKER } from '../../platform/kv/redis.ts'
import { type Policy, type PolicyName, policies } from './policies.ts'

/** Where a caller stands after a call: whether it may go on, and what is left until the window ends. */
export type Standing = {
  policy: PolicyName
  allowed: boolean
  points: number
  remaining: number
  reset_s: number
  window_s: number
  /** When the window ends, on the clock of `performance.now()`. */
  ends_at_ms: number
}

export type RateLimits = {
  /** Counts one call; one round trip. Never throws: a Redis that does not answer is stood in for by this process. */
  take: (policy: PolicyName, key: string) => Promise<Standing>
  /** Where a caller stands, without counting a call: whether the next one would be allowed. */
  look: (policy: PolicyName, key: string) => Promise<Standing>
  /** Takes back a call that `take` has counted, whether it was allowed or refused. Does nothing when the window has ended. */
  giveBack: (policy: PolicyName, key: string, taken: Standing) => Promise<void>
}

/** Longer than a call to Redis may take. */
const ROUND_TRIP_MS = 1000

/** `scale` multiplies the points of every policy; `redis` is null where there is none. */
export function openRateLimits(redis: Redis | null, scale: number): RateLimits {
  const client = redis && guard(redis)
  const limiters = Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [name, openLimiter(client, name, policy, scale)]),
  ) as Record<PolicyName, RateLimiterMemory | RateLimiterRedis>
  const standing = (policy: PolicyName, result: RateLimiterRes, allowed: boolean): Standing => ({
    policy,
    allowed,
    points: limiters[policy].points,
    remaining: result.remainingPoints,
    reset_s: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
    window_s: policies[policy].window_s,
    ends_at_ms: performance.now() + result.msBeforeNext,
  })
  return {
    take: async (policy, key) => {
      try {
        return standing(policy, await limiters[policy].consume(key), true)
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return standing(policy, refused, false)
        throw refused
      }
    },
    look: async (policy, key) => {
      // Never refused for itself: what counts is whether anything is left.
      const now = await limiters[policy].consume(key, 0).catch((refused) => refused)
      if (!(now instanceof RateLimiterRes)) throw now
      return standing(policy, now, now.remainingPoints > 0)
    },
    giveBack: async (policy, key, { ends_at_ms }) => {
      // In the next window it would be one call more than the policy allows.
      if (performance.now() < ends_at_ms - ROUND_TRIP_MS) await limiters[policy].reward(key, 1)
    },
  }
}

function openLimiter(client: object | null, name: string, policy: Policy, scale: number): RateLimiterMemory | RateLimiterRedis {
  const options = {
    keyPrefix: `limit:${name}`,
    points: Math.max(1, Math.round(policy.points * scale)),
    duration: policy.window_s,
  }
  const insuranceLimiter = new RateLimiterMemory(options)
  return client
    ? new RateLimiterRedis({ ...options, storeClient: client, rejectIfRedisNotReady: true, insuranceLimiter })
    : insuranceLimiter
}

type Counting = Redis & { rlflxIncr: (args: string[]) => Promise<unknown> }

/** What RateLimiterRedis asks of its client, behind a breaker: a Redis that hangs is left alone, and costs nobody 150 ms a call. */
function guard(redis: Redis): object {
  const breaker = new CircuitBreaker((args: string[]) => (redis as Counting).rlflxIncr(args), REDIS_BREAKER)
  return {
    get status() {
      return breaker.opened ? 'resting' : redis.status
    },
    defineCommand: redis.defineCommand.bind(redis),
    rlflxIncr: (args: string[]) => breaker.fire(args),
  }
}
