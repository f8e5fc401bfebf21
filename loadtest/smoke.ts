/**
 * Every path of a purchase for a few seconds, to see that all of it answers: browse, search, checkout.
 * `bun run loadtest smoke` runs it against BASE_URL, whose catalogue must not be empty.
 */
import { check, fail } from 'k6'
import exec from 'k6/execution'
import http, { type RefinedResponse } from 'k6/http'
import type { Options } from 'k6/options'

const API = `${__ENV.BASE_URL}/v1`
const WORDS = ['ring', 'vintage', 'lamp', 'leather wallet', 'dress', 'mug', 'earrings', 'heart']
const ADDRESS = { name: 'Load Test', line1: '1 Main Street', city: 'Springfield', postal_code: '12345', country: 'US' }

/** Arrivals come at their own rate, whether or not the service keeps up: a slow answer must not thin out the load. */
function arriving(exec: string, rate: number) {
  return { executor: 'constant-arrival-rate', exec, rate, duration: '10s', preAllocatedVUs: 10, maxVUs: 50 } as const
}

export const options: Options = {
  scenarios: { browse: arriving('browse', 10), search: arriving('search', 10), checkout: arriving('checkout', 2) },
  thresholds: {
    checks: ['rate==1'],
    dropped_iterations: ['count==0'],
    'http_req_duration{scenario:browse}': ['p(95)<300'],
    'http_req_duration{scenario:search}': ['p(95)<500'],
    'http_req_duration{name:POST /v1/checkout}': ['p(95)<500'],
  },
}

type Item = { id: number; shop: { id: number } }

/** A shopper who looks around: the newest items, then the page of one. */
export function browse() {
  const items = findItems('')
  const item = pick(items)
  see(http.get(`${API}/products/${item.id}`, named('GET /v1/products/:id')), 200)
  see(http.get(`${API}/shops/${item.shop.id}`, named('GET /v1/shops/:id')), 200)
}

/** One search with facets, one completion of a half-typed word. */
export function search() {
  const word = pick(WORDS)
  findItems(word)
  see(http.get(`${API}/search/suggest?q=${encodeURIComponent(word.slice(0, 3))}`, named('GET /v1/search/suggest')), 200)
}

/** A new buyer with an item of each of two shops, who pays once. Items that exist once may be gone: that is no error. */
export function checkout() {
  const token = signIn()
  const items = findItems(pick(WORDS))
  const first = pick(items)
  const second = items.find((item) => item.shop.id !== first.shop.id) ?? first
  for (const item of [first, second]) {
    see(post('/cart/items', { product_id: item.id, quantity: 1 }, { token }), 201, 409)
  }
  const body = { shipping_address: ADDRESS, payment_method: 'pm_card_visa' }
  see(
    post('/checkout', body, { token, key: `smoke-${exec.vu.idInTest}-${exec.scenario.iterationInTest}-${Date.now()}` }),
    201,
    409,
  )
}

function signIn(): string {
  const email = `smoke-${Date.now()}-${exec.vu.idInTest}@example.com`
  const password = 'a long password for load'
  see(post('/users', { email, password, display_name: 'Load Test' }, {}), 201)
  const session = post('/sessions', { email, password }, {})
  see(session, 201)
  return session.json('token') as string
}

function findItems(words: string): Item[] {
  const answer = http.get(`${API}/search?limit=50&q=${encodeURIComponent(words)}`, named('GET /v1/search'))
  see(answer, 200)
  const items = answer.json('items') as unknown as Item[]
  if (items.length === 0) fail(`nothing is listed for "${words}"`)
  return items
}

function post(path: string, body: object, { token, key }: { token?: string; key?: string }) {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  if (token) headers.Authorization = `Bearer ${token}`
  if (key) headers['Idempotency-Key'] = key
  // An expected 409 is no failed request.
  return http.post(`${API}${path}`, JSON.stringify(body), {
    ...named(`POST /v1${path}`),
    headers,
    responseCallback: http.expectedStatuses(201, 409),
  })
}

/** One series per call, not one per URL. */
function named(name: string) {
  return { tags: { name } }
}

function see(answer: RefinedResponse<'text'>, ...statuses: number[]) {
  check(answer, { [`answers ${statuses.join(' or ')}`]: ({ status }) => statuses.includes(status) })
}

function pick<T>(list: T[]): T {
  const one = list[Math.floor(Math.random() * list.length)]
  if (one === undefined) throw new Error('there is nothing to pick from')
  return one
}
