import { Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { sendJson } from '../../http/respond.ts'
import { Strict, withExample } from '../../http/schemas.ts'
import { Problem } from '../../platform/problem.ts'
import { hashToken } from '../../platform/token.ts'
import { OrderAccess } from './schemas.ts'
import { showOrderAccess } from './statements.ts'

export const orderAccess = new Hono<Env>().get(
  '/:token',
  operation({
    id: 'getOrderAccess',
    summary: 'Read the orders of a mail, without a sign-in',
    description:
      "The token is the last part of the link in a mail to the buyer. It shows the mail's orders for 90 days. The link itself is a " +
      'page for people.',
    tag: 'Orders',
    params: Strict({
      token: withExample(Type.String({ minLength: 1, maxLength: 100 }), '3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc'),
    }),
    answers: { 200: OrderAccess },
    problems: ['not_found'],
  }),
  async (c) => {
    const found = await showOrderAccess.many(c.get('sql'), { token_hash: hashToken(c.req.valid('param').token) })
    if (found.length === 0) throw new Problem('not_found', 'The link does not work. It is wrong, or older than 90 days.')
    return sendJson(c, `{"orders":[${found.map(({ item }) => item).join()}]}`)
  },
)
