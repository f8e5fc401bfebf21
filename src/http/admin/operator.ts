/** Operators authenticate with OPERATOR_TOKEN. If it is not set, there are no operators. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import type { Problem } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { tooMany } from '../limits/apply_limit.ts'
import type { LimitState } from '../limits/rate_limits.ts'
import { logSecurityEvent } from '../security_event.ts'

/**
 * Returns whether the token is the operator's, compared in constant time. Throws 429 after ten wrong tokens in five minutes from
 * one address, even for the right token. Each attempt is a security event. An empty token is no attempt.
 */
export async function isOperator(c: Context<Env>, token: string): Promise<boolean> {
  const operator_token = c.get('operator_token')
  if (operator_token === null || token === '') return false
  const limits = c.get('limits')
  const before = await limits.look('operator_sign_in', c.get('address'))
  if (!before.allowed) throw refuse(c, before)
  const is_operator = isSame(token, operator_token)
  logSecurityEvent(c, is_operator ? 'operator_signed_in' : 'operator_sign_in_failed')
  if (is_operator) return true
  const after = await limits.take('operator_sign_in', c.get('address'))
  if (!after.allowed) throw refuse(c, after)
  return false
}

function refuse(c: Context<Env>, state: LimitState): Problem {
  c.set('limit_state', state)
  return tooMany(state, 'Too many wrong operator tokens came from this address. Try again later.')
}

function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(one), hash(other))
}
