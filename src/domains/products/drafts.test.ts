import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Page, Product, SearchResult, Shop } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  eventually,
  inventWord,
  listItem,
  makeSeller,
  readProduct,
  type Shopper,
  signUp,
} from '../../../test/support/shopper.ts'

const { api } = await startServer()

const pathOf = (product: { id: number }) => `/v1/products/${product.id}`
const publish = (owner: Shopper, product: { id: number }) =>
  owner.call<Product>('PATCH', pathOf(product), { body: { is_draft: false } })
const idsOf = ({ items }: Page<{ id: number }>) => items.map(({ id }) => id)

/** A shop with a listing on sale and a draft, both with a word that no other listing has. */
async function makeDraft() {
  const { seller, shop } = await makeSeller()
  const word = inventWord()
  const listed = await listItem(seller, shop, { title: `${word} on sale` })
  const draft = await listItem(seller, shop, { title: `${word} not yet`, is_draft: true })
  return { seller, shop, word, listed, draft }
}

describe('a draft', () => {
  test('is read by its owner alone, with an ETag for a change', async () => {
    const { seller, draft } = await makeDraft()
    expect(draft).toMatchObject({ state: 'draft', is_draft: true })
    const answer = await seller.call<Product>('GET', pathOf(draft))
    expect(expectStatus(answer, 200)).toEqual(draft)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const etag = answer.headers.get('etag') as string
    const change = (etag: string) =>
      seller.call<Product>('PATCH', pathOf(draft), { headers: { 'If-Match': etag }, body: { title: 'Later' } })
    expect(expectStatus(await change(etag), 200)).toMatchObject({ title: 'Later', state: 'draft' })
    expectProblem(await change(etag), 412, 'precondition_failed')

    const stranger = await signUp()
    for (const call of [api, stranger.call]) {
      expectProblem(await call('GET', pathOf(draft)), 404, 'not_found')
      expectProblem(await call('GET', `${pathOf(draft)}/quantity`), 404, 'not_found')
    }
    expectProblem(await api('GET', pathOf(draft), { token: 'x'.repeat(30) }), 401, 'unauthorized')
    const stock = expectStatus(await seller.call('GET', `${pathOf(draft)}/quantity`), 200)
    expect(stock).toEqual({ product_id: draft.id, quantity: draft.quantity, state: 'draft' })
  })

  test('is in no public list, and no cart or favorite takes it', async () => {
    const { seller, shop, word, listed, draft } = await makeDraft()
    const found = await eventually(
      10_000,
      async () => expectStatus(await api<SearchResult>('GET', `/v1/search?q=${word}`), 200),
      ({ items }) => items.length > 0,
    )
    expect(idsOf(found as never)).toEqual([listed.id])
    for (const call of [api, seller.call]) {
      const list = expectStatus(await call<Page<Product>>('GET', `/v1/shops/${shop.id}/products`), 200)
      expect(idsOf(list)).toEqual([listed.id])
      expect(expectStatus(await call<Shop>('GET', `/v1/shops/${shop.id}`), 200).product_count).toBe(1)
    }
    const buyer = await signUp()
    const body = { product_id: draft.id, quantity: 1 }
    expectProblem(await buyer.call('POST', '/v1/cart/items', { body }), 404, 'not_found')
    expectProblem(await buyer.call('PUT', `/v1/favorites/product/${draft.id}`), 404, 'not_found')
  })

  test('is found by its owner by state', async () => {
    const { seller, listed, draft } = await makeDraft()
    const archived = await listItem(seller, listed.shop as never)
    expectStatus(await seller.call('DELETE', pathOf(archived)), 204)
    const list = async (state: string) =>
      idsOf(expectStatus(await seller.call<Page<Product>>('GET', `/v1/me/products?state=${state}`), 200))
    expect(await list('draft')).toEqual([draft.id])
    expect(await list('archived')).toEqual([archived.id])
    expect(await list('active')).toEqual([listed.id])
  })

  test('is published by a change, with the rest of it, and sold', async () => {
    const { seller, shop, draft, listed } = await makeDraft()
    // The shop's list and the missing page are cached by now.
    expectStatus(await api('GET', `/v1/shops/${shop.id}/products`), 200)
    expectProblem(await api('GET', pathOf(draft)), 404, 'not_found')
    const changed = await seller.call<Product>('PATCH', pathOf(draft), { body: { price: '7', is_draft: false } })
    const product = expectStatus(changed, 200)
    expect(product).toMatchObject({ price: '7.00', state: 'active', is_draft: false })
    expect(await readProduct(draft.id)).toEqual(product)
    const list = expectStatus(await api<Page<Product>>('GET', `/v1/shops/${shop.id}/products`), 200)
    expect(idsOf(list)).toEqual([draft.id, listed.id])
    await addToCart(await signUp(), draft)
    expect(expectStatus(await publish(seller, draft), 200).state).toBe('active')
  })

  test('is published by its owner alone, and a published listing never becomes a draft again', async () => {
    const { seller, draft, listed } = await makeDraft()
    expectProblem(await publish(await signUp(), draft), 403, 'not_owner')
    const back = await seller.call('PATCH', pathOf(listed), { body: { is_draft: true } })
    expect(fieldsOf(expectProblem(back, 422, 'invalid_input'))).toEqual(['#/is_draft'])
    const stay = await seller.call<Product>('PATCH', pathOf(draft), { body: { is_draft: true } })
    expect(expectStatus(stay, 200).state).toBe('draft')
  })

  test('is archived like a listing; a restore publishes no draft, only what was archived', async () => {
    const { seller, draft } = await makeDraft()
    const restore = () => seller.call<Product>('POST', `${pathOf(draft)}/restore`)
    expect(expectStatus(await restore(), 200).state).toBe('draft')
    expectStatus(await seller.call('DELETE', pathOf(draft)), 204)
    expectProblem(await seller.call('GET', pathOf(draft)), 404, 'not_found')
    expectProblem(await seller.call('DELETE', pathOf(draft)), 404, 'not_found')
    expect(expectStatus(await restore(), 200)).toMatchObject({ state: 'active', is_draft: false })
  })
})

test('a copy is a draft of its own, for the owner alone', async () => {
  const { seller, listed } = await makeDraft()
  const copy = (who: Shopper) => who.call<Product>('POST', `${pathOf(listed)}/copy`)
  const answer = await copy(seller)
  const copied = expectStatus(answer, 201)
  expect(answer.headers.get('location')).toBe(pathOf(copied))
  const { id, created_at, updated_at, ...rest } = listed
  expect(copied).toMatchObject({ ...rest, sku: null, state: 'draft', is_draft: true })
  expect(copied.id).not.toBe(id)
  expectProblem(await copy(await signUp()), 403, 'not_owner')
  expectProblem(await seller.call('POST', `/v1/products/${Number.MAX_SAFE_INTEGER}/copy`), 404, 'not_found')
  expectProblem(await api('GET', pathOf(copied)), 404, 'not_found')
  await publish(seller, copied)
  expect(await readProduct(copied.id)).toMatchObject({ title: listed.title, state: 'active' })
})
