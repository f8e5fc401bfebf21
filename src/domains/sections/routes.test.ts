import { expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Page, Product, Section } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addSection,
  listItem,
  makeSeller,
  openShop,
  readAllPages,
  readProduct,
  type Shopper,
  signUp,
} from '../../../test/support/shopper.ts'

const { api } = await startServer()

const ABSENT = Number.MAX_SAFE_INTEGER
const sectionsOf = (shop: { id: number }) => `/v1/shops/${shop.id}/sections`
const readSections = async (shop: { id: number }) =>
  expectStatus(await api<{ items: Section[] }>('GET', sectionsOf(shop)), 200).items
const move = (seller: Shopper, product: Product, section_id: number | null) =>
  seller.call<Product>('PATCH', `/v1/products/${product.id}`, { body: { section_id } })
const idsOf = (items: { id: number }[]) => items.map(({ id }) => id)

test('sections are added last, listed in their order, changed and removed', async () => {
  const { seller, shop } = await makeSeller()
  expect(await readSections(shop)).toEqual([])
  const bowls = await addSection(seller, shop, { name: 'Bowls' })
  const mugs = await addSection(seller, shop, { name: 'Mugs' })
  const first = await addSection(seller, shop, { name: 'New', position: 1 })
  expect([bowls, mugs]).toMatchObject([
    { shop_id: shop.id, name: 'Bowls', position: 1 },
    { name: 'Mugs', position: 2 },
  ])
  expect(await readSections(shop)).toEqual([bowls, first, mugs])
  const changed = await seller.call<Section>('PATCH', `/v1/sections/${bowls.id}`, { body: { name: 'BOWLS', position: 9 } })
  expect(expectStatus(changed, 200)).toMatchObject({ id: bowls.id, name: 'BOWLS', position: 9 })
  expectStatus(await seller.call('DELETE', `/v1/sections/${mugs.id}`), 204)
  expectProblem(await seller.call('DELETE', `/v1/sections/${mugs.id}`), 404, 'not_found')
  expect(idsOf(await readSections(shop))).toEqual([first.id, bowls.id])
})

test('wrong names and places are refused, and the owner alone writes', async () => {
  const { seller, shop } = await makeSeller()
  const bowls = await addSection(seller, shop, { name: 'Bowls' })
  const mugs = await addSection(seller, shop, { name: 'Mugs' })
  const refused = async (method: string, path: string, body: object) =>
    fieldsOf(expectProblem(await seller.call(method, path, { body }), 422, 'invalid_input'))
  expect(await refused('POST', sectionsOf(shop), { name: 'bowls' })).toEqual(['#/name'])
  expect(await refused('PATCH', `/v1/sections/${mugs.id}`, { name: 'BOWLS' })).toEqual(['#/name'])
  expect(await refused('POST', sectionsOf(shop), { name: 'x'.repeat(51), position: 0 })).toEqual(['#/name', '#/position'])
  expect(await refused('PATCH', `/v1/sections/${bowls.id}`, { name: null })).toEqual(['#/name'])
  // Another shop can use the name.
  await addSection(seller, await openShop(seller), { name: 'Bowls' })

  const stranger = await signUp()
  const body = { name: 'Mine' }
  expectProblem(await stranger.call('POST', sectionsOf(shop), { body }), 403, 'not_owner')
  expectProblem(await stranger.call('PATCH', `/v1/sections/${bowls.id}`, { body }), 403, 'not_owner')
  expectProblem(await stranger.call('DELETE', `/v1/sections/${bowls.id}`), 403, 'not_owner')
  expectProblem(await api('GET', sectionsOf({ id: ABSENT })), 404, 'not_found')
})

test('a shop has at most 50 sections, also when calls compete', async () => {
  const { seller, shop } = await makeSeller()
  for (let n = 0; n < 48; n++) await addSection(seller, shop)
  const names = Array.from({ length: 6 }, (_, n) => `Late ${n}`)
  const answers = await Promise.all(names.map((name) => seller.call('POST', sectionsOf(shop), { body: { name } })))
  const refused = answers.filter(({ status }) => status !== 201)
  expect(refused).toHaveLength(4)
  for (const answer of refused)
    expect(expectProblem(answer, 409, 'quota_exceeded')).toMatchObject({ quota: 'sections', limit: 50 })
})

test('a section lists its products, in pages; each product names it', async () => {
  const { seller, shop } = await makeSeller()
  const [bowls, mugs] = [await addSection(seller, shop), await addSection(seller, shop)]
  const old = await listItem(seller, shop, { section_id: bowls.id })
  expect(old.section_id).toBe(bowls.id)
  const items = [await listItem(seller, shop), await listItem(seller, shop), await listItem(seller, shop, { is_draft: true })]
  for (const item of items) expect(expectStatus(await move(seller, item, bowls.id), 200).section_id).toBe(bowls.id)
  const read = (section: { id: number }) =>
    readAllPages((path) => api<Page<Product>>('GET', path), `/v1/shops/${shop.id}/products?section=${section.id}&limit=2`)
  expect(idsOf(await read(bowls))).toEqual([items[1]?.id as number, items[0]?.id as number, old.id])
  expectStatus(await move(seller, old, mugs.id), 200)
  expectStatus(await move(seller, items[0] as Product, null), 200)
  expect(idsOf(await read(bowls))).toEqual([items[1]?.id as number])
  expect(idsOf(await read(mugs))).toEqual([old.id])
  expect(await read({ id: ABSENT })).toEqual([])
  expectProblem(await api('GET', `/v1/shops/${ABSENT}/products?section=${mugs.id}`), 404, 'not_found')
})

test('the section of another shop is refused', async () => {
  const { seller, shop } = await makeSeller()
  const other = await addSection(seller, await openShop(seller))
  const product = await listItem(seller, shop)
  for (const section_id of [other.id, ABSENT]) {
    expect(fieldsOf(expectProblem(await move(seller, product, section_id), 422, 'invalid_input'))).toEqual(['#/section_id'])
    const body = { title: 'Mug', price: '5', category_id: product.category_id, section_id }
    const answer = await seller.call('POST', `/v1/shops/${shop.id}/products`, { body })
    expect(fieldsOf(expectProblem(answer, 422, 'invalid_input'))).toEqual(['#/section_id'])
  }
})

test('a removed section leaves its products on sale, and cached pages follow', async () => {
  const { seller, shop } = await makeSeller()
  const bowls = await addSection(seller, shop)
  const item = await listItem(seller, shop, { section_id: bowls.id })
  const list = async () => expectStatus(await api<Page<Product>>('GET', `/v1/shops/${shop.id}/products`), 200).items
  expect(await list()).toMatchObject([{ section_id: bowls.id }])
  expect(await readProduct(item.id)).toMatchObject({ section_id: bowls.id })
  expectStatus(await seller.call('DELETE', `/v1/sections/${bowls.id}`), 204)
  expect(await list()).toMatchObject([{ id: item.id, section_id: null }])
  expect(await readProduct(item.id)).toMatchObject({ section_id: null, state: 'active' })
})
