import { describe, expect, test } from 'bun:test'
import { type TOTP, URI } from 'otpauth'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { SecondFactor, Session } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { type Shopper, signUp } from '../../../test/support/shopper.ts'

const { api, sql } = await startServer()
const PATH = '/v1/me/second-factor'

/** The code of the app for the time step that is `steps` from now. Those of 0 and 1 still count when the next step has begun. */
const codeOf = ({ otpauth_url }: SecondFactor, steps = 0) =>
  (URI.parse(otpauth_url) as TOTP).generate({ timestamp: Date.now() + steps * 30_000 })

const begin = (who: Shopper, password = who.password) => who.call<SecondFactor>('POST', PATH, { body: { password } })
const confirm = (who: Shopper, code: string) => who.call('POST', `${PATH}/confirm`, { body: { code } })
const remove = (who: Shopper, code: string, password = who.password) => who.call('DELETE', PATH, { body: { password, code } })
const enter = ({ email, password }: Shopper, code?: string) =>
  api<Session>('POST', '/v1/sessions', { body: { email, password, ...(code === undefined ? {} : { code }) } })

/** Adds a second factor with the code of this step, so that the code of the next one is left. */
async function addFactor(who: Shopper): Promise<SecondFactor> {
  const factor = expectStatus(await begin(who), 201)
  expectStatus(await confirm(who, codeOf(factor)), 204)
  return factor
}

describe('POST /v1/me/second-factor', () => {
  test('shows a secret once, and changes no sign-in until a code confirms it', async () => {
    const ann = await signUp()
    const answer = await begin(ann)
    const factor = expectStatus(answer, 201)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(factor.otpauth_url).toBe(
      `otpauth://totp/Stallwright:${encodeURIComponent(ann.email)}?issuer=Stallwright&secret=${factor.secret}` +
        '&algorithm=SHA1&digits=6&period=30',
    )
    expect(new Set(factor.recovery_codes).size).toBe(10)
    for (const code of factor.recovery_codes) expect(code).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
    expectStatus(await enter(ann), 201)
    expectProblem(await remove(ann, codeOf(factor)), 404, 'not_found')
    const wrong = await confirm(ann, codeOf(factor, -9))
    expect(fieldsOf(expectProblem(wrong, 422, 'invalid_input'))).toEqual(['#/code'])
    expectStatus(await enter(ann), 201)
    expectStatus(await confirm(ann, codeOf(factor)), 204)
    expectProblem(await enter(ann), 401, 'second_factor_required')
    expectProblem(await begin(ann), 409, 'second_factor_exists')
    expectProblem(await confirm(ann, codeOf(factor, 1)), 404, 'not_found')
    expectStatus(await ann.call('GET', '/v1/me'), 200)
  })

  test('again before it is confirmed replaces the secret and the codes', async () => {
    const ann = await signUp()
    const first = expectStatus(await begin(ann), 201)
    const second = expectStatus(await begin(ann), 201)
    expectProblem(await confirm(ann, codeOf(first)), 422)
    expectStatus(await confirm(ann, codeOf(second)), 204)
    expectProblem(await enter(ann, first.recovery_codes[0]), 401, 'invalid_credentials')
    expectStatus(await enter(ann, second.recovery_codes[0]), 201)
  })

  test('requires the current password', async () => {
    const ann = await signUp()
    expect(fieldsOf(expectProblem(await begin(ann, 'not her password'), 422))).toEqual(['#/password'])
  })

  test('stores only hashes of the recovery codes', async () => {
    const ann = await signUp()
    const { recovery_codes } = expectStatus(await begin(ann), 201)
    if (!sql) return
    const rows = await sql`select c::text as row from recovery_codes c where user_id = ${ann.id}`
    expect(rows).toHaveLength(10)
    for (const { row } of rows) for (const code of recovery_codes) expect(row).not.toContain(code.replaceAll('-', ''))
  })
})

describe('POST /v1/sessions of an account with a second factor', () => {
  test('takes each code once', async () => {
    const ann = await signUp()
    const factor = expectStatus(await begin(ann), 201)
    const first = codeOf(factor)
    expectStatus(await confirm(ann, first), 204)
    expectProblem(await enter(ann, first), 401, 'invalid_credentials')
    const code = codeOf(factor, 1)
    const { token } = expectStatus(await enter(ann, `${code.slice(0, 3)} ${code.slice(3)}`), 201)
    expectStatus(await api('GET', '/v1/me', { token }), 200)
    expectProblem(await enter(ann, code), 401, 'invalid_credentials')
    for (const wrong of ['', '000', first, codeOf(factor, -3), codeOf(factor, 5), 'abcd-efgh-ijkl-mnop'])
      expectProblem(await enter(ann, wrong), 401, 'invalid_credentials')
  })

  test('takes each recovery code once, in any spelling', async () => {
    const ann = await signUp()
    const [first = '', second = ''] = (await addFactor(ann)).recovery_codes
    expectStatus(await enter(ann, first), 201)
    expectProblem(await enter(ann, first), 401, 'invalid_credentials')
    expectStatus(await enter(ann, second.replaceAll('-', ' ').toUpperCase()), 201)
  })

  test('does not reveal with a wrong password that there is one', async () => {
    const ann = await signUp()
    const factor = await addFactor(ann)
    for (const code of [undefined, codeOf(factor, 1)])
      expectProblem(await enter({ ...ann, password: 'not her password' }, code), 401, 'invalid_credentials')
    expectStatus(await enter(ann, codeOf(factor, 1)), 201)
  })

  test('also needs a code after a change of the password', async () => {
    const ann = await signUp()
    const factor = await addFactor(ann)
    const new_password = 'battery horse correct'
    expectStatus(await ann.call('PUT', '/v1/me/password', { body: { current_password: ann.password, new_password } }), 204)
    expectProblem(await enter({ ...ann, password: new_password }), 401, 'second_factor_required')
    expectStatus(await enter({ ...ann, password: new_password }, codeOf(factor, 1)), 201)
  })

  test('takes no code of another account, and ignores one of an account without a second factor', async () => {
    const [ann, bea, cid] = [await signUp(), await signUp(), await signUp()]
    const [factor] = [await addFactor(ann), await addFactor(bea)]
    for (const code of [codeOf(factor, 1), factor.recovery_codes[0]])
      expectProblem(await enter(bea, code), 401, 'invalid_credentials')
    expectStatus(await enter(cid, '123456'), 201)
  })
})

describe('DELETE /v1/me/second-factor', () => {
  test('requires the password and an unused code, and ends the recovery codes', async () => {
    const ann = await signUp()
    const factor = await addFactor(ann)
    const [used = '', unused = ''] = factor.recovery_codes
    expectStatus(await enter(ann, used), 201)
    expect(fieldsOf(expectProblem(await remove(ann, unused, 'not her password'), 422))).toEqual(['#/password'])
    for (const code of [used, codeOf(factor, -3)])
      expect(fieldsOf(expectProblem(await remove(ann, code), 422))).toEqual(['#/code'])
    expectProblem(await enter(ann), 401, 'second_factor_required')
    expectStatus(await remove(ann, unused), 204)
    expectStatus(await enter(ann), 201)
    expectProblem(await remove(ann, codeOf(factor)), 404, 'not_found')
    const again = await addFactor(ann)
    expectProblem(await enter(ann, factor.recovery_codes[2]), 401, 'invalid_credentials')
    expectStatus(await remove(ann, codeOf(again, 1)), 204)
  })
})

test('the owner gets a mail when a second factor is added, and when it is removed', async () => {
  const ann = await signUp()
  const factor = await addFactor(ann)
  expectStatus(await remove(ann, codeOf(factor, 1)), 204)
  if (!sql) return
  const mails = await sql`select kind from mails where user_id = ${ann.id} and kind like 'second_factor%' order by id`
  expect(mails.map(({ kind }) => kind)).toEqual(['second_factor_added', 'second_factor_removed'])
})
