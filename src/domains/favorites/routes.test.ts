import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Favorite, Page, Shop } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { listItem, makeSeller, readAllPages, readProduct, signUp } from '../../../test/support/shopper.ts'

const { api } = await startServer()

const ABSENT = Number.MAX_SAFE_INTEGER

describe('favorites', () => {
  test('a product and a shop: added once, listed newest first, removed', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop)
    const ann = await signUp()
    const list = (path: string) => ann.call<Page<Favorite>>('GET', path)
    for (const path of [`product/${product.id}`, `product/${product.id}`, `shop/${shop.id}`]) {
      const answer = await ann.call('PUT', `/v1/favorites/${path}`)
      expectStatus(answer, 204)
      expect(answer.text).toBe('')
    }
    const [likedShop, likedProduct, ...rest] = await readAllPages(list, '/v1/favorites?limit=1')
    expect(rest).toEqual([])
    expect(likedShop).toMatchObject({
      fav_type: 'shop',
      fav_id: shop.id,
      product: null,
      shop: { ...shop, favorites_count: 1, product_count: 1 },
    })
    expect(likedProduct).toMatchObject({
      fav_type: 'product',
      fav_id: product.id,
      shop: null,
      product: await readProduct(product.id),
    })
    expect(expectStatus(await list('/v1/favorites?fav_type=product'), 200).items.map((item) => item.fav_id)).toEqual([product.id])
    expectStatus(await ann.call('DELETE', `/v1/favorites/product/${product.id}`), 204)
    expectStatus(await ann.call('DELETE', `/v1/favorites/product/${product.id}`), 204)
    expect(expectStatus(await list('/v1/favorites'), 200).items.map((item) => item.fav_type)).toEqual(['shop'])
  })

  test('are private', async () => {
    const { seller, shop } = await makeSeller()
    const ann = await signUp()
    expectStatus(await ann.call('PUT', `/v1/favorites/shop/${shop.id}`), 204)
    expectStatus(await seller.call('DELETE', `/v1/favorites/shop/${shop.id}`), 204)
    expect(expectStatus(await seller.call<Page<Favorite>>('GET', '/v1/favorites'), 200).items).toEqual([])
    expect(expectStatus(await ann.call<Page<Favorite>>('GET', '/v1/favorites'), 200).items).toHaveLength(1)
    for (const method of ['PUT', 'DELETE']) expectProblem(await api(method, `/v1/favorites/shop/${shop.id}`), 401, 'unauthorized')
  })

  test('an unknown target is 404, an unknown type is named', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop)
    expectStatus(await seller.call('DELETE', `/v1/products/${product.id}`), 204)
    const ann = await signUp()
    for (const path of [`product/${ABSENT}`, `shop/${ABSENT}`, `product/${product.id}`]) {
      expectProblem(await ann.call('PUT', `/v1/favorites/${path}`), 404, 'not_found')
    }
    expect(fieldsOf(expectProblem(await ann.call('PUT', '/v1/favorites/user/1'), 422, 'invalid_input'))).toEqual(['#/fav_type'])
    expect(fieldsOf(expectProblem(await ann.call('PUT', '/v1/favorites/shop/x'), 422, 'invalid_input'))).toEqual(['#/fav_id'])
  })

  test('two concurrent calls add one; a removed like is not counted', async () => {
    const { shop } = await makeSeller()
    const [ann, bo] = [await signUp(), await signUp()]
    const path = `/v1/favorites/shop/${shop.id}`
    const likes = [ann, ann, ann, bo].map((person) => person.call('PUT', path))
    for (const answer of await Promise.all(likes)) expectStatus(answer, 204)
    const count = async () => expectStatus(await api<Shop>('GET', `/v1/shops/${shop.id}`), 200).favorites_count
    expect(await count()).toBe(2)
    for (const answer of await Promise.all([bo, bo].map((person) => person.call('DELETE', path)))) expectStatus(answer, 204)
    expect(await count()).toBe(1)
  })

  test('sold-out and archived favorites stay and show their state', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 0 })
    const ann = await signUp()
    expectStatus(await ann.call('PUT', `/v1/favorites/product/${product.id}`), 204)
    const read = async () => expectStatus(await ann.call<Page<Favorite>>('GET', '/v1/favorites'), 200).items[0]?.product?.state
    expect(await read()).toBe('sold_out')
    expectStatus(await seller.call('DELETE', `/v1/products/${product.id}`), 204)
    expect(await read()).toBe('archived')
  })
})
