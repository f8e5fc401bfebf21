/**
 * The round trips of a call to the database, counted on the wire: one for a read, none for a cache hit, two for a checkout,
 * before and after the payment. The process, or Redis, caches a session after its first call.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { expectStatus } from '../support/api.ts'
import type { ApiProcess } from '../support/api_process.ts'
import { type Api, openApi } from '../support/client.ts'
import { type CountingProxy, openCountingProxy } from '../support/counting_proxy.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeProduct } from '../support/factory.ts'
import { makePeople, type Person } from '../support/people.ts'
import { ADDRESS } from '../support/purchase.ts'
import { spawnApi } from '../support/server.ts'

/** Each connection prepares a statement at its first run, which takes another round trip. */
const POOL_SIZE = 10

let database: TestDatabase
let proxy: CountingProxy
let server: ApiProcess
let api: Api
let people: Person[]
let products: number[]
beforeAll(async () => {
  database = await openTestDatabase()
  proxy = await openCountingProxy(database.url, 'stallwright api')
  products = await Promise.all(Array.from({ length: 4 * POOL_SIZE }, () => makeProduct(database.sql, { quantity: 1000 })))
  people = await makePeople(database.sql, 4 * POOL_SIZE)
  server = await spawnApi({ DATABASE_URL: proxy.url, CHECK_ANSWERS: 'false' }, 'api')
  api = openApi(server.url)
})
afterAll(async () => {
  await server.stop()
  await proxy.stop()
  await database.close()
})

/** A different call for each number, such as for an uncached product or another user. */
type Turn = { token: string; product_id: number; turn: number }
type Call = (turn: Turn) => Promise<{ status: number }>

const get =
  (path: (turn: Turn) => string): Call =>
  (turn) =>
    api('GET', path(turn), { token: turn.token })
const addToCart: Call = ({ token, product_id }) => api('POST', '/v1/cart/items', { token, body: { product_id, quantity: 1 } })

const readProduct = get(({ product_id }) => `/v1/products/${product_id}`)
const checkOut: Call = ({ token, turn }) =>
  api('POST', '/v1/checkout', {
    token,
    headers: { 'Idempotency-Key': `trip-${turn}` },
    body: { shipping_address: ADDRESS, payment_method: 'pm_card_visa' },
  })

type Case = { name: string; trips: number; call: Call; before?: Call }
const cases: Case[] = [
  { name: 'a product page', trips: 1, call: readProduct },
  { name: 'a product page that was read before', trips: 0, call: readProduct, before: readProduct },
  { name: 'a search', trips: 1, call: get(({ turn }) => `/v1/search?q=item&price_max=${1000 + turn}`) },
  { name: 'a cart', trips: 1, call: get(() => '/v1/cart') },
  { name: 'a list of orders', trips: 1, call: get(() => '/v1/orders') },
  { name: 'an item added to a cart', trips: 1, call: addToCart },
  { name: 'a checkout', trips: 2, call: checkOut, before: addToCart },
]

for (const { name, trips, call, before } of cases)
  test(`${name}: ${trips}`, async () => {
    const counts: number[] = []
    for (let turn = 0; turn < 4 * POOL_SIZE; turn++) {
      const one = { token: people[turn]?.token ?? '', product_id: products[turn] ?? 0, turn }
      // The session is cached by then.
      expectStatus(await api('GET', '/v1/cart', { token: one.token }), 200)
      await before?.(one)
      const trips_before = proxy.countRoundTrips()
      expect((await call(one)).status).toBeOneOf([200, 201])
      counts.push(proxy.countRoundTrips() - trips_before)
    }
    // By then every connection has prepared the statement. Batches of views and searches add trips, but not in most calls.
    const settled = counts.slice(2 * POOL_SIZE).toSorted((one, other) => one - other)
    expect(settled[POOL_SIZE]).toBe(trips)
  })

test('a new session takes one more round trip', async () => {
  const counts: number[] = []
  for (const { token } of await makePeople(database.sql, 2 * POOL_SIZE)) {
    const before = proxy.countRoundTrips()
    expectStatus(await api('GET', '/v1/cart', { token }), 200)
    counts.push(proxy.countRoundTrips() - before)
  }
  expect(counts.toSorted((one, other) => one - other)[POOL_SIZE]).toBe(2)
})
