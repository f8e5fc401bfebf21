import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Page, Product } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  anyCategory,
  checkOut,
  listItem,
  makeSeller,
  openShop,
  readAllPages,
  readLines,
  readProduct,
  type Shopper,
  setStock,
  signUp,
} from '../../../test/support/shopper.ts'

const { api } = await startServer()

const ABSENT = Number.MAX_SAFE_INTEGER

describe('POST /v1/shops/{id}/products', () => {
  test('creates a listing', async () => {
    const { seller, shop } = await makeSeller()
    const body = {
      title: 'Vintage brass lamp',
      description: 'It works.',
      price: '40.5',
      quantity: 3,
      category_id: await anyCategory(),
      tags: ['lamp', 'brass'],
      images: ['https://example.com/1.jpg', 'https://example.com/2.jpg'],
      is_vintage: true,
      sku: 'L-1',
    }
    const answer = await seller.call<Product>('POST', `/v1/shops/${shop.id}/products`, { body })
    const product = expectStatus(answer, 201)
    const { id, created_at, updated_at, ...rest } = product
    expect(rest).toEqual({
      ...body,
      price: '40.50',
      state: 'active',
      is_draft: false,
      section_id: null,
      shop: { id: shop.id, name: shop.name, rating: null, is_on_vacation: false, vacation_message: null },
      who_made: null,
      when_made: null,
      materials: [],
      processing: { readiness: 'ready_to_ship', days_min: 1, days_max: 3 },
      processing_profile_id: null,
      shipping_profile_id: null,
      favorites_count: 0,
      base_price: null,
      price_max: '40.50',
      options: [],
      variants: [],
      stock_by: 'product',
      personalization: null,
    })
    expect(updated_at).toBe(created_at)
    expect(answer.headers.get('location')).toBe(`/v1/products/${id}`)
    expect(await readProduct(id)).toEqual(product)
  })

  test('money is exact: 0 to 2 decimals in, 2 out', async () => {
    const { seller, shop } = await makeSeller()
    for (const [sent, kept] of [
      ['40', '40.00'],
      ['40.5', '40.50'],
      ['0.01', '0.01'],
      ['99999999.99', '99999999.99'],
      ['007.10', '7.10'],
    ]) {
      expect((await listItem(seller, shop, { price: sent })).price).toBe(kept as string)
    }
    for (const price of ['0', '0.00', '-1', '1.005', '1e3', '1,5', ' 1', '1.', '.5', '100000000', '', 'NaN', 40, 40.5, null]) {
      const body = { title: 'x', price, category_id: await anyCategory() }
      const answer = await seller.call('POST', `/v1/shops/${shop.id}/products`, { body })
      expect(fieldsOf(expectProblem(answer, 422, 'invalid_input'))).toEqual(['#/price'])
    }
  })

  test('title, price and category are enough: one unit, no sku', async () => {
    const { seller, shop } = await makeSeller()
    const body = { title: 'Bowl', price: '5', category_id: await anyCategory() }
    const product = expectStatus(await seller.call<Product>('POST', `/v1/shops/${shop.id}/products`, { body }), 201)
    expect(product).toMatchObject({ quantity: 1, sku: null, tags: [], images: [], is_vintage: false, description: '' })
  })

  test('is_vintage alone is valid; who_made and when_made are stored if given', async () => {
    const { seller, shop } = await makeSeller()
    expect(await listItem(seller, shop, { is_vintage: true })).toMatchObject({
      is_vintage: true,
      who_made: null,
      when_made: null,
    })
    const made = { is_vintage: true, who_made: 'someone_else', when_made: '1960-1969' }
    expect(await listItem(seller, shop, made)).toMatchObject(made)
  })

  test('a sku is unique in its shop, and any number of listings can have none', async () => {
    const { seller, shop } = await makeSeller()
    await listItem(seller, shop, { sku: 'A-1' })
    await listItem(seller, shop, { sku: null })
    await listItem(seller, shop, { sku: null })
    const body = { title: 'Bowl', price: '5', category_id: await anyCategory(), sku: 'A-1' }
    expectProblem(await seller.call('POST', `/v1/shops/${shop.id}/products`, { body }), 409, 'sku_taken')
    const second = await openShop(seller)
    expect((await listItem(seller, second, { sku: 'A-1' })).sku).toBe('A-1')
  })

  test('names each invalid field', async () => {
    const { seller, shop } = await makeSeller()
    const body = {
      title: 'x'.repeat(201),
      price: '1.234',
      quantity: -1,
      category_id: 'lamps',
      tags: Array(14).fill('t'),
      images: Array(11).fill('https://example.com/1.jpg'),
      is_vintage: 'yes',
      who_made: 'me',
      state: 'sold_out',
    }
    const problem = expectProblem(await seller.call('POST', `/v1/shops/${shop.id}/products`, { body }), 422, 'invalid_input')
    expect(fieldsOf(problem).sort()).toEqual([
      '#/category_id',
      '#/images',
      '#/is_vintage',
      '#/price',
      '#/quantity',
      '#/state',
      '#/tags',
      '#/title',
      '#/who_made',
    ])
  })

  test('names an unknown category', async () => {
    const { seller, shop } = await makeSeller()
    const body = { title: 'Bowl', price: '5', category_id: ABSENT }
    const problem = expectProblem(await seller.call('POST', `/v1/shops/${shop.id}/products`, { body }), 422, 'invalid_input')
    expect(fieldsOf(problem)).toEqual(['#/category_id'])
  })

  test("is for the shop's owner only", async () => {
    const { shop } = await makeSeller()
    const body = { title: 'Bowl', price: '5', category_id: await anyCategory() }
    const other = await signUp()
    expectProblem(await other.call('POST', `/v1/shops/${shop.id}/products`, { body }), 403, 'not_owner')
    expectProblem(await other.call('POST', `/v1/shops/${ABSENT}/products`, { body }), 404, 'not_found')
  })

  test('lengths count characters, not bytes: a title of 200 emoji fits', async () => {
    const { seller, shop } = await makeSeller()
    const title = '🧵'.repeat(200)
    expect((await listItem(seller, shop, { title })).title).toBe(title)
  })
})

describe('GET /v1/products/{id}', () => {
  test('can be cached by its ETag, which follows every change', async () => {
    const { seller, shop } = await makeSeller()
    const { id } = await listItem(seller, shop)
    const first = await api('GET', `/v1/products/${id}`)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^(W\/)?".+"$/)
    const again = await api('GET', `/v1/products/${id}`, { headers: { 'If-None-Match': etag } })
    expect(again.status).toBe(304)
    expect(again.text).toBe('')
    expect(again.headers.get('etag')).toBe(etag)
    expectStatus(await seller.call('PATCH', `/v1/products/${id}`, { body: { price: '11' } }), 200)
    const changed = await api<Product>('GET', `/v1/products/${id}`, { headers: { 'If-None-Match': etag } })
    expect(expectStatus(changed, 200).price).toBe('11.00')
    expect(changed.headers.get('etag')).not.toBe(etag)
  })

  test('HEAD responds like GET without the body', async () => {
    const { seller, shop } = await makeSeller()
    const { id } = await listItem(seller, shop)
    const head = await api('HEAD', `/v1/products/${id}`)
    expect(head.status).toBe(200)
    expect(head.text).toBe('')
    expect((await api('HEAD', `/v1/products/${ABSENT}`)).status).toBe(404)
  })

  test('a sold-out listing stays readable with quantity 0', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop)
    const buyer = await signUp()
    await addToCart(buyer, product)
    await checkOut(buyer)
    expect(await readProduct(product.id)).toMatchObject({ quantity: 0, state: 'sold_out' })
  })

  test("has its shop's current name", async () => {
    const { seller, shop } = await makeSeller()
    const { id } = await listItem(seller, shop)
    expect((await readProduct(id)).shop.name).toBe(shop.name)
    expectStatus(await seller.call('PATCH', `/v1/shops/${shop.id}`, { body: { name: 'Renamed' } }), 200)
    expect((await readProduct(id)).shop.name).toBe('Renamed')
  })
})

describe('PATCH /v1/products/{id}', () => {
  test('changes the sent fields only', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { sku: 'A-1', tags: ['a', 'b'], quantity: 2 })
    const path = `/v1/products/${product.id}`
    const changed = expectStatus(await seller.call<Product>('PATCH', path, { body: { title: 'A red bowl', price: '12' } }), 200)
    expect({ ...changed, updated_at: '' }).toEqual({
      ...product,
      title: 'A red bowl',
      price: '12.00',
      price_max: '12.00',
      updated_at: '',
    })
    expect(Date.parse(changed.updated_at)).toBeGreaterThanOrEqual(Date.parse(product.updated_at))
    const bare = expectStatus(await seller.call<Product>('PATCH', path, { body: { sku: null, tags: [] } }), 200)
    expect(bare).toMatchObject({ sku: null, tags: [], title: 'A red bowl', quantity: 2 })
    expect(await readProduct(product.id)).toEqual(bare)
  })

  test('the state follows the stock', async () => {
    const { seller, shop } = await makeSeller()
    const { id } = await listItem(seller, shop)
    const set = async (quantity: number) => (await setStock(seller, { id }, quantity)).state
    expect([await set(0), await set(5)]).toEqual(['sold_out', 'active'])
  })

  test("keeps the sku unique, and accepts the listing's own sku", async () => {
    const { seller, shop } = await makeSeller()
    await listItem(seller, shop, { sku: 'A-1' })
    const second = await listItem(seller, shop, { sku: 'A-2' })
    expectProblem(await seller.call('PATCH', `/v1/products/${second.id}`, { body: { sku: 'A-1' } }), 409, 'sku_taken')
    expectStatus(await seller.call('PATCH', `/v1/products/${second.id}`, { body: { sku: 'A-2' } }), 200)
  })

  test('is for the owner only, and only for fields that can change', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop)
    const path = `/v1/products/${product.id}`
    expectProblem(await (await signUp()).call('PATCH', path, { body: { price: '1' } }), 403, 'not_owner')
    expectProblem(await api('PATCH', path, { body: { price: '1' } }), 401, 'unauthorized')
    expectProblem(await seller.call('PATCH', `/v1/products/${ABSENT}`, { body: { price: '1' } }), 404, 'not_found')
    for (const body of [{ shop: { id: 1 } }, { shop_id: 1 }, { state: 'active' }, { created_at: '2020-01-01T00:00:00Z' }, {}]) {
      expectProblem(await seller.call('PATCH', path, { body }), 422, 'invalid_input')
    }
    expect(await readProduct(product.id)).toEqual(product)
  })
})

describe('DELETE /v1/products/{id}', () => {
  test('archives: the listing leaves its page and its shop, and a second DELETE is 404', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop)
    const path = `/v1/products/${product.id}`
    expectProblem(await (await signUp()).call('DELETE', path), 403, 'not_owner')
    const gone = await seller.call('DELETE', path)
    expectStatus(gone, 204)
    expect(gone.text).toBe('')
    expectProblem(await api('GET', path), 404, 'not_found')
    expectProblem(await seller.call('DELETE', path), 404, 'not_found')
    expect(expectStatus(await api<Page<Product>>('GET', `/v1/shops/${shop.id}/products`), 200).items).toEqual([])
    expectProblem(
      await seller.call('POST', '/v1/cart/items', { body: { product_id: product.id, quantity: 1 } }),
      404,
      'not_found',
    )
  })

  test('its lines stay in carts as unavailable', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 3 })
    const buyer = await signUp()
    await addToCart(buyer, product, 2)
    expectStatus(await seller.call('DELETE', `/v1/products/${product.id}`), 204)
    expect(await readLines(buyer)).toMatchObject([{ product_id: product.id, quantity: 2, available: false }])
  })
})

describe('POST /v1/products/{id}/restore', () => {
  test('puts an archived listing back, for its owner; a second call changes nothing', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { sku: 'R-1' })
    const path = `/v1/products/${product.id}`
    expectStatus(await seller.call('DELETE', path), 204)
    expectProblem(await (await signUp()).call('POST', `${path}/restore`), 403, 'not_owner')
    expectProblem(await seller.call('POST', `/v1/products/${ABSENT}/restore`), 404, 'not_found')
    const restored = expectStatus(await seller.call<Product>('POST', `${path}/restore`), 200)
    expect(restored).toEqual({ ...product, updated_at: restored.updated_at })
    expect(await readProduct(product.id)).toEqual(restored)
    expect(expectStatus(await seller.call('POST', `${path}/restore`), 200)).toEqual(restored)
  })
})

describe('/v1/products/{id}/quantity', () => {
  const read = async (id: number) => {
    const answer = await api<{ quantity: number }>('GET', `/v1/products/${id}/quantity`)
    return { ...expectStatus(answer, 200), etag: answer.headers.get('etag') ?? '' }
  }
  const set = (who: Shopper, id: number, quantity: number, etag?: string) =>
    who.call<{ quantity: number; state: string }>('PUT', `/v1/products/${id}/quantity`, {
      body: { quantity },
      headers: etag === undefined ? {} : { 'If-Match': etag },
    })

  test('is set if nothing has changed since it was read', async () => {
    const { seller, shop } = await makeSeller()
    const { id } = await listItem(seller, shop, { quantity: 5 })
    const { etag, ...before } = await read(id)
    expect(before as unknown).toEqual({ product_id: id, quantity: 5, state: 'active' })
    const answer = await set(seller, id, 0, etag)
    expect(expectStatus(answer, 200) as unknown).toEqual({ product_id: id, quantity: 0, state: 'sold_out' })
    expect(answer.headers.get('etag')).toBe((await read(id)).etag)
    expectProblem(await set(seller, id, 9, etag), 412, 'precondition_failed')
    expectStatus(await set(seller, id, 8, `"no-such", ${answer.headers.get('etag')}`), 200)
    expectStatus(await set(seller, id, 7, '*'), 200)
    expect((await read(id)).quantity).toBe(7)
  })

  test('a sale or an edit in between is a 412, a favorite is not', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 5 })
    const buyer = await signUp()
    const first = await read(product.id)
    await addToCart(buyer, product)
    expectStatus(await buyer.call('PUT', `/v1/favorites/product/${product.id}`), 204)
    expect((await read(product.id)).etag).toBe(first.etag)
    await checkOut(buyer)
    expect(expectProblem(await set(seller, product.id, 4, first.etag), 412, 'precondition_failed')).toMatchObject({ quantity: 4 })
    const second = await read(product.id)
    expectStatus(await seller.call('PATCH', `/v1/products/${product.id}`, { body: { title: 'A green bowl' } }), 200)
    expectProblem(await set(seller, product.id, 4, second.etag), 412, 'precondition_failed')
    expect((await read(product.id)).quantity).toBe(4)
  })

  test('one of many writers with one tag succeeds', async () => {
    const { seller, shop } = await makeSeller()
    const { id } = await listItem(seller, shop, { quantity: 5 })
    const { etag } = await read(id)
    const answers = await Promise.all([10, 20, 30, 40, 50].map((quantity) => set(seller, id, quantity, etag)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412, 412, 412])
    expect((await read(id)).quantity).toBe(answers.find((answer) => answer.status === 200)?.body.quantity as number)
  })

  test('needs a valid tag, and the owner', async () => {
    const { seller, shop } = await makeSeller()
    const { id } = await listItem(seller, shop, { quantity: 5 })
    const { etag } = await read(id)
    expectProblem(await set(seller, id, 1), 428, 'precondition_required')
    for (const wrong of ['5', etag.slice(1), `${etag} ${etag}`, '"a b"', '*, "a"'])
      expectProblem(await set(seller, id, 1, wrong), 400, 'if_match_invalid')
    expectProblem(await set(seller, id, 1, `W/${etag}`), 412, 'precondition_failed')
    expectProblem(await set(await signUp(), id, 1, etag), 403, 'not_owner')
    expectProblem(await set(seller, ABSENT, 1, etag), 404, 'not_found')
    expect(fieldsOf(expectProblem(await set(seller, id, -1, etag), 422, 'invalid_input'))).toEqual(['#/quantity'])
    expect((await read(id)).quantity).toBe(5)
  })
})

describe('when_made', () => {
  const thisYear = new Date().getUTCFullYear()

  test('has fixed values, and vintage is at least 20 years old', async () => {
    const { seller, shop } = await makeSeller()
    const send = async (when_made: unknown, is_vintage = true) => {
      const body = { title: 'x', price: '1', category_id: await anyCategory(), is_vintage, when_made }
      return seller.call<Product>('POST', `/v1/shops/${shop.id}/products`, { body })
    }
    for (const when of [`${thisYear - 20}`, '1985', '1980s', '1800s', '1960-1969', '1960_1969', 'before_1900', null])
      expect(expectStatus(await send(when), 201).when_made).toBe(when)
    for (const when of [`${thisYear - 19}`, `1990-${thisYear - 19}`, '2010_2019', 'made_to_order', `before_${thisYear}`])
      expect(fieldsOf(expectProblem(await send(when), 422, 'invalid_input'))).toEqual(['#/when_made'])
    for (const when of ['made_to_order', `${thisYear}`, `1990-${thisYear}`]) expectStatus(await send(when, false), 201)
    for (const when of ['long ago', '198', '1985s', '1969-1960', `${thisYear + 1}`, '', 1985])
      expect(fieldsOf(expectProblem(await send(when, false), 422, 'invalid_input'))).toEqual(['#/when_made'])
  })

  test('is checked against the stored fields', async () => {
    const { seller, shop } = await makeSeller()
    const { id } = await listItem(seller, shop, { when_made: '2015' })
    const change = (body: unknown) => seller.call<Product>('PATCH', `/v1/products/${id}`, { body })
    expect(fieldsOf(expectProblem(await change({ is_vintage: true }), 422, 'invalid_input'))).toEqual(['#/when_made'])
    expectStatus(await change({ is_vintage: true, when_made: '1990s' }), 200)
    expectProblem(await change({ when_made: '2015' }), 422, 'invalid_input')
    expectStatus(await change({ when_made: null }), 200)
  })
})

test('GET /v1/me/products lists own listings by shop and state, including archived ones', async () => {
  const { seller, shop } = await makeSeller()
  const other = await openShop(seller)
  const active = await listItem(seller, shop)
  const soldOut = await listItem(seller, other, { quantity: 0 })
  const archived = await listItem(seller, shop)
  expectStatus(await seller.call('DELETE', `/v1/products/${archived.id}`), 204)
  const ids = async (query: string, who = seller) =>
    (await readAllPages((path) => who.call<Page<Product>>('GET', path), `/v1/me/products?limit=2${query}`)).map((item) => item.id)
  expect(await ids('')).toEqual([archived.id, soldOut.id, active.id])
  expect(await ids('&state=archived')).toEqual([archived.id])
  expect(await ids(`&shop_id=${shop.id}`)).toEqual([archived.id, active.id])
  expect(await ids(`&shop_id=${shop.id}`, await signUp())).toEqual([])
  expectProblem(await api('GET', '/v1/me/products'), 401, 'unauthorized')
})

test('one of many concurrent listings with one sku is created, the others get the reason', async () => {
  const { seller, shop } = await makeSeller()
  const body = { title: 'x', price: '1', category_id: await anyCategory(), sku: 'ONE' }
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => seller.call<{ code?: string }>('POST', `/v1/shops/${shop.id}/products`, { body })),
  )
  expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([201, ...Array(5).fill('sku_taken')])
})

test('pictures keep their order, up to ten', async () => {
  const { seller, shop } = await makeSeller()
  const images = [...'7294016358'].map((name) => `https://example.com/${name}.jpg`)
  const product = await listItem(seller, shop, { images })
  expect(product.images).toEqual(images)
  const turned = [...images].reverse()
  expectStatus(await seller.call('PATCH', `/v1/products/${product.id}`, { body: { images: turned } }), 200)
  expect((await readProduct(product.id)).images).toEqual(turned)
})

test('rejects repeated tags and pictures', async () => {
  const { seller, shop } = await makeSeller()
  const url = 'https://example.com/1.jpg'
  const body = { title: 'x', price: '1', category_id: await anyCategory(), tags: ['red', 'red'], images: [url, url] }
  const problem = expectProblem(await seller.call('POST', `/v1/shops/${shop.id}/products`, { body }), 422, 'invalid_input')
  expect(fieldsOf(problem).sort()).toEqual(['#/images', '#/tags'])
})
