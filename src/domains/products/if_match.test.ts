import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { Answer } from '../../../test/support/client.ts'
import type { Page, Product } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  anyCategory,
  checkOut,
  listItem,
  makeSeller,
  placeOrder,
  readProduct,
  type Shopper,
  signUp,
} from '../../../test/support/shopper.ts'

const { api } = await startServer()

const etagOf = async (path: string, who = api) => {
  const answer = await who('GET', path)
  expectStatus(answer, 200)
  return answer.headers.get('etag') as string
}
const pageOf = (id: number) => `/v1/products/${id}`

/** Each call by which an owner changes a listing. */
const changes = {
  PATCH: ['PATCH', '', { title: 'A green bowl' }],
  'PATCH of the stock': ['PATCH', '', { quantity: 3 }],
  'PUT quantity': ['PUT', '/quantity', { quantity: 3 }],
  DELETE: ['DELETE', '', undefined],
  restore: ['POST', '/restore', undefined],
} as const
const send = (who: Shopper, id: number, change: keyof typeof changes, etag?: string): Promise<Answer<Product>> => {
  const [method, path, body] = changes[change]
  const headers: Record<string, string> = etag === undefined ? {} : { 'If-Match': etag }
  return who.call<Product>(method, pageOf(id) + path, { headers, ...(body && { body }) })
}

describe.each(Object.keys(changes) as (keyof typeof changes)[])('If-Match on %s', (change) => {
  test('rejects a stale tag with 412, of the page and of the stock, and leaves the listing unchanged', async () => {
    const { seller, shop } = await makeSeller()
    const { id } = await listItem(seller, shop, { quantity: 5 })
    const stale = [await etagOf(pageOf(id)), await etagOf(`${pageOf(id)}/quantity`), '"nonsense"', '"a", "b"']
    expectStatus(await seller.call('PATCH', pageOf(id), { body: { price: '11' } }), 200)
    const before = await readProduct(id)
    for (const etag of stale) expectProblem(await send(seller, id, change, etag), 412, 'precondition_failed')
    expectProblem(await send(seller, id, change, `W/${await etagOf(pageOf(id))}`), 412, 'precondition_failed')
    for (const wrong of ['nonsense', '"a', '*, "a"'])
      expectProblem(await send(seller, id, change, wrong), 400, 'if_match_invalid')
    expect(await readProduct(id)).toEqual(before)
  })

  test.each(['', '/quantity'])('accepts the tag of GET /v1/products/{id}%s, also after likes and a review', async (path) => {
    const { seller, shop, product, buyer, order } = await placeOrder()
    expectStatus(
      await seller.call('POST', `/v1/orders/${order.id}/ship`, { body: { carrier: 'Post', tracking_number: '1' } }),
      200,
    )
    const etag = await etagOf(pageOf(product.id) + path)
    const page = await etagOf(pageOf(product.id))
    expectStatus(await buyer.call('PUT', `/v1/favorites/product/${product.id}`), 204)
    expectStatus(await buyer.call('POST', `/v1/orders/${order.id}/review`, { body: { rating: 4 } }), 201)
    expectStatus(await seller.call('PATCH', `/v1/shops/${shop.id}`, { body: { name: 'Another' } }), 200)
    expect(await etagOf(pageOf(product.id))).not.toBe(page)
    expect((await send(seller, product.id, change, `"other", ${etag}`)).status).toBeWithin(200, 205)
  })

  test('accepts any version with *', async () => {
    const { seller, shop } = await makeSeller()
    const { id } = await listItem(seller, shop)
    expect((await send(seller, id, change, '*')).status).toBeWithin(200, 205)
  })
})

test('without If-Match a PATCH of the stock is 428, whatever else it changes, and any other PATCH works', async () => {
  const { seller, shop } = await makeSeller()
  const product = await listItem(seller, shop, { quantity: 5 })
  for (const body of [{ quantity: 5 }, { title: 'A form that was open', quantity: 9 }])
    expectProblem(await seller.call('PATCH', pageOf(product.id), { body }), 428, 'precondition_required')
  expect(await readProduct(product.id)).toEqual(product)
  expectStatus(await send(seller, product.id, 'PATCH'), 200)
})

test('a form that was open while the stock was sold restores no stock', async () => {
  const { seller, shop } = await makeSeller()
  const product = await listItem(seller, shop, { quantity: 2 })
  const etag = await etagOf(pageOf(product.id))
  const buyer = await signUp()
  await addToCart(buyer, product, 2)
  await checkOut(buyer)
  const form = { body: { title: 'A blue bowl', price: '10', quantity: 2 }, headers: { 'If-Match': etag } }
  expect(expectProblem(await seller.call('PATCH', pageOf(product.id), form), 412, 'precondition_failed')).toMatchObject({
    quantity: 0,
  })
  expect(await readProduct(product.id)).toMatchObject({ quantity: 0, state: 'sold_out' })
})

test('no sale is lost beside a seller who reads and writes the stock', async () => {
  const { seller, shop } = await makeSeller()
  const product = await listItem(seller, shop, { quantity: 100 })
  const buyers = await Promise.all(Array.from({ length: 8 }, () => signUp()))
  let added = 0
  const restock = async () => {
    for (let round = 0; round < 6; round++) {
      const page = await api<Product>('GET', pageOf(product.id))
      const input = { body: { quantity: page.body.quantity + 10 }, headers: { 'If-Match': page.headers.get('etag') as string } }
      const answer = await seller.call('PATCH', pageOf(product.id), input)
      if (answer.status === 200) added += 10
      else expectProblem(answer, 412, 'precondition_failed')
    }
  }
  const buy = async (buyer: Shopper) => {
    await addToCart(buyer, product)
    await checkOut(buyer)
  }
  await Promise.all([restock(), ...buyers.map(buy)])
  expect((await readProduct(product.id)).quantity).toBe(100 + added - buyers.length)
})

test('the response to a change has the tag of the changed page', async () => {
  const { seller, shop } = await makeSeller()
  const { id } = await listItem(seller, shop)
  const changed = await send(seller, id, 'PATCH', await etagOf(pageOf(id)))
  const etag = changed.headers.get('etag') as string
  expect(await etagOf(pageOf(id))).toBe(etag)
  expect((await api('GET', pageOf(id), { headers: { 'If-None-Match': etag } })).status).toBe(304)
  const stocked = await send(seller, id, 'PATCH of the stock', etag)
  expectStatus(stocked, 200)
  expectStatus(await send(seller, id, 'DELETE', stocked.headers.get('etag') as string), 204)
  const restored = await send(seller, id, 'restore')
  expect(await etagOf(pageOf(id))).toBe(restored.headers.get('etag') as string)
})

test('an Idempotency-Key belongs to one condition', async () => {
  const { seller, shop } = await makeSeller()
  const { id } = await listItem(seller, shop)
  const key = crypto.randomUUID()
  const patch = (etag: string) =>
    seller.call('PATCH', pageOf(id), { body: { quantity: 4 }, headers: { 'If-Match': etag, 'Idempotency-Key': key } })
  expectProblem(await patch('"stale"'), 412, 'precondition_failed')
  expect((await patch('"stale"')).headers.get('idempotency-replayed')).toBe('true')
  expectProblem(await patch('*'), 422, 'idempotency_mismatch')
})

describe('an archived listing', () => {
  const archived = async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 2 })
    expectStatus(await send(seller, product.id, 'DELETE'), 204)
    return { seller, shop, product }
  }

  test('can be changed by its owner and stays archived', async () => {
    const { seller, product } = await archived()
    const body = { price: '8', title: 'A mended bowl' }
    const changed = expectStatus(await seller.call<Product>('PATCH', pageOf(product.id), { body }), 200)
    expect(changed).toMatchObject({ price: '8.00', title: 'A mended bowl', quantity: 2, state: 'archived' })
    const etag = await etagOf(`${pageOf(product.id)}/quantity`, seller.call)
    const stocked = await send(seller, product.id, 'PUT quantity', etag)
    expect(expectStatus(stocked, 200)).toMatchObject({ quantity: 3, state: 'archived' })
    const { items } = expectStatus(await seller.call<Page<Product>>('GET', '/v1/me/products?state=archived'), 200)
    expect(items).toMatchObject([{ id: product.id, price: '8.00', quantity: 3, state: 'archived' }])
    expectProblem(await api('GET', pageOf(product.id)), 404, 'not_found')
    const restored = expectStatus(await send(seller, product.id, 'restore'), 200)
    expect(restored).toMatchObject({ price: '8.00', title: 'A mended bowl', quantity: 3, state: 'active' })
    expect(await readProduct(product.id)).toEqual(restored)
  })

  test('rejects the values that any listing rejects', async () => {
    const { seller, shop, product } = await archived()
    await listItem(seller, shop, { sku: 'A-1' })
    expectProblem(await seller.call('PATCH', pageOf(product.id), { body: { sku: 'A-1' } }), 409, 'sku_taken')
    expectProblem(await seller.call('PATCH', pageOf(product.id), { body: { category_id: 2 ** 40 } }), 422, 'invalid_input')
    expectStatus(await seller.call('PATCH', pageOf(product.id), { body: { category_id: await anyCategory() } }), 200)
  })

  test('only its owner can change it or read its stock', async () => {
    const { product } = await archived()
    const other = await signUp()
    expectProblem(await send(other, product.id, 'PATCH'), 403, 'not_owner')
    expectProblem(await send(other, product.id, 'PUT quantity', '*'), 403, 'not_owner')
    for (const call of [api, other.call]) expectProblem(await call('GET', `${pageOf(product.id)}/quantity`), 404, 'not_found')
  })
})
