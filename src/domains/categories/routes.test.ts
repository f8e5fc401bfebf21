import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { Category, SearchResult } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { listItem, makeSeller } from '../../../test/support/shopper.ts'
import type { Pool } from '../../platform/db/client.ts'

const { api, sql } = await startServer()

describe('GET /v1/categories', () => {
  test('returns a tree with unique slugs and ids', async () => {
    const { items } = expectStatus(await api<{ items: Category[] }>('GET', '/v1/categories'), 200)
    expect(items.length).toBeGreaterThan(0)
    const all = items.flatMap(flatten)
    expect(all.some((category) => category.children.length > 0)).toBe(true)
    expect(new Set(all.map((category) => category.slug)).size).toBe(all.length)
    expect(new Set(all.map((category) => category.id)).size).toBe(all.length)
    for (const category of all) {
      expect(Object.keys(category).sort()).toEqual(['children', 'id', 'name', 'slug'])
      expect(category.slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    }
  })

  test('can be revalidated with its ETag', async () => {
    const etag = (await api('GET', '/v1/categories')).headers.get('etag') ?? ''
    expect((await api('GET', '/v1/categories', { headers: { 'If-None-Match': etag } })).status).toBe(304)
  })
})

describe('GET /v1/categories/{slug}', () => {
  type Page = Category & { ancestors: { id: number; slug: string; name: string }[] }

  test.if(sql !== null)('shows ancestors and descendants; a search of it finds an item five levels down', async () => {
    const word = crypto.randomUUID().slice(0, 8)
    const slugs = [1, 2, 3, 4, 5].map((level) => `level-${level}-${word}`)
    let id: number | null = null
    for (const slug of slugs) {
      const rows: { id: number }[] = await (sql as Pool)`
        insert into categories (name, slug, parent_id) values (${slug}, ${slug}, ${id}) returning id`
      id = rows[0]?.id as number
    }
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { category_id: id })
    const third = expectStatus(await api<Page>('GET', `/v1/categories/${slugs[2]}`), 200)
    expect(third.ancestors.map(({ slug }) => slug)).toEqual(slugs.slice(0, 2))
    expect(flatten(third).map(({ slug }) => slug)).toEqual(slugs.slice(2))
    for (const slug of slugs) {
      const found = expectStatus(await api<SearchResult>('GET', `/v1/search?category=${slug}`), 200)
      expect(found.items.map((item) => item.id)).toEqual([product.id])
    }
  })

  test('is 404 for an unknown slug', async () => {
    expectProblem(await api('GET', '/v1/categories/no-such-category'), 404, 'not_found')
  })
})

function flatten(category: Category): Category[] {
  return [category, ...category.children.flatMap(flatten)]
}
