import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { applyLimit, checkLimit } from '../../http/limits/apply_limit.ts'
import { admitPasswordChange } from '../../http/limits/intake.ts'
import { operation } from '../../http/operation/operation.ts'
import { orNotFound, sendJson } from '../../http/respond.ts'
import { logSecurityEvent } from '../../http/security_event.ts'
import { invalidInput } from '../../platform/problem.ts'
import { limitPasswordChecks } from './limit_password_checks.ts'
import { PasswordChange, User, UserChanges, UserInput } from './schemas.ts'
import { changePassword, registerUser, showOwnCredentials, showUser, updateUser } from './statements.ts'
import { describeWeakness } from './weak_password.ts'

/** Throws 422 if a new password is easy to guess. `field` is its name in the body. */
function refuseWeakPassword(field: string, password: string, owner: { email: string; display_name: string }): void {
  const detail = describeWeakness(password, owner)
  if (detail) throw invalidInput([{ pointer: `#/${field}`, detail }])
}

/**
 * Verifies the current password and sets the new one. Throws 422 with the field, or 429 after too many wrong current passwords of
 * the session or too many changes of the account. Only a correct current password counts as a change.
 */
async function changeOwnPassword(c: Context<Env>, { current_password, new_password }: PasswordChange): Promise<void> {
  const [user_id, token_hash, passwords] = [c.get('user_id'), c.get('token_hash'), c.get('passwords').of_changes]
  const account = await showOwnCredentials.one(c.get('auth_sql'), { user_id })
  c.set('account', { email: account.account, user_id })
  refuseWeakPassword('new_password', new_password, account)
  await checkLimit(c, 'password_change')
  const attempt = await limitPasswordChecks(c)
  if (!(await passwords.verify(current_password, account.password))) {
    logSecurityEvent(c, 'password_change_failed')
    throw invalidInput([{ pointer: '#/current_password', detail: 'must be the current password' }])
  }
  await attempt.succeeded()
  await applyLimit(c, 'password_change')
  await changePassword.many(c.get('auth_sql'), {
    user_id,
    verified_password: account.password,
    new_password: await passwords.hash(new_password),
    token_hash,
  })
  logSecurityEvent(c, 'password_changed')
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
    const { body } = await registerUser.one(c.get('auth_sql'), { ...user, password })
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
      description: 'Changes the fields that you send. Your reviews show the new name.',
      tag: 'Accounts',
      signed_in: true,
      body: UserChanges,
      answers: { 200: User },
    }),
    async (c) => {
      const { display_name = null } = c.req.valid('json')
      const user = orNotFound(await updateUser.maybe(c.get('sql'), { user_id: c.get('user_id'), display_name }), 'user')
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
