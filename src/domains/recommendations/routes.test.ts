import { expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { Page, Product } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { listItem, makeSeller, readAllPages, signUp } from '../../../test/support/shopper.ts'

const { api } = await startServer()

type Recommended = Product & { reason: string }

test('GET /v1/recommendations gives the reason of each, and no sold-out, liked or own listing', async () => {
  const { seller, shop } = await makeSeller()
  const [liked, fresh] = [await listItem(seller, shop), await listItem(seller, shop)]
  const soldOut = await listItem(seller, shop, { quantity: 0 })
  const buyer = await makeSeller()
  const own = await listItem(buyer.seller, buyer.shop)
  expectStatus(await buyer.seller.call('PUT', `/v1/favorites/product/${liked.id}`), 204)
  const answer = await buyer.seller.call<Page<Recommended>>('GET', '/v1/recommendations?limit=100')
  const { items } = expectStatus(answer, 200)
  expect(items.length).toBeGreaterThan(0)
  for (const { reason, quantity } of items) expect([reason !== '', quantity > 0]).toEqual([true, true])
  const ids = items.map((item) => item.id)
  expect(ids).toContain(fresh.id)
  for (const { id } of [liked, soldOut, own]) expect(ids).not.toContain(id)
})

test('GET /v1/recommendations needs a session, with or without favorites', async () => {
  expectProblem(await api('GET', '/v1/recommendations'), 401, 'unauthorized')
  const { items } = expectStatus(await (await signUp()).call<Page<Recommended>>('GET', '/v1/recommendations'), 200)
  expect(items.every((item) => item.reason !== '')).toBe(true)
})

test('pages of GET /v1/recommendations repeat and lose nothing', async () => {
  const { seller, shop } = await makeSeller()
  const buyer = await signUp()
  const liked = await listItem(seller, shop)
  expectStatus(await buyer.call('PUT', `/v1/favorites/product/${liked.id}`), 204)
  const read = (path: string) => buyer.call<Page<Recommended>>('GET', path)
  const [few, many] = [
    await readAllPages(read, '/v1/recommendations?limit=17'),
    await readAllPages(read, '/v1/recommendations?limit=100'),
  ]
  const ids = few.map((item) => item.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThan(100)
  expect(ids).toEqual(many.map((item) => item.id))
})
