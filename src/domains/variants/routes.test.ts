import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { Page, Product, Variant, VariantQuantity } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { eventually, inventWord, listItem, makeSeller, readProduct, type Shopper, signUp } from '../../../test/support/shopper.ts'

const { api } = await startServer()

const SIZES = { name: 'Size', values: ['S', 'M', 'L'] }
const OWN_STOCK = { stock_by: 'variant', quantity: undefined }
const etagOf = async (path: string) => (await api('GET', path)).headers.get('etag') as string
const pathOf = ({ id }: { id: number }) => `/v1/variants/${id}`

/** A shop with a shirt in S and M, each with a stock of its own. */
async function makeShirt(title = 'A shirt') {
  const { seller, shop } = await makeSeller()
  const variants = [
    { option_values: ['S'], quantity: 2, sku: 'SHIRT-S' },
    { option_values: ['M'], quantity: 1, price: '12' },
  ]
  const product = await listItem(seller, shop, { title, options: [SIZES], variants, ...OWN_STOCK })
  const [small, medium] = product.variants as [Variant, Variant]
  return { seller, shop, product, small, medium }
}

const change = (who: Shopper, variant: Variant, body: object, etag?: string) =>
  who.call<Variant>('PATCH', pathOf(variant), { body, headers: etag ? { 'If-Match': etag } : {} })

describe('a listing with variants', () => {
  test('shows them on its page, and null in lists', async () => {
    const { shop, product, small, medium } = await makeShirt()
    expect(product).toMatchObject({ price: '10.00', price_max: '12.00', quantity: 3, stock_by: 'variant', options: [SIZES] })
    expect(small).toMatchObject({ product_id: product.id, option_values: ['S'], price: '10.00', quantity: 2, sku: 'SHIRT-S' })
    expect(await readProduct(product.id)).toEqual(product)
    const [listed] = expectStatus(await api<Page<Product>>('GET', `/v1/shops/${shop.id}/products`), 200).items
    expect(listed).toEqual({ ...product, variants: null })
    const all = await api<Page<Variant>>('GET', `/v1/products/${product.id}/variants?limit=1`)
    expect(expectStatus(all, 200).items).toEqual([small])
    const next = `/v1/products/${product.id}/variants?limit=1&cursor=${all.body.next_cursor}`
    expect(expectStatus(await api<Page<Variant>>('GET', next), 200)).toEqual({ items: [medium], next_cursor: null })
  })

  test('names the field of what is wrong', async () => {
    const { seller, shop } = await makeSeller()
    const body = { title: 'Shirt', price: '9', category_id: 1, options: [SIZES], variants: [{ option_values: ['XL'] }] }
    const problem = expectProblem(await seller.call('POST', `/v1/shops/${shop.id}/products`, { body }), 422, 'invalid_input')
    expect(problem.errors).toMatchObject([{ pointer: '#/variants/0/option_values/0' }])
  })

  test('its page, its lists and search show a change of a variant', async () => {
    const word = inventWord()
    const { seller, shop, product, medium } = await makeShirt(word)
    await readProduct(product.id)
    const path = `/v1/shops/${shop.id}/products`
    expectStatus(await api('GET', path), 200)
    expectStatus(await change(seller, medium, { price: '4' }), 200)
    expect(await readProduct(product.id)).toMatchObject({ price: '4.00', price_max: '10.00' })
    const [listed] = expectStatus(await api<Page<Product>>('GET', path), 200).items
    expect(listed).toMatchObject({ price: '4.00' })
    expectStatus(await change(seller, medium, { option_values: ['L'] }), 200)
    expect((await readProduct(product.id)).variants?.[1]).toMatchObject({ id: medium.id, option_values: ['L'] })
    const found = async () =>
      (await api<Page<Product>>('GET', `/v1/search?q=${word}&price_max=5`)).body.items?.map(({ id }) => id)
    expect(await eventually(5_000, found, (ids) => ids?.length === 1)).toEqual([product.id])
  })
})

describe('POST /v1/products/{id}/variants', () => {
  test('adds a variant with a place and an ETag', async () => {
    const { seller, product } = await makeShirt()
    const body = { option_values: ['L'], quantity: 4 }
    const answer = await seller.call<Variant>('POST', `/v1/products/${product.id}/variants`, { body })
    const large = expectStatus(answer, 201)
    expect(answer.headers.get('location')).toBe(pathOf(large))
    expect(answer.headers.get('etag')).toBe(await etagOf(pathOf(large)))
    expect(await readProduct(product.id)).toMatchObject({ quantity: 7, variants: [{}, {}, large] })
    const again = await seller.call('POST', `/v1/products/${product.id}/variants`, { body })
    expect(expectProblem(again, 422, 'invalid_input').errors).toMatchObject([{ pointer: '#/option_values' }])
    const taken = { body: { option_values: ['L'], quantity: 1, sku: 'SHIRT-S' } }
    expectStatus(await seller.call('DELETE', pathOf(large)), 204)
    expectProblem(await seller.call('POST', `/v1/products/${product.id}/variants`, taken), 409, 'sku_taken')
  })
})

describe('PATCH /v1/variants/{id}', () => {
  test('changes the sent fields, its stock only with If-Match', async () => {
    const { seller, small } = await makeShirt()
    expectProblem(await change(seller, small, { quantity: 5 }), 428, 'precondition_required')
    const etag = await etagOf(pathOf(small))
    expect(expectStatus(await change(seller, small, { quantity: 5, price: '8' }, etag), 200)).toEqual({
      ...small,
      price: '8.00',
      own_price: '8.00',
      quantity: 5,
    })
    expectProblem(await change(seller, small, { price: '9' }, etag), 412, 'precondition_failed')
  })

  test('changes the ETag of the listing, so that PATCH of the listing notices it', async () => {
    const { seller, product, small } = await makeShirt()
    const etag = await etagOf(`/v1/products/${product.id}/quantity`)
    expectStatus(await change(seller, small, { sku: null }), 200)
    const headers = { 'If-Match': etag }
    const late = await seller.call('PATCH', `/v1/products/${product.id}`, { body: { title: 'Late' }, headers })
    expectProblem(late, 412, 'precondition_failed')
  })
})

describe('PATCH /v1/products/{id} of a listing with variants', () => {
  test('takes back the price that it shows, and the base_price', async () => {
    const { seller, product, small, medium } = await makeShirt()
    const patch = (body: object) => seller.call<Product>('PATCH', `/v1/products/${product.id}`, { body })
    expectStatus(await change(seller, medium, { price: '4' }), 200)
    const { price, base_price } = await readProduct(product.id)
    expect([price, base_price]).toEqual(['4.00', '10.00'])
    const kept = { price: '4.00', price_max: '10.00', variants: [small, { own_price: '4.00' }] }
    expect(expectStatus(await patch({ price, base_price }), 200)).toMatchObject(kept)
    expect(expectStatus(await change(seller, small, { price: small.price }), 200)).toEqual(small)
    expect(expectStatus(await patch({ base_price: '4' }), 200)).toMatchObject({ price_max: '4.00', base_price: '4.00' })
    expect(expectStatus(await patch({ base_price: null }), 200)).toMatchObject({ base_price: '4.00' })
  })

  test('changes whose stock a sale takes, with the quantity of each variant', async () => {
    const { seller, product, small, medium } = await makeShirt()
    const path = `/v1/products/${product.id}`
    const patch = (body: object, etag?: string) =>
      seller.call<Product>('PATCH', path, { body, headers: etag ? { 'If-Match': etag } : {} })
    expectProblem(await patch({ quantity: 9 }, '*'), 422, 'invalid_input')
    expect(expectStatus(await patch({ stock_by: 'product' }), 200)).toMatchObject({
      quantity: 3,
      variants: [{ quantity: null }, {}],
    })
    const body = {
      stock_by: 'variant',
      variant_quantities: [
        { variant_id: small.id, quantity: 6 },
        { variant_id: medium.id, quantity: 1 },
      ],
    }
    expectProblem(await patch(body), 428, 'precondition_required')
    expect(expectStatus(await patch(body, await etagOf(path)), 200)).toMatchObject({
      quantity: 7,
      variants: [{ quantity: 6 }, {}],
    })
  })
})

describe('the stock of a variant', () => {
  test('is set by compare and set', async () => {
    const { seller, product, small, medium } = await makeShirt()
    const path = `${pathOf(small)}/quantity`
    const read = await api<VariantQuantity>('GET', path)
    expect(expectStatus(read, 200)).toEqual({ variant_id: small.id, product_id: product.id, stock_by: 'variant', quantity: 2 })
    const put = (etag?: string) =>
      seller.call<VariantQuantity>('PUT', path, { body: { quantity: 9 }, headers: etag ? { 'If-Match': etag } : {} })
    expectProblem(await put(), 428, 'precondition_required')
    // A change of one variant leaves the version of the others.
    expectStatus(await change(seller, medium, { price: '13' }), 200)
    expect(expectStatus(await put(read.headers.get('etag') as string), 200).quantity).toBe(9)
    expect(expectProblem(await put(read.headers.get('etag') as string), 412, 'precondition_failed')).toMatchObject({
      quantity: 9,
    })
    expect((await readProduct(product.id)).quantity).toBe(10)
  })

  test('is that of the listing where the variants share it', async () => {
    const { seller, shop } = await makeSeller()
    const variants = [{ option_values: ['S'] }]
    const product = await listItem(seller, shop, { options: [SIZES], variants, quantity: 4 })
    const path = `${pathOf(product.variants?.[0] as Variant)}/quantity`
    expect(expectStatus(await api<VariantQuantity>('GET', path), 200)).toMatchObject({ quantity: 4, stock_by: 'product' })
    const put = await seller.call('PUT', path, { body: { quantity: 9 }, headers: { 'If-Match': '*' } })
    expect(expectProblem(put, 422, 'invalid_input').errors).toMatchObject([{ pointer: '#/quantity' }])
  })
})

describe('the ETag of a variant', () => {
  test('changes with the price and the stock of its listing, and If-Match ignores both', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { options: [SIZES], variants: [{ option_values: ['S'] }], quantity: 4 })
    const variant = product.variants?.[0] as Variant
    const [before, stock] = [await etagOf(pathOf(variant)), await etagOf(`${pathOf(variant)}/quantity`)]
    const body = { base_price: '11', quantity: 3 }
    const headers = { 'If-Match': '*' }
    expectStatus(await seller.call('PATCH', `/v1/products/${product.id}`, { body, headers }), 200)
    expect(await etagOf(pathOf(variant))).not.toBe(before)
    expect(await etagOf(`${pathOf(variant)}/quantity`)).not.toBe(stock)
    expectStatus(await change(seller, variant, { sku: 'S-1' }, before), 200)
  })
})

describe('DELETE /v1/variants/{id}', () => {
  test('archives a variant; no caller reads it any more', async () => {
    const { seller, product, small, medium } = await makeShirt()
    const headers = { 'If-Match': '"old"' }
    expectProblem(await seller.call('DELETE', pathOf(small), { headers }), 412, 'precondition_failed')
    expectStatus(await seller.call('DELETE', pathOf(small)), 204)
    for (const path of [pathOf(small), `${pathOf(small)}/quantity`]) expectProblem(await api('GET', path), 404, 'not_found')
    expectProblem(await seller.call('DELETE', pathOf(small)), 404, 'not_found')
    expect(await readProduct(product.id)).toMatchObject({ quantity: 1, variants: [medium] })
  })

  test('the owner alone reads the variants of an archived listing', async () => {
    const { seller, product, small } = await makeShirt()
    expectStatus(await seller.call('DELETE', `/v1/products/${product.id}`), 204)
    const stranger = await signUp()
    for (const path of [pathOf(small), `${pathOf(small)}/quantity`, `/v1/products/${product.id}/variants`]) {
      expectProblem(await stranger.call('GET', path), 404, 'not_found')
      expectStatus(await seller.call('GET', path), 200)
    }
  })
})
