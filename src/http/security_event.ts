import type { Context } from 'hono'
import { routePath } from 'hono/route'
import type { ProblemCode } from '../platform/problem.ts'
import type { Env } from './env.ts'

/** Events to search the log for after a break-in. docs/RUNBOOK.md lists them. */
export type SecurityEvent =
  | 'sign_in_failed'
  | 'rate_limited'
  | 'password_changed'
  | 'password_change_failed'
  | 'password_reset'
  | 'email_change_requested'
  | 'second_factor_added'
  | 'second_factor_removed'
  | 'account_deleted'
  | 'operator_signed_in'
  | 'operator_sign_in_failed'

/** Problems that are security events. */
const eventOfProblem: Partial<Record<ProblemCode, SecurityEvent>> = {
  invalid_credentials: 'sign_in_failed',
  too_many_requests: 'rate_limited',
}

/**
 * Logs an event. Address and account appear as keyed hashes, so that the lines of one attacker can be joined. `user_id` is logged
 * if the account is known.
 */
export function logSecurityEvent(c: Context<Env>, event: SecurityEvent): void {
  const [hash, account] = [c.get('keyed_hash'), c.get('account')]
  const line = {
    event,
    request_id: c.get('request_id'),
    method: c.req.method,
    route: routePath(c, -1),
    user_id: account?.user_id || c.get('user_id') || undefined,
    address_hash: hash('address', c.get('address')).toString('hex'),
    account_hash: account && hash('account', account.email).toString('hex'),
    // The limit that refused the call.
    policy: event === 'rate_limited' ? c.get('limit_state')?.policy : undefined,
  }
  c.get('log').warn(line, 'security event')
}

/** Logs a problem that is a security event. */
export function logRefusal(c: Context<Env>, problem: ProblemCode): void {
  const event = eventOfProblem[problem]
  if (event) logSecurityEvent(c, event)
}
