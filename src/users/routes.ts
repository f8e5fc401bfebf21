import { Hono } from 'hono'
import { orNotFound, sendJson } from '../http/answer.ts'
import type { Env } from '../http/env.ts'
import { operation } from '../http/operation.ts'
import { NewUser, User, UserChanges } from './schemas.ts'
import { registerUser, showUser, updateUser } from './statements.ts'

export const users = new Hono<Env>().post(
  '/',
  operation({
    id: 'registerUser',
    summary: 'Register',
    tag: 'Accounts',
    body: NewUser,
    answers: { 201: User },
    problems: ['email_taken'],
  }),
  async (c) => {
    const user = c.req.valid('json')
    const password = await c.var.passwords.hash(user.password)
    const { body } = await registerUser.one(c.var.sql, { ...user, password })
    return sendJson(c, body, 201, { Location: '/v1/me' })
  },
)

export const me = new Hono<Env>()
  .get(
    '/',
    operation({ id: 'getMe', summary: 'Own profile', tag: 'Accounts', signed_in: true, answers: { 200: User } }),
    async (c) => {
      const user = orNotFound(await showUser.maybe(c.var.sql, { user_id: c.var.user_id }), 'user')
      return sendJson(c, user.body)
    },
  )
  .patch(
    '/',
    operation({
      id: 'updateMe',
      summary: 'Change own profile',
      tag: 'Accounts',
      signed_in: true,
      body: UserChanges,
      answers: { 200: User },
    }),
    async (c) => {
      const { display_name = null } = c.req.valid('json')
      const user = orNotFound(await updateUser.maybe(c.var.sql, { user_id: c.var.user_id, display_name }), 'user')
      return sendJson(c, user.body)
    },
  )
