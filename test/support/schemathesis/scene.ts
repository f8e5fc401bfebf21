/** A small market with orders in several states, so that calls have something to read and to change. */
import { expectStatus } from '../api.ts'
import type { Api } from '../client.ts'
import type { Category, Order, Review } from '../responses.ts'
import { buy, listItem, openShop, reviewOrder, type Shopper, shipOrder, signUp, uploadPicture } from '../shopper.ts'

/** The stranger has only an account. */
export type Person = 'buyer' | 'seller' | 'stranger'

/** The accounts, and the ids of existing things by the word of their path. */
export type Scene = { accounts: Record<Person, { email: string; password: string }>; ids: Record<string, number[]> }

/** Enough orders that a call that changes an order finds some in the required state. */
const ORDERS = 8

/**
 * Makes one seller with a shop, and one buyer with orders in it. Of each three orders one is paid, one is shipped, and one is
 * delivered and reviewed.
 */
export async function setScene(api: Api): Promise<Scene> {
  // The passwords are random, so no example in the document equals one. Otherwise a run could change its own password.
  const register = () => signUp('Ann', crypto.randomUUID(), api)
  const [seller, buyer, stranger] = [await register(), await register(), await register()]
  const shop = await openShop(seller)
  const [category] = expectStatus(await api<{ items: [Category] }>('GET', '/v1/categories'), 200).items
  const list = (quantity: number) => listItem(seller, shop, { quantity, category_id: category.id })
  const products = [await list(100_000), await list(1)] as const
  const picture = await uploadPicture(seller)
  await buyer.call('PUT', `/v1/favorites/product/${products[0].id}`)
  const [orders, reviews]: [Order[], Review[]] = [[], []]
  for (let at = 0; at < ORDERS; at++) {
    const order = await buy(buyer, products[0])
    orders.push(order)
    if (at % 3 > 0) await shipOrder(seller, order)
    if (at % 3 < 2) continue
    expectStatus(await seller.call('POST', `/v1/orders/${order.id}/deliver`), 200)
    reviews.push(await reviewOrder(buyer, order))
  }
  const ids = {
    shops: [shop.id],
    products: products.map((product) => product.id),
    pictures: [picture.id],
    orders: orders.map((order) => order.id),
    checkouts: orders.map((order) => order.checkout_id),
    reviews: reviews.map((one) => one.id),
  }
  const accountOf = ({ email, password }: Shopper) => ({ email, password })
  return { accounts: { seller: accountOf(seller), buyer: accountOf(buyer), stranger: accountOf(stranger) }, ids }
}
