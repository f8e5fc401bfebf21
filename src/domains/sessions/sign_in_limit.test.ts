import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type TOTP, URI } from 'otpauth'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { openApi } from '../../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { unique } from '../../../test/support/factory.ts'
import type { SecondFactor, Session } from '../../../test/support/responses.ts'
import { spawnApi } from '../../../test/support/server.ts'

const PASSWORD = 'correct horse battery'
const OPERATOR_TOKEN = crypto.randomUUID()

/** A tenth of every limit: an address has one wrong password for an account, an account ten from anywhere, and five sessions. */
const SCALE = '0.1'
const MAX_SESSIONS = 5

let db: TestDatabase
let servers: [ApiProcess, ApiProcess]
let visitors = 0
beforeAll(async () => {
  db = await openTestDatabase()
  const settings = { DATABASE_URL: db.url, RATE_LIMIT_SCALE: SCALE, TRUSTED_PROXIES: '1', LOG_LEVEL: 'warn', OPERATOR_TOKEN }
  servers = [await spawnApi(settings), await spawnApi(settings, 'api')]
}, 60_000)
afterAll(async () => {
  for (const server of servers) await server.stop()
  await db.close()
})

/** An address without earlier calls. */
const newAddress = () => `192.0.2.${++visitors}`

type Call = { from?: string; server?: ApiProcess; token?: string; body?: unknown }

function ask<T>(method: string, path: string, { from = newAddress(), server = servers[0], token, body }: Call = {}) {
  return openApi(server.url)<T>(method, path, { token, body, headers: { 'X-Forwarded-For': from } })
}

const signIn = (email: string, from: string, password = PASSWORD) =>
  ask<Session>('POST', '/v1/sessions', { from, body: { email, password } })

async function makeAccount(email = `${unique('victim')}@example.com`): Promise<string> {
  expectStatus(await ask('POST', '/v1/users', { body: { email, password: PASSWORD, display_name: 'Vic' } }), 201)
  return email
}

/** As many wrong passwords as end the sign-in to an account from every unknown address. */
async function lockOut(email: string): Promise<void> {
  for (let n = 0; n < 10; n++) expectProblem(await signIn(email, newAddress(), 'a wrong password'), 401, 'invalid_credentials')
}

describe('wrong passwords of other people', () => {
  test('block sign-in from every address except those that the account used, which have their own limit', async () => {
    const email = await makeAccount()
    const home = newAddress()
    expectStatus(await signIn(email, home), 201)
    await lockOut(email)
    expectProblem(await signIn(email, newAddress()), 429, 'too_many_requests')
    expectStatus(await signIn(email, home), 201)
    expectProblem(await signIn(email, home, 'a wrong password'), 401)
    expectProblem(await signIn(email, home), 429, 'too_many_requests')
  })

  test('do not block the whole IPv6 /64 that the account used', async () => {
    const email = await makeAccount()
    expectStatus(await signIn(email, '2001:db8:1:2:aaaa::1'), 201)
    await lockOut(email)
    expectStatus(await signIn(email, '2001:db8:1:2:bbbb::2'), 201)
    expectProblem(await signIn(email, '2001:db8:1:3::1'), 429, 'too_many_requests')
  })

  test('do not block a live session from changing the password', async () => {
    const email = await makeAccount()
    const { token } = expectStatus(await signIn(email, newAddress()), 201)
    await lockOut(email)
    const from = newAddress()
    const body = { current_password: PASSWORD, new_password: 'battery horse correct' }
    expectStatus(await ask('PUT', '/v1/me/password', { token, from, body }), 204)
  })

  test('are counted for one account, however it is spelled, and no other spelling signs in to it', async () => {
    const email = await makeAccount()
    const from = newAddress()
    expectProblem(await signIn(email, from, 'a wrong password'), 401)
    expectProblem(await signIn(email.toUpperCase(), from), 429, 'too_many_requests')
    for (const other of [email.replace('i', 'İ'), email.replace('i', 'i\u0307'), email.replace('v', 'ｖ')])
      expectProblem(await signIn(other, newAddress()), 401, 'invalid_credentials')
  })
})

describe('concurrent attempts', () => {
  test('with the right password leave the account open, also while others are rejected', async () => {
    const email = await makeAccount()
    const from = newAddress()
    const answers = await Promise.all(Array.from({ length: 5 }, () => signIn(email, from)))
    expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 429)).toEqual([])
    expectStatus(await signIn(email, from), 201)
  })

  test('with a wrong one count like sequential ones, and rejected ones do not count for the account', async () => {
    const email = await makeAccount()
    const from = newAddress()
    const answers = await Promise.all(Array.from({ length: 8 }, () => signIn(email, from, 'a wrong password')))
    expect(answers.map(({ status }) => status).sort()).toEqual([401, ...Array(7).fill(429)])
    expectProblem(await signIn(email, from), 429, 'too_many_requests')
    // Nine more fill the ten of the account, each from an address of its own.
    for (let n = 0; n < 9; n++) expectProblem(await signIn(email, newAddress(), 'a wrong password'), 401)
    expectProblem(await signIn(email, newAddress()), 429, 'too_many_requests')
  })
})

/** Returns the numbers of sign-ins that succeeded, failed and were refused. */
async function countSignIns(): Promise<number[]> {
  const { text } = await ask('GET', '/metrics')
  return ['succeeded', 'failed', 'refused'].map((outcome) =>
    Number(new RegExp(`^sign_ins_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1]),
  )
}

test('wrong codes of a second factor are counted by account, a missing code is not, and the own address has its own count', async () => {
  const email = await makeAccount()
  const home = newAddress()
  const { token } = expectStatus(await signIn(email, home), 201)
  const begun = await ask<SecondFactor>('POST', '/v1/me/second-factor', { token, from: home, body: { password: PASSWORD } })
  const { otpauth_url, recovery_codes } = expectStatus(begun, 201)
  const [spare, other] = recovery_codes
  const code = (URI.parse(otpauth_url) as TOTP).generate()
  expectStatus(await ask('POST', '/v1/me/second-factor/confirm', { token, from: home, body: { code } }), 204)
  const enter = (from: string, code?: string) =>
    ask<Session>('POST', '/v1/sessions', { from, body: { email, password: PASSWORD, code } })
  const away = newAddress()
  const before = await countSignIns()
  for (let n = 0; n < 3; n++) expectProblem(await enter(away), 401, 'second_factor_required')
  expect(await countSignIns()).toEqual(before)
  expectProblem(await enter(away, code), 401, 'invalid_credentials')
  const refused = expectProblem(await enter(newAddress(), spare), 429, 'too_many_requests')
  expect(refused.detail).toStartWith('Too many codes')
  expectStatus(await enter(home, spare), 201)
  const body = { password: PASSWORD, code: other }
  expectProblem(await ask('DELETE', '/v1/me/second-factor', { token, from: home, body }), 429, 'too_many_requests')
})

test('wrong current passwords are counted by session, from any address', async () => {
  const email = await makeAccount()
  const [stolen, own] = [
    expectStatus(await signIn(email, newAddress()), 201),
    expectStatus(await signIn(email, newAddress()), 201),
  ]
  const change = (token: string, current_password: string) =>
    ask('PUT', '/v1/me/password', { token, body: { current_password, new_password: 'battery horse correct' } })
  expect(fieldsOf(expectProblem(await change(stolen.token, 'a wrong password'), 422))).toEqual(['#/current_password'])
  expectProblem(await change(stolen.token, PASSWORD), 429, 'too_many_requests')
  expectStatus(await change(own.token, PASSWORD), 204)
})

test('changes of the password are counted by account, also with the right password', async () => {
  const email = await makeAccount()
  const home = newAddress()
  const [stolen, own] = [expectStatus(await signIn(email, home), 201), expectStatus(await signIn(email, home), 201)]
  const change = (token: string, current_password: string, new_password: string) =>
    ask('PUT', '/v1/me/password', { token, body: { current_password, new_password } })
  // A thief with a token and without the password uses up none of the owner's changes.
  expectProblem(await change(stolen.token, 'a wrong password', 'battery horse correct'), 422)
  expectStatus(await change(own.token, PASSWORD, 'battery horse correct'), 204)
  const refused = await change(own.token, 'battery horse correct', PASSWORD)
  expectProblem(refused, 429, 'too_many_requests')
  expect(refused.headers.get('ratelimit-policy')).toBe('"password_change";q=1;w=3600')
  expectStatus(await signIn(email, home, 'battery horse correct'), 201)
})

test('a session above the limit ends the oldest, at once on every server', async () => {
  const email = await makeAccount()
  const home = newAddress()
  const tokens: string[] = []
  for (let n = 0; n < MAX_SESSIONS; n++) tokens.push(expectStatus(await signIn(email, home), 201).token)
  const [oldest = '', second = ''] = tokens
  // Each server has the session in its cache by then.
  for (const server of servers) expectStatus(await ask('GET', '/v1/me', { token: oldest, server }), 200)
  expectStatus(await signIn(email, home), 201)
  for (const server of servers) {
    expectProblem(await ask('GET', '/v1/me', { token: oldest, server }), 401, 'unauthorized')
    expectStatus(await ask('GET', '/v1/me', { token: second, server }), 200)
  }
})

type Line = { event?: string; user_id?: number; address_hash?: string; account_hash?: string; policy?: string; route: string }

/** The events of the log of the first server, when there are as many of these as asked for. */
async function eventsOf(address_hash: string | undefined, count: number): Promise<Line[]> {
  const deadline = performance.now() + 20_000
  for (;;) {
    const lines = servers[0].lines.map((line) => JSON.parse(line) as Line)
    const events = lines.filter((line) => line.event && (!address_hash || line.address_hash === address_hash))
    if (events.length >= count || performance.now() > deadline) return events
    await Bun.sleep(20)
  }
}

test('failed sign-ins, rejections and changes of the password are log lines with keyed hashes', async () => {
  const email = await makeAccount()
  const from = newAddress()
  const other = expectStatus(await signIn(email, from), 201).token
  const { token, user } = expectStatus(await signIn(email, from), 201)
  expectProblem(await signIn(email, from, 'a wrong password'), 401)
  const { address_hash } = (await eventsOf(undefined, 1)).findLast((line) => line.user_id === user.id) as Line
  expectProblem(await signIn(email.toUpperCase(), from), 429)
  expectProblem(await signIn(`${unique('nobody')}@example.com`, from), 401)
  const change = (token: string, current_password: string) =>
    ask('PUT', '/v1/me/password', { token, from, body: { current_password, new_password: 'battery horse correct' } })
  expectProblem(await change(other, 'a wrong password'), 422)
  expectStatus(await change(token, PASSWORD), 204)
  const events = await eventsOf(address_hash, 5)
  expect(events.map((line) => line.event)).toEqual([
    'sign_in_failed',
    'rate_limited',
    'sign_in_failed',
    'password_change_failed',
    'password_changed',
  ])
  const [failed, refused, unknown, , changed] = events
  expect(failed).toMatchObject({ user_id: user.id, account_hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(failed?.address_hash).toMatch(/^[0-9a-f]{64}$/)
  expect(refused).toMatchObject({ user_id: user.id, account_hash: failed?.account_hash, policy: 'sign_in_address' })
  expect(unknown?.user_id).toBeUndefined()
  expect(unknown?.account_hash).not.toBe(failed?.account_hash)
  expect(changed).toMatchObject({ user_id: user.id, account_hash: failed?.account_hash })
  const text = servers[0].lines.join('\n')
  for (const secret of [email, from, PASSWORD, 'a wrong password', token]) expect(text).not.toContain(secret)
})

test('sign-ins of operators are log lines, too, without the token', async () => {
  const from = newAddress()
  const look = (token: string) =>
    openApi(servers[0].url)('GET', '/admin/queues', {
      headers: { 'X-Forwarded-For': from, Authorization: `Basic ${btoa(`ann:${token}`)}` },
    })
  expectStatus(await look(OPERATOR_TOKEN), 200)
  expectProblem(await look('a wrong token of theirs'), 401, 'unauthorized')
  expectProblem(await look(OPERATOR_TOKEN), 429, 'too_many_requests')
  const address_hash = (await eventsOf(undefined, 1)).find((line) => line.event === 'operator_signed_in')?.address_hash
  const events = await eventsOf(address_hash, 3)
  expect(events.map(({ event, policy }) => [event, policy])).toEqual([
    ['operator_signed_in', undefined],
    ['operator_sign_in_failed', undefined],
    ['rate_limited', 'operator_sign_in'],
  ])
  const text = servers[0].lines.join('\n')
  for (const secret of [OPERATOR_TOKEN, 'a wrong token of theirs']) expect(text).not.toContain(secret)
})

test('sign-ins are counted by outcome', async () => {
  const before = await countSignIns()
  const email = await makeAccount()
  const from = newAddress()
  await signIn(email, from)
  await signIn(email, from, 'a wrong password')
  await signIn(email, from)
  expect((await countSignIns()).map((count, n) => count - (before[n] ?? 0))).toEqual([1, 1, 1])
})
