import { describe, expect, test } from 'bun:test'
import { expectStatus } from '../../test/support/api.ts'
import type { Order } from '../../test/support/responses.ts'
import { startServer } from '../../test/support/server.ts'
import { addToCart, checkOut, listCategories, listItem, makeSeller, signUp } from '../../test/support/shopper.ts'

const { api } = await startServer()

const read = (path: string, etag: string) => api('GET', path, { headers: { 'If-None-Match': etag } })
const etagOf = async (path: string) => {
  const answer = await api('GET', path)
  expectStatus(answer, 200)
  expect(answer.headers.get('cache-control')).toBe('no-cache')
  return answer.headers.get('etag') as string
}

describe('public responses', () => {
  test('are 304 while nothing has changed, and 200 after a change', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 5 })
    const shopPage = `/v1/shops/${shop.id}`
    const paths = [shopPage, `${shopPage}/products`, `${shopPage}/reviews`, `/v1/products/${product.id}`]
    const before = new Map<string, string>()
    for (const path of paths) before.set(path, await etagOf(path))
    for (const [path, etag] of before) {
      const kept = await read(path, etag)
      expect({ path, status: kept.status, text: kept.text }).toEqual({ path, status: 304, text: '' })
      expect(kept.headers.get('etag')).toBe(etag)
      expect(kept.headers.get('x-content-type-options')).toBe('nosniff')
    }
    const buyer = await signUp()
    await addToCart(buyer, product)
    const [order] = (await checkOut(buyer)).orders as [Order]
    await seller.call('POST', `/v1/orders/${order.id}/ship`, { body: { carrier: 'Post', tracking_number: '1' } })
    expectStatus(await buyer.call('POST', `/v1/orders/${order.id}/review`, { body: { rating: 5 } }), 201)
    for (const [path, etag] of before) {
      const changed = await read(path, etag)
      expect({ path, status: changed.status }).toEqual({ path, status: 200 })
      expect(changed.headers.get('etag')).not.toBe(etag)
    }
  })

  test('have an ETag, except searches', async () => {
    const [category] = await listCategories()
    for (const path of ['/v1/categories', `/v1/categories/${category?.slug}`, '/v1/trending'])
      expect((await read(path, await etagOf(path))).status).toBe(304)
  })

  test('that are problems are not cached', async () => {
    const absent = await api('GET', '/v1/shops/999999999')
    expect({ status: absent.status, kept: absent.headers.get('cache-control') }).toEqual({ status: 404, kept: 'no-store' })
  })
})

test('private responses are not cached', async () => {
  const ann = await signUp()
  for (const path of ['/v1/me', '/v1/cart', '/v1/orders', '/v1/favorites', '/v1/recommendations', '/v1/sessions']) {
    const { headers } = await ann.call('GET', path)
    expect([path, headers.get('cache-control'), headers.has('etag')]).toEqual([path, 'no-store', false])
  }
})
