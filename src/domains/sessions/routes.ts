import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { sendJson } from '../../http/respond.ts'
import { IdParam } from '../../http/schemas.ts'
import { Problem } from '../../platform/problem.ts'
import { hashToken, makeToken } from '../../platform/token.ts'
import { readCode } from '../second_factor/totp.ts'
import { limitCodes, limitSignIns, unlessWrong } from '../users/limit_password_checks.ts'
import { Credentials, Session } from '../users/schemas.ts'
import { findCredentials } from '../users/statements.ts'
import { describeDevice } from './device.ts'
import { LiveSessions } from './schemas.ts'
import { endOwnSession, endSession, endSessions, listSessions, SESSION_TTL_S, startSession } from './statements.ts'

const tag = 'Accounts'

export const sessions = new Hono<Env>()
  .post(
    '/',
    operation({
      id: 'signIn',
      summary: 'Sign in',
      description:
        'Returns a token. Send it with signed-in calls as `Authorization: Bearer <token>`. It ends after 30 days without use, ' +
        '`expires_at`, and after 90 days at most. A wrong ' +
        'password and an unknown e-mail both return `invalid_credentials`. After too many tries the call returns 429: ' +
        'wait for the seconds in `Retry-After`. An account with a second factor gets `second_factor_required`: send the same ' +
        'with `code`, the six digits of its authenticator app or a recovery code. Each code signs in once.',
      tag,
      limit: 'sign_in',
      body: Credentials,
      answers: { 201: Session },
      problems: ['invalid_credentials', 'second_factor_required'],
    }),
    async (c) => {
      const { email, password, code } = c.req.valid('json')
      const address_hash = c.get('keyed_hash')('address', c.get('address'))
      // An unknown e-mail takes the same steps and time as a wrong password.
      const found = await findCredentials.one(c.get('auth_sql'), { email, address_hash })
      c.set('account', { email: found.account, user_id: found.id })
      const attempt = await limitSignIns(c, found)
      const matches = await c.get('passwords').verify(password, found.password)
      if (!found.id || !found.password || !matches) throw new Problem('invalid_credentials')
      const attempts = code === undefined ? [attempt] : [attempt, await limitCodes(c, found)]
      const token = `sw_${makeToken()}`
      const starting = startSession.one(c.get('auth_sql'), {
        user_id: found.id,
        verified_password: found.password,
        token_hash: hashToken(token),
        ttl_s: SESSION_TTL_S,
        address_hash,
        quota_scale: c.get('quota_scale'),
        device: describeDevice(c.req.header('user-agent')),
        ...readCode(code, found.factor_secret),
      })
      const session = await unlessWrong(attempts, 'invalid_credentials', starting)
      const body = `{"token":"${token}","expires_at":"${session.expires_at}","user":${session.user_body}}`
      return sendJson(c, body, 201, { Location: '/v1/sessions/current' })
    },
  )
  .get(
    '/',
    operation({
      id: 'listSessions',
      summary: 'List your sessions, newest first',
      description:
        'The newest 100 sessions, with the browser and system of each sign-in. To sign out a device, end its session with `DELETE /v1/sessions/{id}`.',
      tag,
      signed_in: true,
      answers: { 200: LiveSessions },
    }),
    async (c) => {
      const [user_id, token_hash] = [c.get('user_id'), c.get('token_hash')]
      const { items } = await listSessions.one(c.get('sql'), { user_id, token_hash })
      return sendJson(c, `{"items":${items}}`)
    },
  )
  .delete(
    '/',
    operation({
      id: 'signOutEverywhere',
      summary: 'Sign out on every device, including this one',
      description: 'Ends every session of the account at once, on all servers.',
      tag,
      signed_in: true,
      answers: { 204: null },
    }),
    async (c) => {
      await endSessions.many(c.get('sql'), { user_id: c.get('user_id') })
      return c.body(null, 204)
    },
  )
  .delete(
    '/current',
    operation({
      id: 'signOut',
      summary: 'Sign out',
      description: 'Ends the session of the token at once, on all servers.',
      tag,
      signed_in: true,
      answers: { 204: null },
    }),
    async (c) => {
      await endSession.one(c.get('sql'), { token_hash: c.get('token_hash') })
      return c.body(null, 204)
    },
  )
  .delete(
    '/:id',
    operation({
      id: 'endSession',
      summary: 'Sign out on one of your devices',
      description: 'Ends one session of your account. `GET /v1/sessions` has its id.',
      tag,
      signed_in: true,
      params: IdParam,
      answers: { 204: null },
      problems: ['not_found'],
    }),
    async (c) => {
      await endOwnSession.one(c.get('sql'), { user_id: c.get('user_id'), session_id: c.req.valid('param').id })
      return c.body(null, 204)
    },
  )
