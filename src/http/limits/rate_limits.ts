/** Counts calls by policy: in Redis, atomically and for all processes, or in this process if there is no Redis. */
import type { Redis } from 'ioredis'
import CircuitBreaker from 'opossum'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { REDIS_BREAKER } from '../../platform/kv/redis.ts'
import { type Policy, type PolicyName, policies } from './policies.ts'

declare module '../env.ts' {
  interface Services {
    limits: RateLimits
  }
  interface RequestFacts {
    /** The state of the caller's rate limit after this call. Set on calls that are counted. */
    limit_state?: LimitState
  }
}

/** The state of a caller's limit after a call, and the rest until the window ends. */
export type LimitState = {
  policy: PolicyName
  allowed: boolean
  points: number
  remaining: number
  reset_s: number
  window_s: number
  /** When the window ends, by performance.now(). */
  ends_at_ms: number
}

export type RateLimits = {
  /** Counts one call, in one round trip. Does not throw: while Redis does not respond, this process counts. */
  take: (policy: PolicyName, key: string) => Promise<LimitState>
  /** Whether the next call would be allowed. Counts nothing. */
  look: (policy: PolicyName, key: string) => Promise<LimitState>
  /** Removes a call that `take` counted, allowed or refused. Does nothing after the end of the window. */
  giveBack: (policy: PolicyName, key: string, taken: LimitState) => Promise<void>
}

/** Longer than a call to Redis can take. */
const ROUND_TRIP_MS = 1000

/** `scale` multiplies the points of every policy. `redis` is null without REDIS_URL. */
export function createRateLimits(redis: Redis | null, scale: number): RateLimits {
  const client = redis && guard(redis)
  const limiters = Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [name, openLimiter(client, name, policy, scale)]),
  ) as Record<PolicyName, RateLimiterMemory | RateLimiterRedis>
  const toState = (policy: PolicyName, result: RateLimiterRes, allowed: boolean): LimitState => ({
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
        return toState(policy, await limiters[policy].consume(key), true)
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return toState(policy, refused, false)
        throw refused
      }
    },
    look: async (policy, key) => {
      // Consuming 0 points is never refused, so the remaining points decide.
      const now = await limiters[policy].consume(key, 0).catch((refused) => refused)
      if (!(now instanceof RateLimiterRes)) throw now
      return toState(policy, now, now.remainingPoints > 0)
    },
    giveBack: async (policy, key, { ends_at_ms }) => {
      // Not in the next window, because there one call more than the policy allows would be possible.
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

/**
 * Returns the part of a client that RateLimiterRedis uses, behind a breaker, so that a hanging Redis does not cost 150 ms a call.
 */
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
