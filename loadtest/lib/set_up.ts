/** Without STAGE, in a manual run of k6: makes a small stage over the API, and archives its listings at the end. */
import { fail } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import { BASE_URL, type Scene } from './call.ts'
import { type Basket, crowd_size, type Good, is_prepared, pick, type Seller, type Stage } from './stage.ts'

/** A stage; teardown archives the listings of `sellers` and of `stalls`. */
type MadeStage = Stage & { stalls: Stall[] }
type Stall = Seller & { goods: Good[] }

const PAGES = 3
const SHOPS = 4
const LISTINGS_OF_A_SHOP = 25
const BASKETS = 200
const RARE = 10
/** What a listing has beside its price. */
const KINDS = [
  {},
  { options: [{ name: 'Size', values: ['S', 'L'] }], variants: [{ option_values: ['S'] }, { option_values: ['L'] }] },
  { personalization: { instructions: 'The name to put on it', is_required: true, max_length: 100 } },
]
/** The number of concurrent calls. Each registration takes about 50 ms of a core. */
const BATCH = 10

/** Reads the catalog. For suites with buyers or sellers, also registers users and lists items. Returns null if STAGE is set. */
export function setup(): MadeStage | null {
  if (is_prepared) return null
  const scenarios = Object.values(exec.test.options.scenarios ?? {}) as { exec: Scene; maxVUs?: number }[]
  const has = (...scenes: Scene[]) => scenarios.some((scenario) => scenes.includes(scenario.exec))
  // A flash sale registers its own users.
  const ordinary = scenarios.filter((scenario) => scenario.exec !== 'flash_sale')
  const virtual_users = ordinary.reduce((sum, { maxVUs }) => sum + (maxVUs ?? 0), 0)
  const catalog = readCatalog()
  const category_id = catalog.category_ids[0] as number
  const openShops = (is_needed: boolean, quantity: number, count = LISTINGS_OF_A_SHOP) =>
    is_needed ? register(SHOPS).map((token) => openShop(token, category_id, count, quantity)) : []
  const [stalls, sellers] = [openShops(has('cart', 'checkout'), 1_000_000), openShops(has('seller'), 1)]
  const rare = openShops(has('flash_sale'), RARE, 1)
  return {
    ...catalog,
    people: has('cart', 'checkout') ? register(virtual_users) : [],
    crowd: has('flash_sale') ? register(crowd_size) : [],
    sellers,
    goods: stalls.flatMap(({ goods }) => goods),
    baskets: Array.from({ length: BASKETS }, makeBasket),
    rarities: rare.flatMap(({ product_ids }) => product_ids.map((id) => ({ id, quantity: RARE }))),
    stalls: [...stalls, ...rare],
  }
}

/** Archives the listings of setup. Its users, shops and orders stay. */
export function teardown(made: MadeStage | null): void {
  for (const { token, product_ids } of made ? [...made.sellers, ...made.stalls] : [])
    inBatches(product_ids.map((id) => ['DELETE', `/products/${id}`, null, token]))
}

type Request = [method: string, path: string, body: object | null, token?: string]

/** Returns listings, their shops, the categories, and the first two words of each title as a query. */
function readCatalog() {
  const items: { id: number; title: string; shop: { id: number } }[] = []
  let cursor: string | null = ''
  for (let page = 0; page < PAGES && cursor !== null; page++) {
    const after: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
    const [answer] = inBatches<{ items: typeof items; next_cursor: string | null }>([['GET', `/search?limit=100${after}`, null]])
    items.push(...(answer?.items ?? []))
    cursor = answer?.next_cursor ?? null
  }
  if (items.length === 0) fail(`Nothing is listed on ${BASE_URL}: import or seed a catalog first.`)
  const [tree] = inBatches<{ items: { id: number; slug: string }[] }>([['GET', '/categories', null]])
  const categories = tree?.items ?? []
  return {
    listings: items.map(({ id }) => id),
    shops: [...new Set(items.map(({ shop }) => shop.id))],
    categories: categories.map(({ slug }) => slug),
    category_ids: categories.map(({ id }) => id),
    queries: items.map(({ title }) => title.toLowerCase().split(' ').slice(0, 2).join(' ')),
  }
}

/** Registers users and signs them in. Returns their tokens. */
function register(count: number): string[] {
  const password = `load ${Math.random()}`
  const emails = Array.from(
    { length: count },
    (_, place) => `load-${Date.now()}-${Math.random().toString(36).slice(2)}-${place}@prove.invalid`,
  )
  inBatches(emails.map((email) => ['POST', '/users', { email, password, display_name: 'Load Test' }]))
  return inBatches<{ token: string }>(emails.map((email) => ['POST', '/sessions', { email, password }])).map(({ token }) => token)
}

/** Of three listings one has variants, and one takes a text. */
function openShop(token: string, category_id: number, count: number, quantity: number): Stall {
  const shipping = { base: '3.99', per_extra_item: '0.50', processing_days_min: 1, processing_days_max: 3 }
  const name = `Load Test ${Math.random().toString(36).slice(2)}`
  const [shop] = inBatches<{ id: number }>([['POST', '/shops', { name, shipping }, token]])
  const listing = { description: 'For a load test.', quantity, category_id, tags: [], images: [], is_vintage: false }
  const shop_id = shop?.id ?? 0
  const listings = inBatches<{ id: number; variants: { id: number }[]; personalization: object | null }>(
    Array.from({ length: count }, (_, place) => [
      'POST',
      `/shops/${shop_id}/products`,
      { ...listing, ...KINDS[place % KINDS.length], title: `Load test listing ${place + 1}`, price: `${5 + place}.25` },
      token,
    ]),
  )
  const goods = listings.map(({ id, variants, personalization }) => ({
    id,
    shop_id,
    variants: variants.map((variant) => variant.id),
    takes_text: personalization !== null,
  }))
  return { token, shop_id, product_ids: listings.map(({ id }) => id), goods }
}

function makeBasket(): Basket {
  const ranks = Array.from({ length: 100 }, (_, rank) => rank)
  return Array.from({ length: 1 + Math.floor(Math.random() * 5) }, () => ({
    rank: pick(ranks),
    quantity: 1 + Math.floor(Math.random() * 3),
  }))
}

/** Sends requests in batches and returns their responses. An error ends the test with one line. */
function inBatches<T>(requests: Request[]): T[] {
  const answers: T[] = []
  for (let first = 0; first < requests.length; first += BATCH)
    for (const answer of http.batch(requests.slice(first, first + BATCH).map(toRequest))) {
      if (answer.status === 429) fail(`${answer.url} answers 429: start the service with RATE_LIMIT_SCALE=1000000.`)
      if (answer.status < 200 || answer.status > 299)
        fail(`${answer.url || BASE_URL} answers ${answer.status || answer.error}: ${answer.body}`)
      answers.push((answer.body ? answer.json() : {}) as T)
    }
  return answers
}

function toRequest([method, path, body, token]: Request) {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }
  return {
    method,
    url: `${BASE_URL}/v1${path}`,
    body: body ? JSON.stringify(body) : null,
    params: { headers, responseType: 'text' as const, tags: { name: 'set-up' } },
  }
}
