/** The scenes of all suites. A scene is one visit of a user. `made` is the result of setup (set_up.ts). */
import { sleep } from 'k6'
import exec from 'k6/execution'
import { Counter } from 'k6/metrics'
import { PURCHASE } from '../../test/support/purchase.ts'
import { type Answer, get, post, send } from './call.ts'
import { type Good, me, pick, pickByRank, type Rarity, type Stage, stageOf } from './stage.ts'

/** Few visitors put more lines into a cart at once, and each line is a call. */
const MAX_LINES = 5
/** Where carts go: some shops have a rate to Germany, to the European Union, or only to the world. */
const COUNTRIES = ['US', 'DE', 'FR']

/** Counts the buyers of the crowd who have paid. */
const sold = new Counter('flash_sale_sold')
/** Counts the buyers of the crowd with a final response: paid, or refused. */
const answered = new Counter('flash_sale_answered')

/** Reads a category, its listings, and a random shop. */
export function browse(made: Stage | null): void {
  const { categories, shops } = stageOf(made)
  const slug = pick(categories)
  get(`/categories/${slug}`, { name: 'GET /v1/categories/{slug}' })
  get(`/search?category=${slug}&sort=newest`, { name: 'GET /v1/search (category)' })
  get(`/shops/${pick(shops)}`, { name: 'GET /v1/shops/{id}' })
}

/** Searches with facets. A third of the visits set a maximum price, and a quarter request a completion first. */
export function search(made: Stage | null): void {
  const { queries } = stageOf(made)
  const words = encodeURIComponent(pickByRank(queries))
  const chance = Math.random()
  if (chance < 0.25) get(`/search/suggest?q=${words.slice(0, 4)}`, { name: 'GET /v1/search/suggest' })
  const narrowed = chance > 0.67 ? `&price_max=${5 + Math.floor(Math.random() * 50)}` : ''
  get(`/search?q=${words}${narrowed}`, { name: 'GET /v1/search' })
}

/** Reads the page of a listing, more often of a popular one. */
export function product_page(made: Stage | null): void {
  const { listings } = stageOf(made)
  get(`/products/${pickByRank(listings)}`, { name: 'GET /v1/products/{id}' })
}

/** Adds one item to the cart, reads what the cart costs to a country, and removes the item. */
export function cart(made: Stage | null): void {
  const { people, goods } = stageOf(made)
  const token = me(people)
  const line_id = addToCart(token, pick(goods)).json('line_id')
  get(`/cart?country=${pick(COUNTRIES)}`, { name: 'GET /v1/cart', token })
  send('DELETE', `/cart/lines/${line_id}`, { name: 'DELETE /v1/cart/lines/{line_id}', token, expected: [204, 404] })
}

/** Fills a cart like a real basket of a shop, with items of several shops, and checks out once. */
export function checkout(made: Stage | null): void {
  const { people, goods, baskets } = stageOf(made)
  const token = me(people)
  for (const { rank, quantity } of pick(baskets).slice(0, MAX_LINES)) {
    addToCart(token, goods[rank % goods.length] as Good, Math.min(quantity, 10))
  }
  const paid = pay(token, [201, 409])
  // A seller may have changed a price in the meantime. The buyer accepts the new total.
  if (paid.status === 409) pay(token, [201], paid.json('total') as string)
}

/** Changes the price of a listing as its seller, and reads the shop's listings. */
export function seller(made: Stage | null): void {
  const { sellers } = stageOf(made)
  const { token, shop_id, product_ids } = pick(sellers)
  const id = pick(product_ids)
  const price = (5 + Math.random() * 50).toFixed(2)
  send('PATCH', `/products/${id}`, { name: 'PATCH /v1/products/{id}', token, body: { price } })
  get(`/shops/${shop_id}/products`, { name: 'GET /v1/shops/{id}/products', token })
}

/** Acts as one buyer of a crowd that wants one item. Adds the item to the cart and checks out. Retries both after a 503. */
export function flash_sale(made: Stage | null): void {
  const { crowd, rarities } = stageOf(made)
  const token = crowd[exec.scenario.iterationInTest] as string | undefined
  // k6 may start one iteration more than requested.
  if (!token) return
  const rarity = { ...(rarities[0] as Rarity), variants: [], takes_text: false }
  const added = patiently(() => addToCart(token, rarity, 1, [201, 409, 503]))
  const paid = added.status === 201 ? patiently(() => pay(token, [201, 409, 503])) : added
  if (paid.status === 201) sold.add(1)
  if (paid.status === 201 || paid.status === 409) answered.add(1)
}

/** Retries a call that gets 503 after the time in its Retry-After. Makes at most 20 attempts. */
function patiently(call: () => Answer): Answer {
  for (let attempt = 1; ; attempt++) {
    const answer = call()
    if (answer.status !== 503 || attempt === 20) return answer
    sleep(Number(answer.headers['Retry-After'] || 1) * (0.5 + Math.random()))
  }
}

function addToCart(token: string, good: Omit<Good, 'shop_id'>, quantity = 1, expected = [201]): Answer {
  const { id: product_id, variants, takes_text } = good
  const variant_id = variants.length > 0 ? pick(variants) : null
  const personalization = takes_text ? `For buyer ${exec.vu.idInTest}` : null
  const body = { product_id, variant_id, quantity, personalization }
  return post('/cart/items', { name: 'POST /v1/cart/items', token, body, expected })
}

function pay(token: string, expected: number[], expected_total: string | null = null): Answer {
  const again = expected_total === null ? '' : '-again'
  const key = `load-${exec.vu.idInTest}-${exec.scenario.name}-${exec.scenario.iterationInTest}-${Date.now()}${again}`
  return post('/checkout', { name: 'POST /v1/checkout', token, key, body: { ...PURCHASE, expected_total }, expected })
}
