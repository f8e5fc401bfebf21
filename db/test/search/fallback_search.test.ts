import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { SearchSort } from '../../../src/domains/search/backend.ts'
import { openPlainBackend, openPostgresBackend } from '../../../src/domains/search/postgres_backend.ts'
import type { TestDatabase } from '../../../test/support/database.ts'
import { openCatalogDatabase, searchFor } from './catalog.ts'

type Hit = { id: number; title: string; tags: string[]; price: string }

let database: TestDatabase
beforeAll(async () => {
  database = await openCatalogDatabase()
  // What the floor is for: nothing of full text is left.
  await database.sql`drop table product_search, search_words, search_synonyms cascade`
}, 120_000)
afterAll(() => database.close())

const search = async (request: Parameters<typeof searchFor>[0]) => {
  const page = await openPlainBackend(database.sql).search(searchFor(request))
  return { ...page, hits: JSON.parse(page.items) as Hit[], counts: JSON.parse(page.facets) }
}

describe('fallback_search', () => {
  for (const sort of ['relevance', 'newest', 'price_asc', 'price_desc'] satisfies SearchSort[]) {
    test(`walking all pages by ${sort} loses and repeats nothing, in the order asked for`, async () => {
      const hits: Hit[] = []
      let after: unknown[] | null = null
      do {
        const page = await search({ q: 'silver ring', sort, after, limit: 7 })
        hits.push(...page.hits)
        after = page.next && JSON.parse(JSON.stringify(page.next))
      } while (after)
      const { total } = await search({ q: 'silver ring', sort })
      expect(total).toBeGreaterThan(20)
      expect(hits).toHaveLength(total)
      expect(new Set(hits.map((hit) => hit.id)).size).toBe(total)
      const prices = hits.map((hit) => Number(hit.price))
      if (sort === 'price_asc') expect(prices).toEqual(prices.toSorted((a, b) => a - b))
      if (sort === 'price_desc') expect(prices).toEqual(prices.toSorted((a, b) => b - a))
    })
  }

  test('each facet counts what choosing it finds', async () => {
    const { counts } = await search({ q: 'ring', price_max: '50' })
    for (const { slug, count } of counts.categories.slice(0, 5)) {
      expect((await search({ q: 'ring', price_max: '50', category: slug })).total).toBe(count)
    }
    const cheap = counts.price_ranges.find((range: { key: string }) => range.key === 'under_25')
    expect((await search({ q: 'ring', price_max: '24.99' })).total).toBe(cheap.count)
  })

  test.each(['%', '_', '\\', "'", '%%%', '😀', 'x'.repeat(200)])('takes %p as it is', async (q) => {
    for (const hit of (await search({ q })).hits) expect(`${hit.title} ${hit.tags.join(' ')}`).toContain(q)
  })

  test('takes the cursor of a ranked list as its beginning, and refuses that of another sort', async () => {
    const first = await search({ q: 'ring' })
    expect((await search({ q: 'ring', after: ['relevance', { from: [3_500_000, 7], shown: [1, 2] }] })).hits).toEqual(first.hits)
    expect(search({ q: 'ring', sort: 'newest', after: ['relevance', {}] })).rejects.toMatchObject({ code: 'SWINV' })
    expect(search({ q: 'ring', category: 'no-such' })).rejects.toMatchObject({ code: 'SWINV' })
  })

  test('full text is really gone in this database', () => {
    expect(openPostgresBackend(database.sql).search(searchFor({ q: 'ring' }))).rejects.toThrow()
  })
})
