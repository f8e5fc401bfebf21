import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { applyLimit, checkLimit } from '../../http/limits/apply_limit.ts'
import { admitPasswordChange } from '../../http/limits/intake.ts'
import { localeOf } from '../../http/locale.ts'
import { operation } from '../../http/operation/operation.ts'
import { orNotFound, sendJson } from '../../http/respond.ts'
import { logSecurityEvent } from '../../http/security_event.ts'
import { invalidInput } from '../../platform/problem.ts'
import { PasswordChange, User, UserChanges, UserInput } from './schemas.ts'
import { changePassword, registerUser, requestEmailChange, showUser, updateUser } from './statements.ts'
import { readOwnAccount, verifyOwnPassword } from './verify_own_password.ts'
import { refuseWeakPassword } from './weak_password.ts'

/**
 * Verifies the current password and sets the new one. Throws 422 with the field, or 429 after too many wrong current passwords of
 * the session or too many changes of the account. Only a correct current password counts as a change.
 */
async function changeOwnPassword(c: Context<Env>, { current_password, new_password }: PasswordChange): Promise<void> {
  const account = await readOwnAccount(c)
  refuseWeakPassword('new_password', new_password, account)
  await checkLimit(c, 'password_change')
  await verifyOwnPassword(c, account, 'current_password', current_password)
  await applyLimit(c, 'password_change')
  await changePassword.many(c.get('auth_sql'), {
    user_id: c.get('user_id'),
    verified_password: account.password,
    new_password: await c.get('passwords').of_changes.hash(new_password),
    token_hash: c.get('token_hash'),
  })
  logSecurityEvent(c, 'password_changed')
}

/** Verifies the password and mails the new address. Throws 422 with the field, or 429 as changeOwnPassword does. */
async function changeOwnEmail(c: Context<Env>, new_email: string, password = ''): Promise<void> {
  const account = await readOwnAccount(c)
  await verifyOwnPassword(c, account, 'password', password)
  await applyLimit(c, 'mail_request')
  await requestEmailChange.one(c.get('auth_sql'), {
    user_id: c.get('user_id'),
    verified_password: account.password,
    new_email,
  })
  logSecurityEvent(c, 'email_change_requested')
}

export const users = new Hono<Env>().post(
  '/',
  operation({
    id: 'registerUser',
    summary: 'Register an account',
    description:
      'Creates an account, which can buy and sell. It does not sign you in: call `POST /v1/sessions` next. On ' +
      '`email_taken`, sign in.',
    tag: 'Accounts',
    limit: 'register',
    body: UserInput,
    answers: { 201: User },
    problems: ['email_taken'],
  }),
  async (c) => {
    const user = c.req.valid('json')
    refuseWeakPassword('password', user.password, user)
    const password = await c.get('passwords').hash(user.password)
    const { body } = await registerUser.one(c.get('auth_sql'), { ...user, password, locale: localeOf(c) })
    return sendJson(c, body, 201, { Location: '/v1/me' })
  },
)

export const me = new Hono<Env>()
  .get(
    '/',
    operation({
      id: 'getMe',
      summary: 'Read your profile',
      description: 'Returns the account of the token.',
      tag: 'Accounts',
      signed_in: true,
      answers: { 200: User },
    }),
    async (c) => {
      const user = orNotFound(await showUser.maybe(c.get('sql'), { user_id: c.get('user_id') }), 'user')
      return sendJson(c, user.body)
    },
  )
  .patch(
    '/',
    operation({
      id: 'updateMe',
      summary: 'Change your profile',
      description:
        'Changes the fields that you send. Your reviews show the new name. `email` requires `password`: the new address gets a ' +
        'link, and counts once it was opened. The old address is told.',
      tag: 'Accounts',
      signed_in: true,
      body: UserChanges,
      answers: { 200: User },
      problems: ['email_unverified'],
    }),
    async (c) => {
      const { email, password, display_name = null, locale = null, receives_notices = null } = c.req.valid('json')
      if (email === undefined && password !== undefined)
        throw invalidInput([{ pointer: '#/email', detail: 'is required with a password' }])
      if (email !== undefined) await admitPasswordChange(c, () => changeOwnEmail(c, email, password))
      const changes = { user_id: c.get('user_id'), display_name, locale, receives_notices }
      const user = orNotFound(await updateUser.maybe(c.get('sql'), changes), 'user')
      return sendJson(c, user.body)
    },
  )
  .put(
    '/password',
    operation({
      id: 'changePassword',
      summary: 'Change your password and sign out on every other device',
      description:
        'Requires the current password. This session continues. Every other session of the account ends. A session gets ' +
        '429 after ten wrong passwords in five minutes; sign-ins have their own limit. An account gets 429 after ten ' +
        'changes in an hour, and 429 `too_many_at_once` while another change is running.',
      tag: 'Accounts',
      signed_in: true,
      body: PasswordChange,
      answers: { 204: null },
    }),
    async (c) => {
      await admitPasswordChange(c, () => changeOwnPassword(c, c.req.valid('json')))
      return c.body(null, 204)
    },
  )
