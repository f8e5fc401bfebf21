import { describe, expect, test } from 'bun:test'
import { hc } from 'hono/client'
import type { ExtractSchema } from 'hono/types'
import type { paths } from '../client/openapi.ts'
import { operationsOf, readOpenApi } from '../test/support/openapi.ts'
import { startServer } from '../test/support/server.ts'
import type { App } from './api.ts'
import { createApp } from './app.ts'
import type { Services } from './http/env.ts'
import { declarationOf } from './http/operation/operation.ts'
import { createMetrics } from './platform/metrics/metrics.ts'

const { url } = await startServer()
const guest = hc<App>(url)

type Methods<P> = { [M in keyof P]: P[M] extends undefined ? never : M extends 'parameters' ? never : M }[keyof P]
type DocumentPath<P> = P extends `${infer Head}:${infer Name}/${infer Rest}`
  ? `${Head}{${Name}}/${DocumentPath<Rest>}`
  : P extends `${infer Head}:${infer Name}`
    ? `${Head}{${Name}}`
    : P
/** Calls such as "post /v1/users", in the document and in the types of `hc`. */
type Documented = { [P in keyof paths & `/v1/${string}`]: `${Methods<paths[P]> & string} ${P}` }[keyof paths & `/v1/${string}`]
type Known<S = ExtractSchema<App>> = {
  [P in keyof S & `/v1/${string}`]: `${keyof S[P] & string} ${DocumentPath<P> & string}`
}[keyof S & `/v1/${string}`]

type Difference = Exclude<Known, `$${Documented}`> | Exclude<`$${Documented}`, Known>
/** Compiles only if both have the same calls. The compiler names the difference. */
const difference: [Difference] extends [never] ? 'none' : Difference = 'none'

/** Pages, which are no calls. */
const PAGES = [
  'GET /',
  'GET /payment-actions/done',
  'GET /payment-actions/:checkout_id/:token',
  'POST /payment-actions/:checkout_id/:token',
  'GET /payout-accounts/again',
  'GET /payout-accounts/done',
  'GET /payout-accounts/:shop_id/:token',
  'POST /payout-accounts/:shop_id/:token',
  'GET /order-access/:token',
  'GET /verify-email/:token',
  'POST /verify-email/:token',
  'GET /reset-password/:token',
  'POST /reset-password/:token',
  'GET /unsubscribe/:token',
  'POST /unsubscribe/:token',
  'GET /problems/:code',
  'GET /robots.txt',
  'GET /favicon.ico',
  'GET /docs/',
  'GET /demo/',
  'GET /demo',
  'GET /demo/:asset',
  'GET /docs',
  'GET /docs/:asset',
  'GET /.well-known/security.txt',
]

describe('the router', () => {
  const { routes } = createApp({ cors_origins: [], metrics: createMetrics() } as unknown as Services)
  const served = routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)

  test('serves the declared calls, and otherwise only pages', () => {
    const declared = routes.filter(({ handler }) => declarationOf(handler)).map(({ method, path }) => `${method} ${path}`)
    expect([...new Set(served)].filter((call) => !declared.includes(call)).sort()).toEqual([...PAGES].sort())
  })

  test('serves what /openapi.json describes, and nothing else', async () => {
    const described = operationsOf(await readOpenApi()).map(({ method, path }) => `${method} ${path}`)
    const calls = [...new Set(served)].filter((call) => !PAGES.includes(call))
    expect(calls.map((call) => call.replace(/(?<=.)\/$/, '').replace(/:(\w+)/g, '{$1}')).sort()).toEqual(described.sort())
  })
})

describe('hc<App>', () => {
  test('has every documented call', () => {
    expect(difference).toBe('none')
  })

  test('takes ids as numbers, and types each response by its status', async () => {
    const who = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse battery' }
    const registered = await guest.v1.users.$post({ json: { ...who, display_name: 'Ann' } })
    expect(registered.status).toBe(201)
    const session = await guest.v1.sessions.$post({ json: who })
    if (!session.ok) throw new Error((await session.json()).detail)
    const { token, user } = await session.json()
    const ann = hc<App>(url, { headers: { Authorization: `Bearer ${token}` } })

    const shipping = { base: '0', per_extra_item: '0', processing_days_min: 1, processing_days_max: 2 }
    const opened = await ann.v1.shops.$post({ json: { name: 'Kiln & Loom', shipping } })
    if (!opened.ok) throw new Error((await opened.json()).detail)
    const shop = await opened.json()
    expect(shop.owner_id).toBe(user.id)
    const param = { fav_type: 'shop', fav_id: shop.id } as const
    expect((await ann.v1.favorites[':fav_type'][':fav_id'].$put({ param })).status).toBe(204)
    const favorites = await ann.v1.favorites.$get({ query: { limit: 1 } })
    if (!favorites.ok) throw new Error((await favorites.json()).detail)
    expect((await favorites.json()).items[0]).toMatchObject({
      fav_id: shop.id,
      shop: { name: 'Kiln & Loom', favorites_count: 1 },
    })
  })

  test('returns a refusal as a problem with its code', async () => {
    const absent = await guest.v1.products[':id'].$get({ param: { id: 999_999_999 } })
    if (absent.ok) throw new Error('there is such a product')
    const { code, request_id } = await absent.json()
    expect({ status: absent.status, code }).toEqual({ status: 404, code: 'not_found' })
    expect(absent.headers.get('x-request-id')).toBe(request_id)
  })

  test('the compiler rejects invalid input, and the service does too', async () => {
    // @ts-expect-error a limit is a number
    expect((await guest.v1.search.$get({ query: { limit: 'ten' } })).status).toBe(422)
    // @ts-expect-error a review has a rating
    expect((await guest.v1.orders[':id'].review.$post({ param: { id: 1 }, json: {} })).status).toBe(401)
    const json = {
      payment_method: 'pm_card_visa',
      shipping_address: { name: 'A', line1: 'B', city: 'C', postal_code: 'D', country: 'US' },
    }
    // @ts-expect-error a checkout needs an Idempotency-Key
    expect((await guest.v1.checkout.$post({ json })).status).toBe(401)
    // @ts-expect-error there is no such path
    expect((await guest.v1.wishlist.$get()).status).toBe(404)
    const found = await guest.v1.search.$get({ query: { q: 'bowl' } })
    // @ts-expect-error a price is a decimal string and never a float
    if (found.ok) (await found.json()).items.map(({ price }) => price * 2)
  })
})
