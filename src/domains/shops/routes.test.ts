import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Order, Page, Product, Shop, ShopStatistics } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  checkOut,
  eventually,
  freeShipping,
  inventWord,
  listItem,
  makeSeller,
  openShop,
  readAllPages,
  readLines,
  readProduct,
  type Shopper,
  signUp,
  tryCheckOut,
} from '../../../test/support/shopper.ts'

const { api, sql } = await startServer()

const ABSENT = Number.MAX_SAFE_INTEGER

describe('POST /v1/shops', () => {
  test('opens a shop with branding and a shipping profile', async () => {
    const sam = await signUp()
    const body = {
      name: 'Kiln & Loom',
      description: 'Bowls and blankets',
      banner_url: 'https://example.com/banner.jpg',
      logo_url: 'https://example.com/logo.png',
      shipping: { base: '4.5', per_extra_item: '1', processing_days_min: 2, processing_days_max: 5 },
    }
    const answer = await sam.call<Shop>('POST', '/v1/shops', { body })
    const shop = expectStatus(answer, 201)
    const { id, created_at, ...rest } = shop
    expect(rest).toEqual({
      ...body,
      shipping: { base: '4.50', per_extra_item: '1.00', processing_days_min: 2, processing_days_max: 5 },
      owner_id: sam.id,
      rating: null,
      review_count: 0,
      sales_count: 0,
      favorites_count: 0,
      product_count: 0,
      is_on_vacation: false,
      vacation_message: null,
      vacation_from: null,
      vacation_until: null,
      days_off: [],
      return_policy: null,
    })
    expect(created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
    expect(answer.headers.get('location')).toBe(`/v1/shops/${id}`)
    expect(expectStatus(await api<Shop>('GET', `/v1/shops/${id}`), 200)).toEqual(shop)
  })

  test('a name and a shipping profile are enough, and one owner can have several shops', async () => {
    const sam = await signUp()
    const first = await openShop(sam)
    const second = await openShop(sam)
    expect(second.id).not.toBe(first.id)
    expect(first).toMatchObject({ description: '', banner_url: null, logo_url: null })
  })

  test('names each invalid field', async () => {
    const sam = await signUp()
    const wrong = {
      name: '',
      banner_url: 'javascript:alert(1)',
      owner_id: 1,
      rating: 5,
      shipping: { base: '-1', per_extra_item: 1.5, processing_days_min: -1, processing_days_max: 400 },
    }
    const problem = expectProblem(await sam.call('POST', '/v1/shops', { body: wrong }), 422, 'invalid_input')
    expect(fieldsOf(problem).sort()).toEqual([
      '#/banner_url',
      '#/name',
      '#/owner_id',
      '#/rating',
      '#/shipping/base',
      '#/shipping/per_extra_item',
      '#/shipping/processing_days_max',
      '#/shipping/processing_days_min',
    ])
    const missing = expectProblem(await sam.call('POST', '/v1/shops', { body: { name: 'Kiln' } }), 422, 'invalid_input')
    expect(fieldsOf(missing)).toEqual(['#/shipping'])
  })

  test('rejects a longest processing time below the shortest', async () => {
    const sam = await signUp()
    const shipping = { ...freeShipping, processing_days_min: 5, processing_days_max: 2 }
    const problem = expectProblem(await sam.call('POST', '/v1/shops', { body: { name: 'Kiln', shipping } }), 422, 'invalid_input')
    expect(fieldsOf(problem)).toEqual(['#/shipping/processing_days_max'])
  })
})

describe('GET /v1/shops/{id}', () => {
  test('is 404 for a missing shop', async () => {
    for (const path of ['', '/products', '/reviews'])
      expectProblem(await api('GET', `/v1/shops/${ABSENT}${path}`), 404, 'not_found')
    const sam = await signUp()
    expectProblem(await sam.call('GET', `/v1/shops/${ABSENT}/orders`), 404, 'not_found')
    expectProblem(await sam.call('PATCH', `/v1/shops/${ABSENT}`, { body: { name: 'Mine' } }), 404, 'not_found')
  })

  test('is 422 for an invalid id', async () => {
    for (const id of ['x', '0', '-1', '1.5', '1e3', '99999999999999999999', '%00', '%F0%9F%A7%B5']) {
      expect(fieldsOf(expectProblem(await api('GET', `/v1/shops/${id}`), 422, 'invalid_input'))).toEqual(['#/id'])
    }
  })
})

describe('PATCH /v1/shops/{id}', () => {
  test('changes the sent fields only', async () => {
    const { seller, shop } = await makeSeller({ description: 'Bowls', logo_url: 'https://example.com/logo.png' })
    const path = `/v1/shops/${shop.id}`
    const renamed = expectStatus(await seller.call<Shop>('PATCH', path, { body: { name: 'Kiln' } }), 200)
    expect(renamed).toEqual({ ...shop, name: 'Kiln' })
    const bare = expectStatus(
      await seller.call<Shop>('PATCH', path, { body: { logo_url: null, shipping: { ...freeShipping, base: '3' } } }),
      200,
    )
    expect(bare).toEqual({ ...renamed, logo_url: null, shipping: { ...freeShipping, base: '3.00' } })
    expect(expectStatus(await api<Shop>('GET', path), 200)).toEqual(bare)
  })

  test('is for the owner only', async () => {
    const { shop } = await makeSeller()
    const other = await signUp()
    expectProblem(await other.call('PATCH', `/v1/shops/${shop.id}`, { body: { name: 'Mine now' } }), 403, 'not_owner')
    expect(expectStatus(await api<Shop>('GET', `/v1/shops/${shop.id}`), 200)).toEqual(shop)
  })

  test('rejects fields that the service counts', async () => {
    const { seller, shop } = await makeSeller()
    for (const body of [{ rating: 5 }, { sales_count: 100 }, { review_count: 9 }, { owner_id: 1 }, { id: 1 }, {}]) {
      expectProblem(await seller.call('PATCH', `/v1/shops/${shop.id}`, { body }), 422, 'invalid_input')
    }
    expect(expectStatus(await api<Shop>('GET', `/v1/shops/${shop.id}`), 200)).toEqual(shop)
  })
})

describe('GET /v1/shops/{id}/products', () => {
  test("lists the shop's products, newest first, in pages that lose and repeat nothing", async () => {
    const { seller, shop } = await makeSeller()
    const listed: number[] = []
    for (let i = 0; i < 7; i++) listed.push((await listItem(seller, shop)).id)
    const read = (path: string) => api<Page<Product>>('GET', path)
    const seen = await readAllPages(read, `/v1/shops/${shop.id}/products?limit=3`)
    expect(seen.map((product) => product.id)).toEqual(listed.reverse())
    expect(expectStatus(await read(`/v1/shops/${shop.id}/products?limit=7`), 200).next_cursor).toBeNull()
  })

  test('is empty for an empty shop', async () => {
    const { shop } = await makeSeller()
    expect(expectStatus(await api('GET', `/v1/shops/${shop.id}/products`), 200)).toEqual({ items: [], next_cursor: null })
  })
})

describe('GET /v1/shops/{id}/orders', () => {
  test('is for the owner alone', async () => {
    const { seller, shop } = await makeSeller()
    expect(expectStatus(await seller.call('GET', `/v1/shops/${shop.id}/orders`), 200)).toEqual({ items: [], next_cursor: null })
    expectProblem(await (await signUp()).call('GET', `/v1/shops/${shop.id}/orders`), 403, 'not_owner')
    expectProblem(await api('GET', `/v1/shops/${shop.id}/orders`), 401, 'unauthorized')
  })
})

describe('GET /v1/shops/{id}/statistics', () => {
  const NOTHING = { views: 0, favorites: 0, carts: 0, orders: 0, units: 0, revenue: '0.00', refunded: '0.00' }

  test('shows the owner the days that the job has counted', async () => {
    const { seller, shop } = await makeSeller({ shipping: { ...freeShipping, base: '1.50' } })
    const path = `/v1/shops/${shop.id}/statistics`
    const read = async () => expectStatus(await seller.call<ShopStatistics>('GET', path), 200)
    const quiet = await read()
    expect(quiet).toMatchObject({ shop_id: shop.id, totals: NOTHING })
    expect(quiet.items).toHaveLength(30)
    expect(quiet.items.at(-1)).toEqual({ day: quiet.to, ...NOTHING })

    const product = await listItem(seller, shop, { quantity: 5, price: '8.25' })
    const buyer = await signUp('Bo')
    await readProduct(product.id)
    for (const liked of [`product/${product.id}`, `shop/${shop.id}`])
      expectStatus(await buyer.call('PUT', `/v1/favorites/${liked}`), 204)
    await addToCart(buyer, product, 2)
    await addToCart(buyer, product)
    const [regretted] = (await checkOut(buyer)).orders as [Order]
    await addToCart(buyer, product)
    await checkOut(buyer)
    expectStatus(await seller.call('POST', `/v1/orders/${regretted.id}/refund`), 200)
    // A server that these tests did not start runs its job when it is due, which is longer than a test may take.
    if (!sql) return
    const workOut = async () => {
      await sql`select enqueue_job('rebuild_statistics', '{}') where not has_live_job('rebuild_statistics', '{}')`
      return read()
    }
    const { totals, items, computed_at } = await eventually(60_000, workOut, (answer) => answer.totals.views > 0)
    expect(totals).toEqual({ views: 1, favorites: 2, carts: 2, orders: 2, units: 4, revenue: '36.00', refunded: '26.25' })
    expect(items).toHaveLength(30)
    expect(items.map(({ revenue }) => Number(revenue)).reduce((sum, one) => sum + one)).toBe(36)
    expect(computed_at).toMatch(/Z$/)
    expect(await sql`select from pgboss.schedule where name = 'rebuild_statistics'`).toHaveLength(1)
  }, 90_000)

  test('from and to are days, both included', async () => {
    const { seller, shop } = await makeSeller()
    const path = `/v1/shops/${shop.id}/statistics?from=2024-02-27&to=2024-03-01`
    const { items, ...rest } = expectStatus(await seller.call<ShopStatistics>('GET', path), 200)
    expect(rest).toMatchObject({ from: '2024-02-27', to: '2024-03-01', totals: NOTHING })
    expect(items.map(({ day }) => day)).toEqual(['2024-02-27', '2024-02-28', '2024-02-29', '2024-03-01'])
  })

  test('names an invalid day, and an invalid or too long range', async () => {
    const { seller, shop } = await makeSeller()
    const read = (query: string) => seller.call('GET', `/v1/shops/${shop.id}/statistics?${query}`)
    for (const day of ['2026-02-30', '2026-2-3', '2026-02-03T00:00:00Z', '0999-12-31', 'yesterday', '1', '2026-13-01']) {
      expect(fieldsOf(expectProblem(await read(`from=${day}`), 422, 'invalid_input'))).toEqual(['#/from'])
      expect(fieldsOf(expectProblem(await read(`to=${day}`), 422, 'invalid_input'))).toEqual(['#/to'])
    }
    for (const range of ['from=2026-03-02&to=2026-03-01', 'from=2025-03-01&to=2026-03-02', 'from=1000-01-01', 'from=9999-12-31'])
      expect(fieldsOf(expectProblem(await read(range), 422, 'invalid_input'))).toEqual(['#/from'])
    expectProblem(await read('since=2026-03-01'), 400, 'invalid_query')
  })

  test('is for the owner alone', async () => {
    const { seller, shop } = await makeSeller()
    const path = `/v1/shops/${shop.id}/statistics`
    expectProblem(await api('GET', path), 401, 'unauthorized')
    expectProblem(await (await signUp()).call('GET', path), 403, 'not_owner')
    expectProblem(await (await signUp()).call('GET', `${path}?from=2026-03-02&to=2026-03-01`), 403, 'not_owner')
    expectProblem(await seller.call('GET', `/v1/shops/${ABSENT}/statistics`), 404, 'not_found')
  })
})

describe('a vacation', () => {
  const goAway = (seller: Shopper, shop: Shop, is_on_vacation = true) =>
    seller.call<Shop>('PATCH', `/v1/shops/${shop.id}`, { body: { is_on_vacation, vacation_message: 'Back in May.' } })

  test('keeps the pages readable and blocks sales', async () => {
    const { seller, shop } = await makeSeller()
    const word = inventWord()
    const product = await listItem(seller, shop, { title: word, quantity: 3 })
    const find = () => api<Page<Product>>('GET', `/v1/search?q=${word}`)
    expect(expectStatus(await find(), 200).items.map((item) => item.id)).toEqual([product.id])
    const buyer = await signUp('Bo')
    await addToCart(buyer, product)
    expect(expectStatus(await goAway(seller, shop), 200)).toMatchObject({
      is_on_vacation: true,
      vacation_message: 'Back in May.',
      product_count: 1,
    })
    const away = { is_on_vacation: true, vacation_message: 'Back in May.' }
    expect(await readProduct(product.id)).toMatchObject({ state: 'active', shop: away })
    const list = expectStatus(await api<Page<Product>>('GET', `/v1/shops/${shop.id}/products`), 200)
    expect(list.items).toMatchObject([{ id: product.id, shop: away }])
    expect(expectStatus(await find(), 200).items).toEqual([])
    const trending = expectStatus(await api<Page<Product>>('GET', '/v1/trending?limit=100'), 200)
    expect(trending.items.map((item) => item.id)).not.toContain(product.id)
    expect(await readLines(buyer)).toMatchObject([{ product_id: product.id, available: false }])
    const adding = await buyer.call('POST', '/v1/cart/items', { body: { product_id: product.id, quantity: 1 } })
    expect(expectProblem(adding, 409, 'shop_on_vacation')).toMatchObject({ success: false, shop_id: shop.id })
    expectProblem(await tryCheckOut(buyer), 409, 'shop_on_vacation')
    expectStatus(await goAway(seller, shop, false), 200)
    expect((await readProduct(product.id)).shop.is_on_vacation).toBe(false)
    expect((await checkOut(buyer)).orders).toHaveLength(1)
  })

  test('is a boolean with a message that is not empty, and only the owner sets it', async () => {
    const { seller, shop } = await makeSeller()
    const answer = await seller.call('PATCH', `/v1/shops/${shop.id}`, { body: { is_on_vacation: 'yes', vacation_message: '' } })
    expect(fieldsOf(expectProblem(answer, 422, 'invalid_input')).sort()).toEqual(['#/is_on_vacation', '#/vacation_message'])
    expectProblem(await goAway(await signUp(), shop), 403, 'not_owner')
  })
})

test('GET /v1/me/shops lists only own shops, newest first', async () => {
  const { seller, shop } = await makeSeller()
  const second = await openShop(seller)
  const read = (path: string) => seller.call<Page<Shop>>('GET', path)
  expect(await readAllPages(read, '/v1/me/shops?limit=1')).toEqual([second, shop])
  expectProblem(await api('GET', '/v1/me/shops'), 401, 'unauthorized')
})

test('a shop counts its likes and its visible listings', async () => {
  const { seller, shop } = await makeSeller()
  const product = await listItem(seller, shop)
  const fans = await Promise.all([signUp(), signUp(), signUp()])
  await Promise.all(
    fans.flatMap((fan) => [`shop/${shop.id}`, `product/${product.id}`].map((path) => fan.call('PUT', `/v1/favorites/${path}`))),
  )
  expectStatus(await (fans[0] as Shopper).call('PUT', `/v1/favorites/shop/${shop.id}`), 204)
  expectStatus(await (fans[0] as Shopper).call('DELETE', `/v1/favorites/product/${product.id}`), 204)
  const read = async () => expectStatus(await api<Shop>('GET', `/v1/shops/${shop.id}`), 200)
  expect(await read()).toMatchObject({ favorites_count: 3, product_count: 1 })
  expect((await readProduct(product.id)).favorites_count).toBe(2)
  expectStatus(await seller.call('DELETE', `/v1/products/${product.id}`), 204)
  expect((await read()).product_count).toBe(0)
})

describe('If-Match on PATCH /v1/shops/{id}', () => {
  const etagOf = async (path: string) => (await api('GET', path)).headers.get('etag') as string

  test('is 412 if the owner has changed the shop since, and leaves it unchanged', async () => {
    const { seller, shop } = await makeSeller()
    const path = `/v1/shops/${shop.id}`
    const patch = (name: string, etag: string) =>
      seller.call<Shop>('PATCH', path, { body: { name }, headers: { 'If-Match': etag } })
    const etag = await etagOf(path)
    const renamed = await patch('Kiln', etag)
    expectStatus(renamed, 200)
    expect(await etagOf(path)).toBe(renamed.headers.get('etag') as string)
    for (const stale of [etag, '"nonsense"']) expectProblem(await patch('Loom', stale), 412, 'precondition_failed')
    expectProblem(await patch('Loom', 'nonsense'), 400, 'if_match_invalid')
    expect(expectStatus(await api<Shop>('GET', path), 200).name).toBe('Kiln')
    expectStatus(await patch('Loom', '*'), 200)
  })

  test('ignores likes and sales', async () => {
    const { seller, shop } = await makeSeller()
    const path = `/v1/shops/${shop.id}`
    const product = await listItem(seller, shop)
    const etag = await etagOf(path)
    const buyer = await signUp()
    expectStatus(await buyer.call('PUT', `/v1/favorites/shop/${shop.id}`), 204)
    await addToCart(buyer, product)
    await checkOut(buyer)
    expect(await etagOf(path)).not.toBe(etag)
    expectStatus(await seller.call('PATCH', path, { body: { name: 'Kiln' }, headers: { 'If-Match': etag } }), 200)
  })

  test('one of many concurrent changes with one tag succeeds', async () => {
    const { seller, shop } = await makeSeller()
    const path = `/v1/shops/${shop.id}`
    const headers = { 'If-Match': await etagOf(path) }
    const names = ['One', 'Two', 'Three', 'Four']
    const answers = await Promise.all(names.map((name) => seller.call('PATCH', path, { body: { name }, headers })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
  })
})
