/** A whole purchase, run by k6: three listings into the cart, the cart, the checkout. CARTS names a file of `Cart`s. */
import { SharedArray } from 'k6/data'
import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { get, post } from '../loadtest/lib/call.ts'
import { PURCHASE } from '../test/support/purchase.ts'

type Cart = { token: string; product_ids: number[] }

const carts = new SharedArray<Cart>('carts', () => JSON.parse(open(__ENV.CARTS ?? '')) as Cart[])
const clients = Number(__ENV.CLIENTS)

export const options: Options = {
  scenarios: {
    purchase: { executor: 'shared-iterations', exec: 'purchase', vus: clients, iterations: carts.length, maxDuration: '10m' },
  },
  thresholds: { checks: ['rate==1'] },
  summaryTrendStats: ['med', 'p(95)', 'p(99)'],
  discardResponseBodies: true,
}

/** Each cart is bought once, by a buyer of its own. */
export function purchase(): void {
  const { token, product_ids } = carts[exec.scenario.iterationInTest] as Cart
  for (const product_id of product_ids)
    post('/cart/items', { name: 'POST /v1/cart/items', token, body: { product_id, quantity: 1 }, expected: [201] })
  get('/cart', { name: 'GET /v1/cart', token })
  post('/checkout', { name: 'POST /v1/checkout', token, key: token.slice(-40), body: PURCHASE, expected: [201] })
}
