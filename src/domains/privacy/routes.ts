import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { admitPasswordChange } from '../../http/limits/intake.ts'
import { operation } from '../../http/operation/operation.ts'
import { orNotFound, sendJson } from '../../http/respond.ts'
import { logSecurityEvent } from '../../http/security_event.ts'
import { readOwnAccount, verifyOwnPassword } from '../users/verify_own_password.ts'
import { AccountDeletion, PersonalData } from './schemas.ts'
import { exportUser, requestErasure } from './statements.ts'

const tag = 'Accounts'

const DELETE_ME = `Closes the account, and deletes your data. An account sends its password, a guest no body. Every session ends at
once. The data of a buyer is gone with the response. That of a seller follows in the next seconds, with the listings.

Your name, e-mail and addresses leave every table. Orders, payments and reviews stay, as those of a former customer. The last mail
confirms the deletion. A confirmed account takes the guests of its e-mail with it.

\`orders_open\`: as buyer or seller you have orders that are not shipped, refunds that are not paid, or disputes that are not
decided. \`order_ids\` names them. \`balance_open\`: the shops in \`shop_ids\` have a balance, or owe money. A payout
ends it. The marketplace pays out a rest below the minimum, and writes off a small debt, if you ask.`

/** Verifies the password of an account. A guest has none, and request_erasure refuses an account without one. */
async function closeAccount(c: Context<Env>, password: string | undefined): Promise<void> {
  const account = await readOwnAccount(c)
  if (password !== undefined) await verifyOwnPassword(c, account, 'password', password)
  const verified_password = password === undefined ? null : account.password
  await requestErasure.one(c.get('auth_sql'), { user_id: c.get('user_id'), verified_password })
  logSecurityEvent(c, 'account_deleted')
}

/** The calls of /v1/me about the data that is kept of a person: docs/PRIVACY.md. */
export const privacy = new Hono<Env>()
  .get(
    '/export',
    operation({
      id: 'exportMe',
      summary: 'Read all that is kept of you',
      description: 'Returns, for each table, your rows. Secrets are left out. Ten exports an hour.',
      tag,
      signed_in: true,
      limit: 'export',
      answers: { 200: PersonalData },
      problems: ['not_found'],
    }),
    async (c) => {
      const data = orNotFound(await exportUser.maybe(c.get('sql'), { user_id: c.get('user_id') }), 'account')
      return sendJson(c, data.body, 200, { 'Content-Disposition': 'attachment; filename="stallwright.json"' })
    },
  )
  .delete(
    '/',
    operation({
      id: 'deleteMe',
      summary: 'Delete your account and your data',
      description: DELETE_ME,
      tag,
      signed_in: true,
      body: AccountDeletion,
      is_body_optional: true,
      answers: { 202: null },
      problems: ['orders_open', 'balance_open', 'not_found'],
    }),
    async (c) => {
      await admitPasswordChange(c, () => closeAccount(c, c.req.valid('json').password))
      return c.body(null, 202)
    },
  )
