import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Category, Page, Product } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { eventually, listCategories, listItem, makeSeller, setStock, signUp } from '../../../test/support/shopper.ts'

const { api, sql } = await startServer()

describe('GET /v1/trending', () => {
  test('lists products that can be bought', async () => {
    const { items } = expectStatus(await api<Page<Product>>('GET', '/v1/trending'), 200)
    expect(items.length).toBeGreaterThan(0)
    expect(new Set(items.map((product) => product.id)).size).toBe(items.length)
    expect(items.every((product) => product.state === 'active' && product.quantity > 0)).toBe(true)
  })

  test('filters by a category and its descendants', async () => {
    for (const category of (await listCategories()).slice(0, 2)) {
      const { items } = expectStatus(await api<Page<Product>>('GET', `/v1/trending?category=${category.slug}`), 200)
      expect(items.length).toBeGreaterThan(0)
      const below: (number | null)[] = idsBelow(category)
      expect(items.filter((product) => !below.includes(product.category_id))).toEqual([])
    }
  })

  test('an unknown category is rejected by name', async () => {
    const problem = expectProblem(await api('GET', '/v1/trending?category=no-such-category'), 422, 'invalid_input')
    expect(fieldsOf(problem)).toEqual(['#/category'])
  })
})

test.skipIf(sql === null)(
  'the ranking changes with the job and is cached; its listings are current',
  async () => {
    if (!sql) return
    const word = crypto.randomUUID()
    const [made] = await sql<{ id: number }[]>`select find_category(array[${word}]::text[]) as id`
    const read = async () => {
      const { items } = expectStatus(await api<Page<Product>>('GET', `/v1/trending?category=${word}`), 200)
      return items.map(({ id, price }) => [id, price])
    }
    const { seller, shop } = await makeSeller()
    const category_id = made?.id as number
    const liked = await listItem(seller, shop, { category_id })
    const newest = await listItem(seller, shop, { category_id })
    expectStatus(await (await signUp()).call('PUT', `/v1/favorites/product/${liked.id}`), 204)
    const workOut = async () => {
      await sql`select enqueue_job('rebuild_popularity', '{}') where not has_live_job('rebuild_popularity', '{}')`
      return sql`select from product_popularity where product_id = ${liked.id}`
    }
    await eventually(60_000, workOut, (rows) => rows.length === 1)
    expect(await sql`select from pgboss.schedule where name = 'rebuild_popularity'`).toHaveLength(1)
    expect(await read()).toEqual([
      [liked.id, '10.00'],
      [newest.id, '10.00'],
    ])
    await listItem(seller, shop, { category_id })
    expectStatus(await seller.call('PATCH', `/v1/products/${newest.id}`, { body: { price: '12.00' } }), 200)
    await setStock(seller, liked, 0)
    expect(await read()).toEqual([[newest.id, '12.00']])
  },
  90_000,
)

function idsBelow(category: Category): number[] {
  return [category.id, ...category.children.flatMap(idsBelow)]
}
