import { Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { localeOf } from '../../http/locale.ts'
import { operation } from '../../http/operation/operation.ts'
import { sendJson } from '../../http/respond.ts'
import { routine } from '../../platform/db/statement.ts'
import { Bytes, Json, Nullable } from '../../platform/db/types.ts'
import { hashToken, makeToken } from '../../platform/token.ts'
import { describeDevice } from '../sessions/device.ts'
import { SESSION_TTL_S } from '../sessions/statements.ts'
import { GuestInput, Session } from '../users/schemas.ts'

const startGuestSession = routine(
  'start_guest_session',
  { email: Type.String(), token_hash: Bytes, ttl_s: Type.Integer(), device: Nullable(Type.String()), locale: Type.String() },
  { expires_at: Type.String(), user_body: Json },
)

export const guests = new Hono<Env>().post(
  '/',
  operation({
    id: 'startGuestSession',
    summary: 'Buy without an account',
    description:
      'Returns a token without a password, for a cart and checkouts. The mails of an order go to this address, and their links ' +
      'show the order. Each call starts with an empty cart. To keep the orders, register with the address later and confirm it: ' +
      'they become those of the account. An address that has an account can also buy as a guest.',
    tag: 'Accounts',
    limit: 'register',
    body: GuestInput,
    answers: { 201: Session },
  }),
  async (c) => {
    const token = `sw_${makeToken()}`
    const session = await startGuestSession.one(c.get('auth_sql'), {
      email: c.req.valid('json').email,
      token_hash: hashToken(token),
      ttl_s: SESSION_TTL_S,
      device: describeDevice(c.req.header('user-agent')),
      locale: localeOf(c),
    })
    const body = `{"token":"${token}","expires_at":"${session.expires_at}","user":${session.user_body}}`
    return sendJson(c, body, 201, { Location: '/v1/sessions/current' })
  },
)
