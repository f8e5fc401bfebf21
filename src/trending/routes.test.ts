import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../test/api.ts'
import type { Category, Page, Product } from '../test/representations.ts'
import { startServer } from '../test/server.ts'
import { listCategories } from '../test/shopper.ts'

const { api } = await startServer()

describe('GET /v1/trending', () => {
  test('lists products that can be bought', async () => {
    const { items } = expectStatus(await api<Page<Product>>('GET', '/v1/trending'), 200)
    expect(items.length).toBeGreaterThan(0)
    expect(new Set(items.map((product) => product.id)).size).toBe(items.length)
    expect(items.every((product) => product.state === 'active' && product.quantity > 0)).toBe(true)
  })

  test('keeps to a category and what is below it', async () => {
    for (const category of (await listCategories()).slice(0, 2)) {
      const { items } = expectStatus(await api<Page<Product>>('GET', `/v1/trending?category=${category.slug}`), 200)
      expect(items.length).toBeGreaterThan(0)
      const below = idsBelow(category)
      expect(items.filter((product) => !below.includes(product.category_id))).toEqual([])
    }
  })

  test('a category that is not there has to be named, not guessed', async () => {
    const problem = expectProblem(await api('GET', '/v1/trending?category=no-such-category'), 422, 'invalid_input')
    expect(fieldsOf(problem)).toEqual(['#/category'])
  })
})

function idsBelow(category: Category): number[] {
  return [category.id, ...category.children.flatMap(idsBelow)]
}
