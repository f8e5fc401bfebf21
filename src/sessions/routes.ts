import { randomBytes } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import { routine } from '../db/statement.ts'
import { Bytes, Json, Void } from '../db/types.ts'
import { sendJson } from '../http/answer.ts'
import type { Env } from '../http/env.ts'
import { operation } from '../http/operation.ts'
import { hashToken } from '../http/signed_in.ts'
import { Problem } from '../problem.ts'
import { Credentials, Session } from '../users/schemas.ts'
import { findCredentials } from '../users/statements.ts'
import { limitSignIns } from './sign_in_limit.ts'

const SESSION_TTL_S = 30 * 24 * 3600

const startSession = routine(
  'start_session',
  { user_id: Type.Integer(), token_hash: Bytes, ttl_s: Type.Integer() },
  { expires_at: Type.String(), user_body: Json },
)
const endSession = routine('end_session', { token_hash: Bytes }, { end_session: Void })

export const sessions = new Hono<Env>()
  .post(
    '/',
    operation({
      id: 'signIn',
      summary: 'Sign in',
      tag: 'Accounts',
      body: Credentials,
      answers: { 201: Session },
      problems: ['invalid_credentials', 'too_many_requests'],
    }),
    async (c) => {
      const { email, password } = c.req.valid('json')
      const attempt = await limitSignIns(email, c.env?.address, c.var.rate_limit_scale)
      const account = await findCredentials.maybe(c.var.sql, { email })
      // An unknown e-mail takes the same path and the same time as a wrong password.
      const matches = await c.var.passwords.verify(password, account?.password ?? null)
      if (!account || !matches) {
        await attempt.failed()
        throw new Problem('invalid_credentials')
      }
      const token = `sw_${randomBytes(32).toString('base64url')}`
      const session = await startSession.one(c.var.sql, {
        user_id: account.id,
        token_hash: hashToken(token),
        ttl_s: SESSION_TTL_S,
      })
      const body = `{"token":"${token}","expires_at":"${session.expires_at}","user":${session.user_body}}`
      return sendJson(c, body, 201, { Location: '/v1/sessions/current' })
    },
  )
  .delete(
    '/current',
    operation({ id: 'signOut', summary: 'Sign out', tag: 'Accounts', signed_in: true, answers: { 204: null } }),
    async (c) => {
      await endSession.one(c.var.sql, { token_hash: c.var.token_hash })
      return c.body(null, 204)
    },
  )
