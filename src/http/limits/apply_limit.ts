import type { Context } from 'hono'
import { Problem } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { type PolicyName, policies } from './policies.ts'
import type { LimitState } from './rate_limits.ts'

/** Counts this call under a policy, by its user or address. Throws 429 above the limit. */
export async function applyLimit(c: Context<Env>, policy: PolicyName): Promise<void> {
  refuseAbove(c, await c.get('limits').take(policy, keyOf(c, policy)))
}

/** Throws 429 if `applyLimit` would, but counts nothing. For a call that is counted only after some work. */
export async function checkLimit(c: Context<Env>, policy: PolicyName): Promise<void> {
  refuseAbove(c, await c.get('limits').look(policy, keyOf(c, policy)))
}

function keyOf(c: Context<Env>, policy: PolicyName): string {
  return policies[policy].by === 'user' ? String(c.get('user_id')) : c.get('address')
}

function refuseAbove(c: Context<Env>, state: LimitState): void {
  c.set('limit_state', state)
  if (!state.allowed) throw tooMany(state, 'Too many requests. Try again later.')
}

/** Returns a 429 with `Retry-After`. */
export function tooMany({ reset_s }: LimitState, detail: string): Problem {
  return new Problem('too_many_requests', detail, {}, { 'Retry-After': String(reset_s) })
}

/** Sets the two headers of draft-ietf-httpapi-ratelimit-headers-11, which every response to a counted call has. */
export function setLimit(headers: Headers, { policy, points, window_s, remaining, reset_s }: LimitState): void {
  headers.set('RateLimit-Policy', `"${policy}";q=${points};w=${window_s}`)
  headers.set('RateLimit', `"${policy}";r=${remaining};t=${reset_s}`)
}
