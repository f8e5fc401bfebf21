import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, type ProblemBody } from '../../../test/support/api.ts'
import type { LiveSession, Session } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { signIn, signUp } from '../../../test/support/shopper.ts'

const { api, sql } = await startServer()

const enter = (email: string, password: string) => api<Session>('POST', '/v1/sessions', { body: { email, password } })

describe('POST /v1/sessions', () => {
  test('returns a token with an end', async () => {
    const ann = await signUp()
    const answer = await enter(ann.email, ann.password)
    const session = expectStatus(answer, 201)
    expect(Object.keys(session).sort()).toEqual(['expires_at', 'token', 'user'])
    expect(session.user).toMatchObject({ id: ann.id, email: ann.email })
    expect(Date.parse(session.expires_at)).toBeGreaterThan(Date.now() + 3600_000)
    expect(answer.headers.get('location')).toBe('/v1/sessions/current')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expectStatus(await api('GET', '/v1/me', { token: session.token }), 200)
  })

  test('stores only hashes of the token and of the password', async () => {
    const ann = await signUp()
    if (!sql) return
    const [row] = await sql`
      select s.token_hash, s::text as session, u.password from sessions s join users u on u.id = s.user_id where u.id = ${ann.id}`
    expect(Buffer.from(row?.token_hash).toString('hex')).toBe(new Bun.CryptoHasher('sha256').update(ann.token).digest('hex'))
    expect(row?.session).not.toContain(ann.token)
    expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=\d+,t=2,p=1\$/)
  })

  test('accepts the e-mail in any case, the password in its own', async () => {
    const ann = await signUp()
    expectStatus(await enter(ann.email.toUpperCase(), ann.password), 201)
    expectProblem(await enter(ann.email, ann.password.toUpperCase()), 401, 'invalid_credentials')
  })

  test('responds to an unknown e-mail as to a wrong password', async () => {
    const ann = await signUp()
    const wrong = await enter(ann.email, 'not her password')
    const unknown = await enter(`${crypto.randomUUID()}@example.com`, 'not her password')
    const { request_id: _, ...said } = expectProblem(wrong, 401, 'invalid_credentials')
    const { request_id: __, ...saidToUnknown } = expectProblem(unknown, 401, 'invalid_credentials')
    expect(saidToUnknown).toEqual(said)
    expect([...unknown.headers.keys()].sort()).toEqual([...wrong.headers.keys()].sort())
  })
})

describe('DELETE /v1/sessions/current', () => {
  test('ends only this session, at once', async () => {
    const ann = await signUp()
    const other = await signIn(ann.email, ann.password)
    const gone = await ann.call('DELETE', '/v1/sessions/current')
    expectStatus(gone, 204)
    expect(gone.text).toBe('')
    expectProblem(await ann.call('GET', '/v1/me'), 401, 'unauthorized')
    expectProblem(await ann.call('DELETE', '/v1/sessions/current'), 401, 'unauthorized')
    expectStatus(await other.call('GET', '/v1/me'), 200)
  })
})

describe('GET and DELETE /v1/sessions', () => {
  test("lists the caller's live sessions and marks the current one", async () => {
    const ann = await signUp()
    const other = await signIn(ann.email, ann.password)
    await (await signUp()).call('GET', '/v1/me')
    const { items } = expectStatus(await other.call<{ items: LiveSession[] }>('GET', '/v1/sessions'), 200)
    expect(items.map((session) => session.current)).toEqual([true, false])
    expect(Object.keys(items[0] ?? {}).sort()).toEqual(['created_at', 'current', 'device', 'expires_at', 'id', 'last_used_at'])
  })

  test('names the browser and the system of each sign-in', async () => {
    const ann = await signUp()
    const headers = { 'User-Agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0' }
    const body = { email: ann.email, password: ann.password }
    const { token } = expectStatus(await api<Session>('POST', '/v1/sessions', { body, headers }), 201)
    const { items } = expectStatus(await api<{ items: LiveSession[] }>('GET', '/v1/sessions', { token }), 200)
    expect(items.map(({ device }) => device)).toEqual(['Firefox on Windows', null])
  })

  test("signs out one device by its id, but not another user's", async () => {
    const [ann, bea] = [await signUp(), await signUp()]
    const lost = await signIn(ann.email, ann.password)
    const { items } = expectStatus(await ann.call<{ items: LiveSession[] }>('GET', '/v1/sessions'), 200)
    const path = `/v1/sessions/${items.find((session) => !session.current)?.id}`
    expectProblem(await bea.call('DELETE', path), 404, 'not_found')
    expectStatus(await lost.call('GET', '/v1/me'), 200)
    expectStatus(await ann.call('DELETE', path), 204)
    expectProblem(await lost.call('GET', '/v1/me'), 401, 'unauthorized')
    expectStatus(await ann.call('GET', '/v1/me'), 200)
    expectProblem(await ann.call('DELETE', path), 404, 'not_found')
  })

  test('signs out all devices, and no other user', async () => {
    const [ann, bea] = [await signUp(), await signUp()]
    const other = await signIn(ann.email, ann.password)
    expectStatus(await other.call('DELETE', '/v1/sessions'), 204)
    for (const device of [ann, other]) expectProblem(await device.call('GET', '/v1/me'), 401, 'unauthorized')
    expectStatus(await bea.call('GET', '/v1/me'), 200)
  })
})

test('a call notes the use of a session, and its cached user does not outlive its end', async () => {
  const ann = await signUp()
  if (!sql) return
  const change = (last_used: string, left: string) => sql`
    update sessions set last_used_at = now() - ${last_used}::interval, expires_at = now() + ${left}::interval,
      ends_at = now() + ${left}::interval
    where user_id = ${ann.id}`
  await change('2 days', '2 s')
  const answer = expectStatus(await ann.call<{ items: LiveSession[] }>('GET', '/v1/sessions'), 200)
  expect(Date.parse(answer.items[0]?.last_used_at ?? '')).toBeGreaterThan(Date.now() - 60_000)
  const deadline = performance.now() + 20_000
  while ((await ann.call('GET', '/v1/me')).status === 200 && performance.now() < deadline) await Bun.sleep(50)
  expectProblem(await ann.call('GET', '/v1/me'), 401, 'unauthorized')
})

describe('Authorization', () => {
  test('is 401 with WWW-Authenticate for anything but a live token', async () => {
    const { token } = await signUp()
    for (const value of [
      '',
      'Bearer',
      'Bearer ',
      `Basic ${token}`,
      token,
      `Bearer ${token}x`,
      `Bearer ${token} ${token}`,
      'Bearer ../../etc/passwd',
      `Bearer ${'a'.repeat(5000)}`,
    ]) {
      const answer = await api<ProblemBody>('GET', '/v1/me', { headers: { Authorization: value } })
      expectProblem(answer, 401, 'unauthorized')
      expect(answer.headers.get('www-authenticate')).toStartWith('Bearer')
    }
    expectStatus(await api('GET', '/v1/me', { headers: { Authorization: `bearer ${token}` } }), 200)
  })
})
