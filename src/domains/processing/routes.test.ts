import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Page, ProcessingProfile, Product, Shop } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addProcessingProfile,
  addToCart,
  listItem,
  makeSeller,
  readProduct,
  signUp,
  tryCheckOut,
} from '../../../test/support/shopper.ts'

const { api } = await startServer()

describe('processing profiles', () => {
  test('are listed page by page, and changed one by one', async () => {
    const { seller, shop } = await makeSeller()
    const path = `/v1/shops/${shop.id}/processing-profiles`
    expect(expectStatus(await api<Page<ProcessingProfile>>('GET', path), 200)).toEqual({ items: [], next_cursor: null })
    const first = await addProcessingProfile(seller, shop)
    const second = await addProcessingProfile(seller, shop, { name: 'In stock', readiness: 'ready_to_ship' })
    const page = expectStatus(await api<Page<ProcessingProfile>>('GET', `${path}?limit=1`), 200)
    expect(page.items).toEqual([first])
    const next = await api<Page<ProcessingProfile>>('GET', `${path}?limit=1&cursor=${page.next_cursor}`)
    expect(expectStatus(next, 200)).toEqual({ items: [second], next_cursor: null })
    const own = `/v1/processing-profiles/${first.id}`
    const changed = expectStatus(await seller.call<ProcessingProfile>('PATCH', own, { body: { days_max: 20 } }), 200)
    expect(changed).toEqual({ ...first, days_max: 20, updated_at: changed.updated_at })
    expectStatus(await seller.call('DELETE', own), 204)
    expectProblem(await seller.call('DELETE', own), 404, 'not_found')
    expectProblem(await api('GET', `/v1/shops/${Number.MAX_SAFE_INTEGER}/processing-profiles`), 404, 'not_found')
  })

  test('are refused with the names of their fields', async () => {
    const { seller, shop } = await makeSeller()
    const path = `/v1/shops/${shop.id}/processing-profiles`
    const wrong = { name: '', readiness: 'soon', days_min: -1, days_max: 366, shop_id: 1 }
    const problem = expectProblem(await seller.call('POST', path, { body: wrong }), 422, 'invalid_input')
    expect(fieldsOf(problem).sort()).toEqual(['#/days_max', '#/days_min', '#/name', '#/readiness', '#/shop_id'])
    const order = { name: 'Slow', readiness: 'made_to_order', days_min: 9, days_max: 8 }
    expect(fieldsOf(expectProblem(await seller.call('POST', path, { body: order }), 422, 'invalid_input'))).toEqual([
      '#/days_max',
    ])
  })

  test('change the pages of their products, and stay while one uses them', async () => {
    const { seller, shop } = await makeSeller()
    const profile = await addProcessingProfile(seller, shop)
    const product = await listItem(seller, shop, { processing_profile_id: profile.id, materials: ['clay'] })
    expect(product).toMatchObject({
      materials: ['clay'],
      processing_profile_id: profile.id,
      processing: { readiness: 'made_to_order', days_min: 5, days_max: 10 },
    })
    expect((await readProduct(product.id)).processing.days_max).toBe(10)
    const own = `/v1/processing-profiles/${profile.id}`
    expectStatus(await seller.call('PATCH', own, { body: { days_max: 12 } }), 200)
    expect((await readProduct(product.id)).processing.days_max).toBe(12)
    const refused = expectProblem(await seller.call('DELETE', own), 409, 'profile_in_use')
    expect(refused).toMatchObject({ product_ids: [product.id] })
    const body = { processing_profile_id: null, materials: [] }
    const freed = expectStatus(await seller.call<Product>('PATCH', `/v1/products/${product.id}`, { body }), 200)
    expect(freed).toMatchObject({ materials: [], processing: { readiness: 'ready_to_ship', days_min: 1, days_max: 3 } })
    expectStatus(await seller.call('DELETE', own), 204)
  })

  test('of another shop, and too many materials, are 422', async () => {
    const [{ seller, shop }, other] = [await makeSeller(), await makeSeller()]
    const { id } = await addProcessingProfile(other.seller, other.shop)
    const product = await listItem(seller, shop)
    const refused = async (body: object) =>
      fieldsOf(expectProblem(await seller.call('PATCH', `/v1/products/${product.id}`, { body }), 422, 'invalid_input'))
    expect(await refused({ processing_profile_id: id })).toEqual(['#/processing_profile_id'])
    expect(await refused({ materials: Array.from({ length: 14 }, (_, i) => `wood ${i}`) })).toEqual(['#/materials'])
    expect(await refused({ materials: ['x'.repeat(46)] })).toEqual(['#/materials/0'])
  })
})

describe('PATCH /v1/shops/{id}', () => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

  test('takes days off, a return policy and the dates of a vacation', async () => {
    const { seller, shop } = await makeSeller()
    const body = {
      days_off: [6, 7],
      return_policy: { accepts_returns: true, accepts_exchanges: true, days: 30 },
      vacation_from: day(3),
      vacation_until: day(9),
    }
    const changed = expectStatus(await seller.call<Shop>('PATCH', `/v1/shops/${shop.id}`, { body }), 200)
    expect(changed).toEqual({ ...shop, ...body })
    expect(expectStatus(await api<Shop>('GET', `/v1/shops/${shop.id}`), 200)).toEqual(changed)
  })

  test('names the wrong one', async () => {
    const { seller, shop } = await makeSeller()
    const refused = async (body: object) =>
      fieldsOf(expectProblem(await seller.call('PATCH', `/v1/shops/${shop.id}`, { body }), 422, 'invalid_input'))
    expect(await refused({ days_off: [1, 2, 3, 4, 5, 6, 7] })).toEqual(['#/days_off'])
    expect(await refused({ days_off: [8] })).toEqual(['#/days_off/0'])
    expect(await refused({ vacation_from: day(1) })).toEqual(['#/vacation_until'])
    expect(await refused({ vacation_from: 'soon', vacation_until: day(1) })).toEqual(['#/vacation_from'])
    const policy = { accepts_returns: false, accepts_exchanges: false, days: 30 }
    expect(await refused({ return_policy: policy })).toEqual(['#/return_policy/days'])
  })

  test('dates that contain today close the shop at once', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 5 })
    const buyer = await signUp()
    await addToCart(buyer, product)
    const body = { vacation_from: day(-1), vacation_until: day(1) }
    expectStatus(await seller.call('PATCH', `/v1/shops/${shop.id}`, { body }), 200)
    expect((await readProduct(product.id)).shop.is_on_vacation).toBe(true)
    expectProblem(await tryCheckOut(buyer), 409, 'shop_on_vacation')
    expectStatus(await seller.call('PATCH', `/v1/shops/${shop.id}`, { body: { is_on_vacation: false } }), 200)
    expectStatus(await tryCheckOut(buyer), 201)
  })
})
