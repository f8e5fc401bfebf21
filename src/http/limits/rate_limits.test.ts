import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Redis } from 'ioredis'
import { type RedisProcess, startRedis } from '../../../test/faults/servers/redis_process.ts'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { type Answer, openApi } from '../../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import { requires } from '../../../test/support/requirements.ts'
import { spawnApi } from '../../../test/support/server.ts'
import { createRateLimits } from './rate_limits.ts'

/** Twelve calls a minute by address or user, one wrong password by account and address. */
const SCALE = '0.01'
const POINTS = 12

let db: TestDatabase
let visitors = 0
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const start = (variables: Record<string, string> = {}) =>
  spawnApi({ DATABASE_URL: db.url, RATE_LIMIT_SCALE: SCALE, TRUSTED_PROXIES: '1', ...variables })
/** Returns an address that has made no call yet. */
const newAddress = () => `192.0.2.${++visitors}`
const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } })
const browse = (server: ApiProcess, address: string) => openApi(server.url)('GET', '/v1/categories', from(address))
const statuses = (answers: Answer<unknown>[]) => answers.map((answer) => answer.status)

describe('in one process', () => {
  let server: ApiProcess
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  test('counts down in every response, then rejects with Retry-After; other callers continue', async () => {
    const address = newAddress()
    const first = await browse(server, address)
    expect(first.headers.get('ratelimit-policy')).toBe(`"address";q=${POINTS};w=60`)
    expect(first.headers.get('ratelimit')).toMatch(new RegExp(`^"address";r=${POINTS - 1};t=\\d+$`))
    const rest = await Promise.all(Array.from({ length: POINTS + 3 }, () => browse(server, address)))
    expect(statuses(rest).filter((status) => status === 200)).toHaveLength(POINTS - 1)
    const refused = await browse(server, address)
    expectProblem(refused, 429, 'too_many_requests')
    expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 61)
    expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/)
    expectStatus(await browse(server, newAddress()), 200)
  })

  test('a call that is rejected for another reason counts, and its headers show it', async () => {
    const api = openApi(server.url)
    const address = newAddress()
    const bad = await api('GET', '/v1/me', { ...from(address), token: 'a'.repeat(40) })
    expectProblem(bad, 401, 'unauthorized')
    expect(bad.headers.get('ratelimit')).toStartWith(`"address";r=${POINTS - 1};`)
    const wrong = await api('GET', '/v1/categories?nonsense=1', from(address))
    expectProblem(wrong, 400, 'invalid_query')
    expect(wrong.headers.get('ratelimit')).toStartWith(`"address";r=${POINTS - 2};`)
  })

  test('a client cannot choose its address with X-Forwarded-For', async () => {
    const address = newAddress()
    const answers = await Promise.all(Array.from({ length: POINTS + 1 }, (_, n) => browse(server, `10.0.0.${n}, ${address}`)))
    expect(statuses(answers).filter((status) => status === 429)).toHaveLength(1)
  })

  test('probes and documents are not counted', async () => {
    const api = openApi(server.url)
    const address = newAddress()
    for (const path of ['/livez', '/readyz', '/openapi.json', '/docs', '/demo', '/demo/page.css']) {
      const answer = await api('GET', path, from(address))
      expectStatus(answer, 200)
      expect(answer.headers.has('ratelimit')).toBe(false)
    }
    expect((await browse(server, address)).headers.get('ratelimit')).toStartWith(`"address";r=${POINTS - 1};`)
  })
})

test('trusts no proxy by default', async () => {
  const server = await start({ TRUSTED_PROXIES: '0' })
  const answers = await Promise.all(Array.from({ length: POINTS + 2 }, () => browse(server, newAddress())))
  expect(statuses(answers).filter((status) => status === 429)).toHaveLength(2)
  await server.stop()
})

describe('stricter limits', () => {
  let server: ApiProcess
  beforeAll(async () => {
    server = await start({ RATE_LIMIT_SCALE: '0.1' })
  })
  afterAll(() => server.stop())

  const password = 'correct horse battery'
  const register = (email: string, address: string) =>
    openApi(server.url)('POST', '/v1/users', { ...from(address), body: { email, password, display_name: 'Ann' } })
  const newAccount = async () => {
    const email = `${crypto.randomUUID()}@example.com`
    expectStatus(await register(email, newAddress()), 201)
    return email
  }
  const signIn = (email: string, password: string, address: string) =>
    openApi(server.url)<{ token: string }>('POST', '/v1/sessions', { ...from(address), body: { email, password } })

  test('wrong passwords block sign-in from their address, not from others; an unknown e-mail looks the same', async () => {
    for (const email of [await newAccount(), `${crypto.randomUUID()}@example.com`]) {
      const address = newAddress()
      expectProblem(await signIn(email, 'a wrong password', address), 401, 'invalid_credentials')
      const refused = await signIn(email.toUpperCase(), password, address)
      expectProblem(refused, 429, 'too_many_requests')
      expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 301)
    }
    const email = await newAccount()
    expectProblem(await signIn(email, 'a wrong password', newAddress()), 401, 'invalid_credentials')
    expectStatus(await signIn(email, password, newAddress()), 201)
  })

  test('wrong passwords from many addresses block sign-in to an account', async () => {
    const email = await newAccount()
    for (let n = 0; n < 10; n++) expectProblem(await signIn(email, 'a wrong password', newAddress()), 401, 'invalid_credentials')
    expectProblem(await signIn(email, password, newAddress()), 429, 'too_many_requests')
  })

  test('refuses more sign-ins, registrations and guests from one address, for any accounts', async () => {
    const address = newAddress()
    for (let n = 0; n < 10; n++)
      expectProblem(await signIn(`${n}@example.com`, 'a wrong password', address), 401, 'invalid_credentials')
    const refused = await signIn(await newAccount(), password, address)
    expectProblem(refused, 429, 'too_many_requests')
    expect(refused.headers.get('ratelimit-policy')).toBe('"sign_in";q=10;w=300')
    const answers = await Promise.all(Array.from({ length: 5 }, () => register(`${crypto.randomUUID()}@example.com`, address)))
    expect(statuses(answers).sort()).toEqual([201, 201, 201, 429, 429])
    const guest = { ...from(address), body: { email: 'ann@example.com' } }
    expectProblem(await openApi(server.url)('POST', '/v1/guests', guest), 429, 'too_many_requests')
  })

  test('refuses more checkouts of one buyer, from any address', async () => {
    const { token } = expectStatus(await signIn(await newAccount(), password, newAddress()), 201)
    const checkOut = () => {
      const headers = { 'X-Forwarded-For': newAddress(), 'Idempotency-Key': crypto.randomUUID() }
      return openApi(server.url)('POST', '/v1/checkout', {
        headers,
        token,
        body: { payment_method: 'pm_card_visa', shipping_address: ADDRESS },
      })
    }
    for (let n = 0; n < 3; n++) expectProblem(await checkOut(), 409, 'cart_empty')
    const refused = await checkOut()
    expectProblem(refused, 429, 'too_many_requests')
    expect(refused.headers.get('ratelimit-policy')).toBe('"checkout";q=3;w=60')
    expectStatus(await openApi(server.url)('GET', '/v1/me', { ...from(newAddress()), token }), 200)
  })
})

test('a call that is given back is not counted', async () => {
  const limits = createRateLimits(null, 1)
  const taken = await limits.take('sign_in_address', 'ann')
  await limits.giveBack('sign_in_address', 'ann', taken)
  expect(await limits.take('sign_in_address', 'ann')).toMatchObject({ allowed: true, remaining: 9 })
})

test('a call that is given back after its window does not count in the next one', async () => {
  const limits = createRateLimits(null, 1)
  const taken = await limits.take('sign_in_address', 'ann')
  await limits.giveBack('sign_in_address', 'bob', { ...taken, ends_at_ms: performance.now() })
  // Otherwise a caller that gives back late would have eleven tries.
  expect(await limits.take('sign_in_address', 'bob')).toMatchObject({ allowed: true, remaining: 9 })
})

describe.if(requires('redis-server'))('in two processes with one Redis', () => {
  let redis: RedisProcess
  let servers: [ApiProcess, ApiProcess]
  beforeAll(async () => {
    redis = await startRedis()
    servers = await Promise.all([start({ REDIS_URL: redis.url }), start({ REDIS_URL: redis.url })])
    for (const server of servers) await untilShared(server)
  }, 30_000)
  afterAll(async () => {
    for (const server of servers) await server.stop()
    await redis.kill()
  })

  /** The first calls can come before the connection to Redis. Then one process counts alone. */
  async function untilShared(server: ApiProcess): Promise<void> {
    const client = new Redis(redis.url)
    let address: string
    do {
      address = newAddress()
      await browse(server, address)
    } while ((await client.exists(`limit:address:${address}`)) === 0)
    client.disconnect()
  }

  test('counts calls and wrong passwords of all processes together', async () => {
    const address = newAddress()
    const answers = await Promise.all(Array.from({ length: 2 * POINTS }, (_, n) => browse(servers[n % 2] as ApiProcess, address)))
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(POINTS)
    const body = { email: `${crypto.randomUUID()}@example.com`, password: 'a wrong password' }
    const signIn = (server: ApiProcess, there: string) => openApi(server.url)('POST', '/v1/sessions', { ...from(there), body })
    const there = newAddress()
    expectProblem(await signIn(servers[0], there), 401, 'invalid_credentials')
    expectProblem(await signIn(servers[1], there), 429, 'too_many_requests')
  })

  test('each process counts alone while Redis is gone', async () => {
    await redis.kill()
    const address = newAddress()
    for (const server of servers) {
      const answers = await Promise.all(Array.from({ length: POINTS + 2 }, () => browse(server, address)))
      expect(statuses(answers).filter((status) => status === 200)).toHaveLength(POINTS)
      expect(statuses(answers).filter((status) => status === 429)).toHaveLength(2)
    }
  })
})
