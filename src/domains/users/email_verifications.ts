import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { hashToken } from '../../platform/token.ts'
import { EmailConfirmation } from './schemas.ts'
import { confirmEmail, requestEmailVerification } from './statements.ts'

/** Mounted at /v1/email-verifications. */
export const emailVerifications = new Hono<Env>()
  .post(
    '/',
    operation({
      id: 'requestEmailVerification',
      summary: 'Ask for a mail that proves your e-mail',
      description:
        'Mails your address a link that works once, for a day. A verified account can ask again: with each proof it gets the ' +
        'orders that guests with this e-mail have placed by then.',
      tag: 'Accounts',
      signed_in: true,
      limit: 'mail_request',
      answers: { 202: null },
      problems: ['email_unverified'],
    }),
    async (c) => {
      await requestEmailVerification.one(c.get('sql'), { user_id: c.get('user_id') })
      return c.body(null, 202)
    },
  )
  .post(
    '/confirm',
    operation({
      id: 'confirmEmail',
      summary: 'Prove an e-mail with the token of the mail',
      description:
        'The address that the mail went to becomes the verified e-mail of the account. If it is a new one, the old and the new ' +
        'address are told. A token that is wrong, used or expired is 422.',
      tag: 'Accounts',
      limit: 'sign_in',
      body: EmailConfirmation,
      answers: { 204: null },
      problems: ['email_taken'],
    }),
    async (c) => {
      await confirmEmail.one(c.get('sql'), { token_hash: hashToken(c.req.valid('json').token) })
      return c.body(null, 204)
    },
  )
