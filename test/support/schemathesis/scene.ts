/** A small market with orders in several states, so that calls have something to read and to change. */
import { expectStatus } from '../api.ts'
import type { Api } from '../client.ts'
import { drawPng } from '../pictures.ts'
import { ADDRESS } from '../purchase.ts'
import type { Category, Checkout, Order, Picture, Product, Review, Session, Shop } from '../responses.ts'
import { freeShipping } from '../shopper.ts'

/** The stranger has only an account. */
export type Person = 'buyer' | 'seller' | 'stranger'
type Account = { email: string; password: string }
type SignedIn = { account: Account; call: Api }

/** The accounts, and the ids of existing things by the word of their path. */
export type Scene = { accounts: Record<Person, Account>; ids: Record<string, number[]> }

/** Enough orders that a call that changes an order finds some in the required state. */
const ORDERS = 8

/**
 * Makes one seller with a shop, and one buyer with orders in it. Of each three orders one is paid, one is shipped, and one is
 * delivered and reviewed.
 */
export async function setScene(api: Api): Promise<Scene> {
  const [seller, buyer, stranger] = [await signUp(api), await signUp(api), await signUp(api)]
  const shop = expectStatus(
    await seller.call<Shop>('POST', '/v1/shops', { body: { name: 'Kiln & Loom', shipping: freeShipping } }),
    201,
  )
  const products = [await listItem(seller, shop, 100_000), await listItem(seller, shop, 1)]
  const headers = { 'Content-Type': 'image/png' }
  const picture = expectStatus(await seller.call<Picture>('POST', '/v1/pictures', { raw: drawPng().slice(), headers }), 201)
  await buyer.call('PUT', `/v1/favorites/product/${products[0]?.id}`)
  const [orders, reviews]: [Order[], Review[]] = [[], []]
  for (let at = 0; at < ORDERS; at++) {
    const order = await buy(buyer, products[0] as Product)
    orders.push(order)
    if (at % 3 > 0) await move(seller, order, 'ship', { carrier: 'UPS', tracking_number: '1Z999' })
    if (at % 3 > 1) await move(seller, order, 'deliver')
    if (at % 3 > 1) reviews.push(await review(buyer, order))
  }
  const ids = {
    shops: [shop.id],
    products: products.map((product) => product.id),
    pictures: [picture.id],
    orders: orders.map((order) => order.id),
    checkouts: orders.map((order) => order.checkout_id),
    reviews: reviews.map((one) => one.id),
  }
  return { accounts: { seller: seller.account, buyer: buyer.account, stranger: stranger.account }, ids }
}

/** The password is random, so no example in the document equals it. Otherwise a run could change its own password. */
async function signUp(api: Api): Promise<SignedIn> {
  const account = { email: `${crypto.randomUUID()}@example.com`, password: crypto.randomUUID() }
  expectStatus(await api('POST', '/v1/users', { body: { ...account, display_name: 'Ann' } }), 201)
  const { token } = expectStatus(await api<Session>('POST', '/v1/sessions', { body: account }), 201)
  return { account, call: (method, path, input) => api(method, path, { token, ...input }) }
}

async function listItem(seller: SignedIn, shop: Shop, quantity: number): Promise<Product> {
  const { items } = expectStatus(await seller.call<{ items: [Category] }>('GET', '/v1/categories'), 200)
  const body = { title: 'A blue bowl', price: '10.00', quantity, category_id: items[0].id }
  return expectStatus(await seller.call<Product>('POST', `/v1/shops/${shop.id}/products`, { body }), 201)
}

async function buy(buyer: SignedIn, product: Product): Promise<Order> {
  expectStatus(await buyer.call('POST', '/v1/cart/items', { body: { product_id: product.id, quantity: 1 } }), 201)
  const body = { shipping_address: ADDRESS, payment_method: 'pm_card_visa' }
  const headers = { 'Idempotency-Key': crypto.randomUUID() }
  return expectStatus(await buyer.call<Checkout>('POST', '/v1/checkout', { body, headers }), 201).orders[0] as Order
}

async function move(seller: SignedIn, order: Order, to: string, body?: Record<string, string>): Promise<void> {
  expectStatus(await seller.call('POST', `/v1/orders/${order.id}/${to}`, { body }), 200)
}

async function review(buyer: SignedIn, order: Order): Promise<Review> {
  return expectStatus(await buyer.call<Review>('POST', `/v1/orders/${order.id}/review`, { body: { rating: 5 } }), 201)
}
