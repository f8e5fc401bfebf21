import { expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Page, Postage, Product, ShippingProfile, Shop } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { addShippingProfile, listItem, makeSeller, readAllPages, signUp } from '../../../test/support/shopper.ts'

const { api } = await startServer()

const WORLD = { to: 'world', base: '9.00', per_extra_item: '2.00', days_min: null, days_max: null }
const GERMANY = { to: 'DE', base: '3.00', per_extra_item: '0.50', days_min: 2, days_max: 4 }

test('a profile is added, listed after the default, changed and removed', async () => {
  const { seller, shop } = await makeSeller()
  const path = `/v1/shops/${shop.id}/shipping-profiles`
  const upgrades = [{ name: 'Express', to: 'DE', price: '8.00', per_extra_item: '0.00' }]
  const added = await addShippingProfile(seller, shop, { origin_country: 'DE', rates: [WORLD, GERMANY], upgrades })
  expect(added).toMatchObject({
    name: 'Small parcels',
    origin_country: 'DE',
    is_default: false,
    rates: [GERMANY, WORLD],
    upgrades,
  })
  const read = (page: string) => api<Page<ShippingProfile>>('GET', page)
  const [standard, second] = await readAllPages(read, `${path}?limit=1`)
  expect(standard).toMatchObject({ is_default: true, rates: [{ to: 'world' }] })
  expect(second).toEqual(added)
  const profile = `/v1/shipping-profiles/${added.id}`
  const changed = await seller.call<ShippingProfile>('PATCH', profile, { body: { rates: [GERMANY] } })
  expect(expectStatus(changed, 200)).toEqual({ ...added, rates: [GERMANY] })
  expectStatus(await seller.call('DELETE', profile), 204)
  expectProblem(await seller.call('DELETE', profile), 404, 'not_found')
  expectProblem(await api('GET', '/v1/shops/9007199254740991/shipping-profiles'), 404, 'not_found')
})

test('the shipping of a shop is the rate of its default profile to the world', async () => {
  const { seller, shop } = await makeSeller()
  const [standard] = expectStatus(await api<Page<ShippingProfile>>('GET', `/v1/shops/${shop.id}/shipping-profiles`), 200).items
  const path = `/v1/shipping-profiles/${standard?.id}`
  expectStatus(await seller.call('PATCH', path, { body: { rates: [WORLD, GERMANY] } }), 200)
  expect(expectStatus(await api<Shop>('GET', `/v1/shops/${shop.id}`), 200).shipping).toMatchObject({
    base: '9.00',
    per_extra_item: '2.00',
  })
  expectProblem(await seller.call('PATCH', path, { body: { rates: [GERMANY] } }), 409, 'default_needs_world')
  expectProblem(await seller.call('DELETE', path), 409, 'default_needs_world')
})

test('a product has a shipping profile of its shop', async () => {
  const { seller, shop } = await makeSeller()
  const { id } = await addShippingProfile(seller, shop)
  const foreign = await makeSeller()
  const other = await addShippingProfile(foreign.seller, foreign.shop)
  const product = await listItem(seller, shop, { shipping_profile_id: id })
  expect(product.shipping_profile_id).toBe(id)
  const patch = (shipping_profile_id: number | null) =>
    seller.call<Product>('PATCH', `/v1/products/${product.id}`, { body: { shipping_profile_id } })
  expect(fieldsOf(expectProblem(await patch(other.id), 422, 'invalid_input'))).toEqual(['#/shipping_profile_id'])
  expect(expectStatus(await patch(null), 200).shipping_profile_id).toBeNull()
})

test('a product has a postage to each country', async () => {
  const { seller, shop } = await makeSeller()
  const { id: shipping_profile_id } = await addShippingProfile(seller, shop, { rates: [GERMANY] })
  const product = await listItem(seller, shop, { shipping_profile_id })
  const read = (query: string) => api<Postage>('GET', `/v1/products/${product.id}/shipping?${query}`)
  const germany = expectStatus(await read('country=DE'), 200)
  expect(germany).toMatchObject({ product_id: product.id, is_shippable: true, shipping: '3.00', per_extra_item: '0.50' })
  expect(germany.delivery?.from).toMatch(/^\d{4}-\d\d-\d\d$/)
  expect(expectStatus(await read('country=FR'), 200)).toMatchObject({ is_shippable: false, shipping: null, delivery: null })
  expect(expectStatus(await read(''), 200)).toMatchObject({ country: null, is_shippable: false })
  for (const query of ['country=XX', 'country=Germany'])
    expect(fieldsOf(expectProblem(await read(query), 422, 'invalid_input'))).toEqual(['#/country'])
  expectProblem(await read(`country=DE&variant_id=${product.id}`), 422, 'variant_unknown')
  expectStatus(await seller.call('DELETE', `/v1/products/${product.id}`), 204)
  expectProblem(await read('country=DE'), 404, 'not_found')
})

test('wrong fields are named', async () => {
  const { seller, shop } = await makeSeller()
  const refused = async (body: object) => {
    const answer = await seller.call('POST', `/v1/shops/${shop.id}/shipping-profiles`, { body })
    return fieldsOf(expectProblem(answer, 422, 'invalid_input')).sort()
  }
  expect(await refused({ name: '', rates: [] })).toEqual(['#/name', '#/rates'])
  const { to, ...nowhere } = WORLD
  expect(await refused({ name: 'Big', rates: [{ ...WORLD, to: 'Germany' }] })).toEqual(['#/rates/0/to'])
  expect(await refused({ name: 'Big', rates: [nowhere] })).toEqual(['#/rates/0/to'])
  expect(await refused({ name: 'Big', rates: [{ ...WORLD, to: 'XX' }] })).toEqual(['#/rates/0/to'])
  expect(await refused({ name: 'Big', rates: [{ ...WORLD, base: '-1' }] })).toEqual(['#/rates/0/base'])
  expect(
    expectProblem(
      await (await signUp()).call('POST', `/v1/shops/${shop.id}/shipping-profiles`, { body: { name: 'Big', rates: [WORLD] } }),
      403,
      'not_owner',
    ),
  ).toBeTruthy()
})
