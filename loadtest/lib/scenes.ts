/** What people do at a shop, one visit each. Every suite is made of these. `made` is what setup returned (set_up.ts). */
import { sleep } from 'k6'
import exec from 'k6/execution'
import { Counter } from 'k6/metrics'
import { PURCHASE } from '../../test/support/purchase.ts'
import { type Answer, get, post, send } from './call.ts'
import { type Good, me, pick, pickByRank, type Stage, stageOf } from './stage.ts'

/** Few fill a cart with more at once, and each line is a call. */
const MAX_LINES = 5

/** How flash sales ended for the crowd. */
const sold = new Counter('flash_sale_sold')
/** Who was told one way or the other. */
const answered = new Counter('flash_sale_answered')

/** A category, what is in it, and one of its shops. */
export function browse(made: Stage | null): void {
  const { categories, shops } = stageOf(made)
  const slug = pick(categories)
  get(`/categories/${slug}`, { name: 'GET /v1/categories/{slug}' })
  get(`/search?category=${slug}&sort=newest`, { name: 'GET /v1/search (category)' })
  get(`/shops/${pick(shops)}`, { name: 'GET /v1/shops/{id}' })
}

/** A search with facets; every third one narrowed, every fourth one typed with completions before. */
export function search(made: Stage | null): void {
  const { queries } = stageOf(made)
  const words = encodeURIComponent(pickByRank(queries))
  const chance = Math.random()
  if (chance < 0.25) get(`/search/suggest?q=${words.slice(0, 4)}`, { name: 'GET /v1/search/suggest' })
  const narrowed = chance > 0.67 ? `&price_max=${5 + Math.floor(Math.random() * 50)}` : ''
  get(`/search?q=${words}${narrowed}`, { name: 'GET /v1/search' })
}

/** The page of a listing, popular ones more often. */
export function product_page(made: Stage | null): void {
  const { listings } = stageOf(made)
  get(`/products/${pickByRank(listings)}`, { name: 'GET /v1/products/{id}' })
}

/** Puts one item into the cart, looks at it, and takes it out again. */
export function cart(made: Stage | null): void {
  const { people, goods } = stageOf(made)
  const token = me(people)
  const { id } = pick(goods)
  addToCart(token, id)
  get('/cart', { name: 'GET /v1/cart', token })
  send('DELETE', `/cart/items/${id}`, { name: 'DELETE /v1/cart/items/{product_id}', token, expected: [204, 404] })
}

/** Fills a cart as a customer of a real shop did, from several shops, and pays once. */
export function checkout(made: Stage | null): void {
  const { people, goods, baskets } = stageOf(made)
  const token = me(people)
  for (const { rank, quantity } of pick(baskets).slice(0, MAX_LINES)) {
    const { id } = goods[rank % goods.length] as Good
    addToCart(token, id, Math.min(quantity, 10))
  }
  const paid = pay(token, [201, 409])
  // A seller may have raised a price since: whoever is shown the new total takes it.
  if (paid.status === 409) pay(token, [201], paid.json('total') as string)
}

/** A seller changes the price of a listing and looks at the shop. */
export function seller(made: Stage | null): void {
  const { sellers } = stageOf(made)
  const { token, shop_id, product_ids } = pick(sellers)
  const id = pick(product_ids)
  const price = (5 + Math.random() * 50).toFixed(2)
  send('PATCH', `/products/${id}`, { name: 'PATCH /v1/products/{id}', token, body: { price } })
  get(`/shops/${shop_id}/products`, { name: 'GET /v1/shops/{id}/products', token })
}

/** One of a crowd that wants one item: reaches for it until it has it or it is gone, then pays. */
export function flash_sale(made: Stage | null): void {
  const { crowd, rarities } = stageOf(made)
  const token = crowd[exec.scenario.iterationInTest] as string | undefined
  // k6 may start one more than it was told.
  if (!token) return
  const { id } = rarities[0] as { id: number }
  const added = patiently(() => addToCart(token, id, 1, [201, 409, 503]))
  const paid = added.status === 201 ? patiently(() => pay(token, [201, 409, 503])) : added
  if (paid.status === 201) sold.add(1)
  if (paid.status === 201 || paid.status === 409) answered.add(1)
}

/** Whoever is told to come again does, as the answer asks. */
function patiently(call: () => Answer): Answer {
  for (let attempt = 1; ; attempt++) {
    const answer = call()
    if (answer.status !== 503 || attempt === 20) return answer
    sleep(Number(answer.headers['Retry-After'] || 1) * (0.5 + Math.random()))
  }
}

function addToCart(token: string, product_id: number, quantity = 1, expected = [201]): Answer {
  return post('/cart/items', { name: 'POST /v1/cart/items', token, body: { product_id, quantity }, expected })
}

function pay(token: string, expected: number[], expected_total: string | null = null): Answer {
  const again = expected_total === null ? '' : '-again'
  const key = `load-${exec.vu.idInTest}-${exec.scenario.name}-${exec.scenario.iterationInTest}-${Date.now()}${again}`
  return post('/checkout', { name: 'POST /v1/checkout', token, key, body: { ...PURCHASE, expected_total }, expected })
}
