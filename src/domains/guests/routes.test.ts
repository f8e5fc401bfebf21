import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Session } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  buy,
  checkOut,
  listItem,
  makeSeller,
  readOrders,
  signIn,
  signUp,
  startAsGuest,
} from '../../../test/support/shopper.ts'

const { api } = await startServer()
const newEmail = () => `${crypto.randomUUID()}@example.com`

describe('POST /v1/guests', () => {
  test('returns a token with an end, like a sign-in', async () => {
    const email = newEmail()
    const headers = { 'Accept-Language': 'de' }
    const answer = await api<Session>('POST', '/v1/guests', { body: { email }, headers })
    const { token, expires_at, user } = expectStatus(answer, 201)
    expect(user).toMatchObject({ email, display_name: 'Guest', is_guest: true, email_verified: false, locale: 'de' })
    expect(Date.parse(expires_at)).toBeGreaterThan(Date.now() + 24 * 3600_000)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('location')).toBe('/v1/sessions/current')
    expect(expectStatus(await api('GET', '/v1/me', { token }), 200)).toEqual(user)
  })

  test.each([{}, { email: 'ann' }, { email: 'ann@example.com', password: 'correct horse battery' }])(
    'rejects %j',
    async (body) => {
      const problem = expectProblem(await api('POST', '/v1/guests', { body }), 422, 'invalid_input')
      expect(fieldsOf(problem)).toEqual([Object.hasOwn(body, 'password') ? '#/password' : '#/email'])
    },
  )

  test('makes another guest in each call, with an address that others and an account have', async () => {
    const ann = await signUp()
    const [one, other] = [await startAsGuest(ann.email), await startAsGuest(ann.email.toUpperCase())]
    expect(new Set([ann.id, one.id, other.id]).size).toBe(3)
    const { seller, shop } = await makeSeller()
    const order = await buy(one, await listItem(seller, shop))
    expect((await readOrders(one)).map(({ id }) => id)).toEqual([order.id])
    for (const stranger of [ann, other]) {
      expect(await readOrders(stranger)).toEqual([])
      expectProblem(await stranger.call('GET', `/v1/orders/${order.id}`), 404, 'not_found')
    }
  })

  test('gives a cart with holds over several shops, and checkouts, as often as wanted', async () => {
    const guest = await startAsGuest()
    for (let n = 0; n < 2; n++) {
      const sellers = [await makeSeller(), await makeSeller()]
      for (const { seller, shop } of sellers) {
        const line = await addToCart(guest, await listItem(seller, shop))
        expect(line.reserved_until).not.toBeNull()
      }
      expect((await checkOut(guest)).orders.map(({ status }) => status)).toEqual(['paid', 'paid'])
    }
    expect(await readOrders(guest)).toHaveLength(4)
  })
})

describe('a guest', () => {
  test('has no password: neither a sign-in nor a change of it works', async () => {
    const guest = await startAsGuest()
    for (const password of ['', '*', 'correct horse battery'])
      expectProblem(await api('POST', '/v1/sessions', { body: { email: guest.email, password } }), 401, 'invalid_credentials')
    const change = { current_password: '*', new_password: 'correct horse battery' }
    const problem = expectProblem(await guest.call('PUT', '/v1/me/password', { body: change }), 422, 'invalid_input')
    expect(fieldsOf(problem)).toEqual(['#/current_password'])
  })

  test('leaves the address free for an account, which signs in by its own password', async () => {
    const guest = await startAsGuest()
    const account = { email: guest.email, password: 'correct horse battery', display_name: 'Ann' }
    expectStatus(await api('POST', '/v1/users', { body: account }), 201)
    expect((await signIn(guest.email, account.password)).id).not.toBe(guest.id)
    expectStatus(await guest.call('GET', '/v1/me'), 200)
  })
})
