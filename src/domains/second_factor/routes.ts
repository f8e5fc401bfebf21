import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { admitPasswordChange } from '../../http/limits/intake.ts'
import { operation } from '../../http/operation/operation.ts'
import { sendJson } from '../../http/respond.ts'
import { logSecurityEvent } from '../../http/security_event.ts'
import { limitCodes, unlessWrong } from '../users/limit_password_checks.ts'
import { readOwnAccount, verifyOwnPassword } from '../users/verify_own_password.ts'
import { SecondFactor, SecondFactorConfirmation, SecondFactorInput, SecondFactorRemoval } from './schemas.ts'
import { beginSecondFactor, confirmSecondFactor, removeSecondFactor } from './statements.ts'
import { describeSecret, hashRecoveryCode, makeRecoveryCodes, makeSecret, readCode } from './totp.ts'

const tag = 'Accounts'

/** Mounted at /v1/me/second-factor. */
export const secondFactor = new Hono<Env>()
  .post(
    '/',
    operation({
      id: 'addSecondFactor',
      summary: 'Begin to sign in with an authenticator app, too',
      description:
        'Returns the secret for the app (TOTP, RFC 6238) and ten recovery codes, once: no other call shows them. Sign-in ' +
        'changes only when `POST /v1/me/second-factor/confirm` has got a code of the app. A second call before that replaces ' +
        'the secret and the codes. Requires the current password.',
      tag,
      signed_in: true,
      body: SecondFactorInput,
      answers: { 201: SecondFactor },
      problems: ['second_factor_exists'],
    }),
    async (c) => {
      const [user_id, secret, recovery_codes] = [c.get('user_id'), makeSecret(), makeRecoveryCodes()]
      const account = await readOwnAccount(c)
      await admitPasswordChange(c, () => verifyOwnPassword(c, account, 'password', c.req.valid('json').password))
      await beginSecondFactor.one(c.get('auth_sql'), {
        user_id,
        verified_password: account.password,
        secret,
        recovery_code_hashes: recovery_codes.map(hashRecoveryCode),
      })
      const body = JSON.stringify({ ...describeSecret(secret, account.email), recovery_codes })
      return sendJson(c, body, 201, { Location: '/v1/me/second-factor' })
    },
  )
  .post(
    '/confirm',
    operation({
      id: 'confirmSecondFactor',
      summary: 'Confirm the authenticator app with its first code',
      description:
        'From here on `POST /v1/sessions` requires a `code`. Sessions that are signed in continue. The owner gets a mail. The ' +
        'code counts as used: the next sign-in needs the next one.',
      tag,
      signed_in: true,
      body: SecondFactorConfirmation,
      answers: { 204: null },
      problems: ['not_found'],
    }),
    async (c) => {
      const { factor_secret } = await readOwnAccount(c)
      const { factor_step } = readCode(c.req.valid('json').code, factor_secret)
      await confirmSecondFactor.one(c.get('auth_sql'), { user_id: c.get('user_id'), factor_step })
      logSecurityEvent(c, 'second_factor_added')
      return c.body(null, 204)
    },
  )
  .delete(
    '/',
    operation({
      id: 'removeSecondFactor',
      summary: 'Sign in with the password alone again',
      description:
        'Requires the current password, and a code of the app or a recovery code. The recovery codes end, too. The owner gets ' +
        'a mail.',
      tag,
      signed_in: true,
      body: SecondFactorRemoval,
      answers: { 204: null },
      problems: ['not_found'],
    }),
    async (c) => {
      const { password, code } = c.req.valid('json')
      const account = await readOwnAccount(c)
      await admitPasswordChange(c, () => verifyOwnPassword(c, account, 'password', password))
      const attempt = await limitCodes(c, { account: account.account, is_known_address: false })
      const removing = removeSecondFactor.one(c.get('auth_sql'), {
        user_id: c.get('user_id'),
        verified_password: account.password,
        ...readCode(code, account.factor_secret),
      })
      await unlessWrong([attempt], 'invalid_input', removing)
      logSecurityEvent(c, 'second_factor_removed')
      return c.body(null, 204)
    },
  )
