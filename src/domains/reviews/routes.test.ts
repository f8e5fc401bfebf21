import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Order, Page, Review, Shop } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  checkOut,
  listItem,
  makeSeller,
  placeOrder,
  readAllPages,
  readProduct,
  type Shopper,
  signUp,
} from '../../../test/support/shopper.ts'

const { api } = await startServer()

const review = (who: Shopper, order: Order, body: unknown) => who.call<Review>('POST', `/v1/orders/${order.id}/review`, { body })
const ship = async (seller: Shopper, order: Order) =>
  expectStatus(await seller.call('POST', `/v1/orders/${order.id}/ship`, { body: { carrier: 'USPS', tracking_number: '1' } }), 200)
const readShop = async (id: number) => expectStatus(await api<Shop>('GET', `/v1/shops/${id}`), 200)

describe('POST /v1/orders/{id}/review', () => {
  test("is for a shipped or delivered order, once, and changes the shop's rating", async () => {
    const { seller, shop, product, buyer, order } = await placeOrder()
    expectProblem(await review(buyer, order, { rating: 4, comment: 'Soon?' }), 409, 'wrong_order_state')
    await ship(seller, order)
    const answer = await review(buyer, order, { rating: 4, comment: 'Lovely glaze 🍵' })
    const { id, created_at, ...rest } = expectStatus(answer, 201)
    expect(rest).toEqual({
      order_id: order.id,
      shop_id: shop.id,
      reviewer: { id: buyer.id, display_name: 'Bo' },
      rating: 4,
      comment: 'Lovely glaze 🍵',
      reply: null,
    })
    expect(Date.parse(created_at)).toBeGreaterThan(0)
    expect(answer.headers.get('location')).toBe(`/v1/shops/${shop.id}/reviews`)
    expectProblem(await review(buyer, order, { rating: 5, comment: '' }), 409, 'already_reviewed')
    expect(await readShop(shop.id)).toMatchObject({ rating: 4, review_count: 1 })
    expect((await readProduct(product.id)).shop.rating).toBe(4)
    const { items } = expectStatus(await api<Page<Review>>('GET', `/v1/shops/${shop.id}/reviews`), 200)
    expect(items.map((item) => item.id)).toEqual([id])
  })

  test("is for the order's buyer, not its seller", async () => {
    const { seller, order } = await placeOrder()
    await ship(seller, order)
    expectProblem(await review(seller, order, { rating: 5, comment: 'The best shop' }), 403, 'not_owner')
    expectProblem(await review(await signUp(), order, { rating: 1, comment: '' }), 404, 'not_found')
  })

  test('a rating is an integer from 1 to 5', async () => {
    const { seller, shop, buyer, order } = await placeOrder()
    await ship(seller, order)
    for (const rating of [0, 6, -1, 4.5, 1e30, '5', null, undefined]) {
      expect(fieldsOf(expectProblem(await review(buyer, order, { rating, comment: '' }), 422, 'invalid_input'))).toEqual([
        '#/rating',
      ])
    }
    expect(await readShop(shop.id)).toMatchObject({ rating: null, review_count: 0 })
  })

  test('many concurrent reviews: the rating is their exact mean', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 7 })
    const ratings = [5, 4, 4, 1, 3, 5, 5]
    const buyer = await signUp()
    const orders: Order[] = []
    for (const _ of ratings) {
      await addToCart(buyer, product)
      orders.push(...(await checkOut(buyer)).orders)
    }
    for (const order of orders) await ship(seller, order)
    const answers = await Promise.all(orders.map((order, i) => review(buyer, order, { rating: ratings[i], comment: `${i}` })))
    for (const answer of answers) expectStatus(answer, 201)
    // 27 / 7 = 3.857...
    expect(await readShop(shop.id)).toMatchObject({ rating: 3.86, review_count: 7 })
    const listed = await readAllPages((path) => api<Page<Review>>('GET', path), `/v1/shops/${shop.id}/reviews?limit=3`)
    expect(listed.map((item) => item.comment).sort()).toEqual(['0', '1', '2', '3', '4', '5', '6'])
  }, 20_000)

  test('two concurrent calls write one review', async () => {
    const { seller, shop, buyer, order } = await placeOrder()
    await ship(seller, order)
    const answers = await Promise.all(Array.from({ length: 5 }, () => review(buyer, order, { rating: 2, comment: '' })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409])
    expect(await readShop(shop.id)).toMatchObject({ rating: 2, review_count: 1 })
  })
})

describe('PUT and DELETE /v1/reviews/{id}/reply', () => {
  const reviewed = async () => {
    const { seller, shop, buyer, order } = await placeOrder()
    await ship(seller, order)
    const { id } = expectStatus(await review(buyer, order, { rating: 2, comment: 'Chipped' }), 201)
    return { seller, shop, buyer, path: `/v1/reviews/${id}/reply` }
  }
  const readReviews = async (shop: Shop) =>
    expectStatus(await api<Page<Review>>('GET', `/v1/shops/${shop.id}/reviews`), 200).items

  test('the shop replies, changes its reply and removes it; the rating stays', async () => {
    const { seller, shop, path } = await reviewed()
    const first = expectStatus(
      await seller.call<Review>('PUT', path, { body: { comment: 'Sorry! A new one is on its way.' } }),
      200,
    )
    expect(first).toMatchObject({ rating: 2, reply: { comment: 'Sorry! A new one is on its way.' } })
    expect(await readReviews(shop)).toEqual([first])
    expectStatus(await seller.call('PUT', path, { body: { comment: 'It has arrived.' } }), 200)
    expect(await readReviews(shop)).toMatchObject([{ reply: { comment: 'It has arrived.' } }])
    for (const _ of ['there', 'gone']) expectStatus(await seller.call('DELETE', path), 204)
    expect(await readReviews(shop)).toMatchObject([{ reply: null, comment: 'Chipped' }])
    expect(await readShop(shop.id)).toMatchObject({ rating: 2, review_count: 1 })
  })

  test("is for the shop's owner and an existing review, and is not empty", async () => {
    const { seller, shop, buyer, path } = await reviewed()
    for (const who of [buyer, await signUp()]) {
      expectProblem(await who.call('PUT', path, { body: { comment: 'Me too' } }), 403, 'not_owner')
      expectProblem(await who.call('DELETE', path), 403, 'not_owner')
    }
    expectProblem(await seller.call('PUT', '/v1/reviews/999999999/reply', { body: { comment: 'Hm' } }), 404, 'not_found')
    for (const comment of ['', '  ', null, 1, 'x'.repeat(5001)])
      expect(fieldsOf(expectProblem(await seller.call('PUT', path, { body: { comment } }), 422))).toEqual(['#/comment'])
    expect(await readReviews(shop)).toMatchObject([{ reply: null }])
  })
})
