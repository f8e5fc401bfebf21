import type { Context } from 'hono'
import type { Env } from '../../http/env.ts'
import { logSecurityEvent } from '../../http/security_event.ts'
import { invalidInput } from '../../platform/problem.ts'
import { limitPasswordChecks } from './limit_password_checks.ts'
import { showOwnCredentials } from './statements.ts'

/** The credentials of an account. `password` is the hash that the given password matched. */
export type OwnAccount = Awaited<ReturnType<typeof showOwnCredentials.one>>

/** Returns the credentials of the caller, and names the caller in security events from here on. */
export async function readOwnAccount(c: Context<Env>): Promise<OwnAccount> {
  const user_id = c.get('user_id')
  const account = await showOwnCredentials.one(c.get('auth_sql'), { user_id })
  c.set('account', { email: account.account, user_id })
  return account
}

/**
 * Throws 422 that names `field` unless the password is that of the account, and 429 after too many wrong ones of the session. One
 * check at a time joins the queue of sign-ins. A wrong password is a security event.
 */
export async function verifyOwnPassword(c: Context<Env>, account: OwnAccount, field: string, password: string): Promise<void> {
  const attempt = await limitPasswordChecks(c)
  if (!(await c.get('passwords').of_changes.verify(password, account.password))) {
    logSecurityEvent(c, 'password_change_failed')
    throw invalidInput([{ pointer: `#/${field}`, detail: 'must be the current password' }])
  }
  await attempt.succeeded()
}
