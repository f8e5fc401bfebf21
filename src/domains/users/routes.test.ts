import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { User } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { signIn, signUp } from '../../../test/support/shopper.ts'

const { api } = await startServer()

const newEmail = () => `${crypto.randomUUID()}@example.com`
const register = (changes: Record<string, unknown> = {}) =>
  api<User>('POST', '/v1/users', {
    body: { email: newEmail(), password: 'correct horse battery', display_name: 'Ann', ...changes },
  })

describe('POST /v1/users', () => {
  test('registers, and returns everything but the password', async () => {
    const email = newEmail()
    const answer = await register({ email, display_name: 'Ann 🧵' })
    const user = expectStatus(answer, 201)
    expect(Object.keys(user).sort()).toEqual([
      'created_at',
      'display_name',
      'email',
      'email_verified',
      'id',
      'is_guest',
      'locale',
      'receives_notices',
    ])
    expect(user).toMatchObject({ email, display_name: 'Ann 🧵', email_verified: false, is_guest: false, locale: 'en' })
    expect(new Date(user.created_at).toISOString()).toStartWith(user.created_at.slice(0, 19))
    expect(answer.headers.get('location')).toBe('/v1/me')
    expect(answer.headers.get('content-type')).toStartWith('application/json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('an e-mail has one account, in any case', async () => {
    const email = newEmail()
    expectStatus(await register({ email }), 201)
    expectProblem(await register({ email }), 409, 'email_taken')
    expectProblem(await register({ email: email.toUpperCase() }), 409, 'email_taken')
  })

  test('one of ten concurrent registrations of one e-mail succeeds', async () => {
    const email = newEmail()
    const answers = await Promise.all(Array.from({ length: 10 }, () => register({ email })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array(9).fill(409)])
  })

  test('names each invalid field', async () => {
    const problem = expectProblem(
      await register({ email: 'nobody', password: 'short', display_name: '', role: 'admin' }),
      422,
      'invalid_input',
    )
    expect(fieldsOf(problem).sort()).toEqual(['#/display_name', '#/email', '#/password', '#/role'])
  })

  test('rejects a common password, the own e-mail and the own name', async () => {
    const email = newEmail()
    const owner = { email, display_name: 'Ann Petrova Lee' }
    for (const password of ['password', 'PassWord1', '12345678', email.toUpperCase(), email.split('@')[0], 'ann petrova lee'])
      expect(fieldsOf(expectProblem(await register({ ...owner, password }), 422, 'invalid_input'))).toEqual(['#/password'])
    expectStatus(await register(owner), 201)
  })

  test.each(['x,victim@example.net', 'a<b>@c.de', 'a@b.de\u202e', 'a@[127.0.0.1]', 'ａnn@example.com'])(
    '%s is not an e-mail',
    async (email) => {
      expect(fieldsOf(expectProblem(await register({ email }), 422, 'invalid_input'))).toEqual(['#/email'])
    },
  )

  test('a password is never truncated: the last of 128 characters matters', async () => {
    const email = newEmail()
    const password = `${'x'.repeat(127)}z`
    expectStatus(await register({ email, password }), 201)
    expectProblem(
      await api('POST', '/v1/sessions', { body: { email, password: `${'x'.repeat(127)}y` } }),
      401,
      'invalid_credentials',
    )
    expectStatus(await api('POST', '/v1/sessions', { body: { email, password } }), 201)
    expect(fieldsOf(expectProblem(await register({ password: 'x'.repeat(129) }), 422))).toEqual(['#/password'])
  })
})

describe('/v1/me', () => {
  test('shows and changes the own profile', async () => {
    const ann = await signUp('Ann')
    const changed = expectStatus(await ann.call<User>('PATCH', '/v1/me', { body: { display_name: 'Ann Lee' } }), 200)
    expect(changed).toMatchObject({ id: ann.id, email: ann.email, display_name: 'Ann Lee' })
    expect(expectStatus(await ann.call<User>('GET', '/v1/me'), 200)).toEqual(changed)
  })

  test('rejects fields that the user cannot change', async () => {
    const ann = await signUp()
    for (const body of [
      { id: 1 },
      { email: 'other@example.com' },
      { created_at: '2020-01-01T00:00:00Z' },
      { password: 'another one 123' },
      {},
    ]) {
      expectProblem(await ann.call('PATCH', '/v1/me', { body }), 422, 'invalid_input')
    }
    expect(expectStatus(await ann.call<User>('GET', '/v1/me'), 200)).toMatchObject({
      id: ann.id,
      email: ann.email,
      display_name: 'Ann',
    })
  })
})

describe('PUT /v1/me/password', () => {
  const new_password = 'a new battery staple'

  test('changes it and ends every other session', async () => {
    const ann = await signUp()
    const other = await signIn(ann.email, ann.password)
    const body = { current_password: ann.password, new_password }
    expectStatus(await ann.call('PUT', '/v1/me/password', { body }), 204)
    expectStatus(await ann.call('GET', '/v1/me'), 200)
    expectProblem(await other.call('GET', '/v1/me'), 401, 'unauthorized')
    const enter = (password: string) => api('POST', '/v1/sessions', { body: { email: ann.email, password } })
    expectProblem(await enter(ann.password), 401, 'invalid_credentials')
    expectStatus(await enter(new_password), 201)
  })

  test('names the invalid field, and changes nothing', async () => {
    const ann = await signUp()
    const put = (body: unknown) => ann.call('PUT', '/v1/me/password', { body })
    const wrong = expectProblem(await put({ current_password: 'not hers', new_password }), 422, 'invalid_input')
    expect(fieldsOf(wrong)).toEqual(['#/current_password'])
    const short = expectProblem(await put({ current_password: ann.password, new_password: 'short' }), 422, 'invalid_input')
    expect(fieldsOf(short)).toEqual(['#/new_password'])
    for (const weak of ['iloveyou', ann.email]) {
      const refused = expectProblem(await put({ current_password: ann.password, new_password: weak }), 422, 'invalid_input')
      expect(fieldsOf(refused)).toEqual(['#/new_password'])
    }
    await signIn(ann.email, ann.password)
  })

  test('many concurrent changes do not block a sign-in', async () => {
    const [ann, ...others] = await Promise.all(Array.from({ length: 13 }, () => signUp()))
    if (!ann) throw new Error('There is no user.')
    const changes = others.flatMap((one) =>
      Array.from({ length: 8 }, (_, n) =>
        one.call('PUT', '/v1/me/password', { body: { current_password: one.password, new_password: `${new_password} ${n}` } }),
      ),
    )
    const entering = Array.from({ length: 5 }, () =>
      api('POST', '/v1/sessions', { body: { email: ann.email, password: ann.password } }),
    )
    const [entered, changed] = await Promise.all([Promise.all(entering), Promise.all(changes)])
    expect(entered.map(({ status }) => status)).toEqual(Array(5).fill(201))
    expect(changed.map(({ status }) => status).filter((status) => ![204, 422, 429].includes(status))).toEqual([])
  })

  test('one of two concurrent changes succeeds', async () => {
    const ann = await signUp()
    const put = (n: number) =>
      ann.call('PUT', '/v1/me/password', { body: { current_password: ann.password, new_password: `${new_password} ${n}` } })
    const answers = await Promise.all([put(1), put(2)])
    const [made, refused] = answers.map((answer) => answer.status).sort()
    expect(made).toBe(204)
    // 429 while the first one runs, 422 after it.
    expect([422, 429]).toContain(refused as number)
  })
})
