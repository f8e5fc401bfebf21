import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { logSecurityEvent } from '../../http/security_event.ts'
import { hashToken } from '../../platform/token.ts'
import { PasswordReset, PasswordResetRequest } from './schemas.ts'
import { findTokenOwner, requestPasswordReset, resetPassword } from './statements.ts'
import { refuseWeakPassword } from './weak_password.ts'

/** Mounted at /v1/password-resets. */
export const passwordResets = new Hono<Env>()
  .post(
    '/',
    operation({
      id: 'requestPasswordReset',
      summary: 'Ask for a mail to set a new password',
      description:
        'Mails the owner of the account a link that works once, for an hour. The response and its time are the same for an ' +
        'unknown e-mail, and beyond the limit of mails to an address: three an hour, ten to a verified one.',
      tag: 'Accounts',
      limit: 'mail_request',
      body: PasswordResetRequest,
      answers: { 202: null },
    }),
    async (c) => {
      await requestPasswordReset.one(c.get('sql'), c.req.valid('json'))
      return c.body(null, 202)
    },
  )
  .post(
    '/confirm',
    operation({
      id: 'confirmPasswordReset',
      summary: 'Set a new password with the token of the mail',
      description:
        'Ends every session of the account and mails its owner. The e-mail is verified from then on. A second factor stays. A ' +
        'token that is wrong, used or expired is 422.',
      tag: 'Accounts',
      limit: 'sign_in',
      body: PasswordReset,
      answers: { 204: null },
    }),
    async (c) => {
      const { token, password } = c.req.valid('json')
      await setPassword(c, token, password)
      return c.body(null, 204)
    },
  )

/** Sets the password of a token's owner. Throws 422 for a token that does not work, before a hash, and for a weak password. */
export async function setPassword(c: Context<Env>, token: string, password: string): Promise<void> {
  const [sql, token_hash] = [c.get('auth_sql'), hashToken(token)]
  const owner = await findTokenOwner.one(sql, { token_hash, purpose: 'reset_password' })
  c.set('account', { email: owner.email, user_id: owner.user_id })
  refuseWeakPassword('password', password, owner)
  await resetPassword.one(sql, { token_hash, new_password: await c.get('passwords').hash(password) })
  logSecurityEvent(c, 'password_reset')
}
