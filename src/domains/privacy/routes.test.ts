import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Redis } from 'ioredis'
import { type RedisProcess, startRedis } from '../../../test/faults/servers/redis_process.ts'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { type Api, type Input, openApi } from '../../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { payOut } from '../../../test/support/ledger.ts'
import { findTraces, TRACE, TRACED } from '../../../test/support/person_traces.ts'
import { PURCHASE } from '../../../test/support/purchase.ts'
import { requires } from '../../../test/support/requirements.ts'
import type { CartItemAdded, Category, Checkout, Page, Product, Session, Shop } from '../../../test/support/responses.ts'
import { spawnApi, startServer } from '../../../test/support/server.ts'
import {
  buy,
  eventually,
  freeShipping,
  listItem,
  makeSeller,
  placeOrder,
  shipOrder,
  signUp,
  startAsGuest,
} from '../../../test/support/shopper.ts'
import type { Pool } from '../../platform/db/client.ts'

const server = await startServer()

describe('DELETE /v1/me', () => {
  test('needs the password of an account', async () => {
    const ann = await signUp()
    for (const body of [undefined, {}, { password: 'wrong horse battery' }]) {
      const problem = expectProblem(await ann.call('DELETE', '/v1/me', body ? { body } : {}), 422, 'invalid_input')
      expect(problem.errors).toEqual([{ pointer: '#/password', detail: 'must be the current password' }])
    }
    expectStatus(await ann.call('DELETE', '/v1/me', { body: { password: ann.password } }), 202)
    expectProblem(await ann.call('GET', '/v1/me'), 401, 'unauthorized')
    const again = await ann.call('POST', '/v1/users', {
      token: '',
      body: { email: ann.email, password: ann.password, display_name: 'Ann' },
    })
    expectStatus(again, 201)
  })

  test('of a guest needs no body', async () => {
    const guest = await startAsGuest()
    expectStatus(await guest.call('DELETE', '/v1/me'), 202)
    expectProblem(await guest.call('GET', '/v1/me'), 401, 'unauthorized')
  })

  test('is refused while an order is open, and names it', async () => {
    const { buyer, seller, order } = await placeOrder()
    for (const { call, password } of [buyer, seller]) {
      const problem = expectProblem(await call('DELETE', '/v1/me', { body: { password } }), 409, 'orders_open')
      expect(problem).toMatchObject({ order_ids: [order.id] })
    }
    await shipOrder(seller, order)
    expectStatus(await buyer.call('DELETE', '/v1/me', { body: { password: buyer.password } }), 202)
  })
})

test('DELETE /v1/me is refused while a shop has a balance, and names the shop', async () => {
  const { seller, shop, order } = await placeOrder()
  await shipOrder(seller, order)
  const problem = expectProblem(
    await seller.call('DELETE', '/v1/me', { body: { password: seller.password } }),
    409,
    'balance_open',
  )
  expect(problem).toMatchObject({ shop_ids: [shop.id] })
  await payOut(server.sql as Pool, shop.id)
  expectStatus(await seller.call('DELETE', '/v1/me', { body: { password: seller.password } }), 202)
})

test('GET /v1/me/export returns the rows of the person by table, as a file', async () => {
  const { seller, shop } = await makeSeller()
  const buyer = await signUp()
  const order = await buy(buyer, await listItem(seller, shop))
  const answer = await buyer.call<Record<string, { id: number }[]>>('GET', '/v1/me/export')
  expect(expectStatus(answer, 200)).toMatchObject({ users: [{ id: buyer.id, email: buyer.email }], orders: [{ id: order.id }] })
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="stallwright.json"')
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

/** Lists an item of a new shop, and buys it. Returns the call that ships the order with one key. */
async function sell(seller: Api, buyer: Api) {
  const shop = expectStatus(await seller<Shop>('POST', '/v1/shops', { body: { name: 'Kiln', shipping: freeShipping } }), 201)
  const { items } = expectStatus(await seller<Page<Category>>('GET', '/v1/categories'), 200)
  const listing = { title: 'Bowl', price: '5', category_id: items[0]?.id }
  const product = expectStatus(await seller<Product>('POST', `/v1/shops/${shop.id}/products`, { body: listing }), 201)
  expectStatus(await buyer<CartItemAdded>('POST', '/v1/cart/items', { body: { product_id: product.id, quantity: 1 } }), 201)
  const notes = [{ shop_id: shop.id, note: `For ${TRACED.display_name}`, is_gift: true, gift_message: TRACED.display_name }]
  const body = { ...PURCHASE, shipping_address: TRACED.address, notes }
  const headers = { 'Idempotency-Key': TRACED.email }
  const { orders } = expectStatus(await buyer<Checkout>('POST', '/v1/checkout', { body, headers }), 201)
  const parcel = { body: { carrier: 'Post', tracking_number: '1' }, headers: { 'Idempotency-Key': 'parcel' } }
  return () => seller('POST', `/v1/orders/${orders[0]?.id}/ship`, parcel)
}

/** Whether a key or a value of Redis has the person. */
async function redisHolds(url: string): Promise<boolean> {
  const redis = new Redis(url)
  const keys = await redis.keys('*')
  const values = keys.length > 0 ? await redis.mget(keys) : []
  redis.disconnect()
  expect(keys.some((key) => key.startsWith('limit:sign_in'))).toBe(true)
  return TRACE.test([...keys, ...values].join('\n'))
}

describe.if(requires('redis-server'))('after a deletion', () => {
  let redis: RedisProcess
  let database: TestDatabase
  let server: ApiProcess
  let api: Api
  beforeAll(async () => {
    ;[redis, database] = [await startRedis(), await openTestDatabase()]
    server = await spawnApi({ DATABASE_URL: database.url, REDIS_URL: redis.url, LOG_LEVEL: 'debug' })
    api = openApi(server.url)
  })
  afterAll(async () => {
    await server.stop()
    await redis.kill()
    await database.close()
  })

  test('no table, no key of Redis and no line of the log has the name, the e-mail or the street', async () => {
    const seller = await signUp('Sam', 'correct horse battery', api)
    const password = 'a long and quiet word'
    expectStatus(await api('POST', '/v1/users', { body: { ...TRACED, address: undefined, password } }), 201)
    for (const wrong of ['one wrong word', 'another wrong word'])
      expectProblem(
        await api('POST', '/v1/sessions', { body: { email: TRACED.email, password: wrong } }),
        401,
        'invalid_credentials',
      )
    const { token } = expectStatus(await api<Session>('POST', '/v1/sessions', { body: { email: TRACED.email, password } }), 201)
    const call: Api = (method, path, input: Input = {}) => api(method, path, { token, ...input })
    // The seller keeps a response with the address.
    const ship = await sell(seller.call, call)
    expectStatus(await ship(), 200)
    expect((await ship()).text).toMatch(TRACE)
    expect(await redisHolds(redis.url)).toBe(true)
    expectStatus(await call('DELETE', '/v1/me', { body: { password } }), 202)
    const lastMail = () => database.sql`select from mails where kind = 'account_erased'`
    await eventually(20_000, lastMail, (mails) => mails.length === 0)
    expect(await findTraces(database.sql)).toEqual([])
    expect(await redisHolds(redis.url)).toBe(false)
    expect(server.lines.join('\n').match(TRACE)).toBeNull()
    expectProblem(await ship(), 409, 'idempotency_gone')
  })
})
