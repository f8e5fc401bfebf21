import { describe, expect, test } from 'bun:test'
import { openPlainBackend, openPostgresBackend } from '../../../src/domains/search/postgres_backend.ts'
import { catalogDatabase, find, type Request, SORTS, searchFor, walk } from './catalog.ts'

const db = await catalogDatabase()
// The fallback needs nothing of the full-text search.
await db.sql`drop table product_search, search_words, search_synonyms cascade`
const backend = openPlainBackend(db.sql)
const search = (request: Request) => find(backend, request)

describe('fallback_search', () => {
  test.each(SORTS)('walking all pages by %s loses and repeats nothing, in the order asked for', async (sort) => {
    const hits = await walk(backend, { q: 'silver ring', sort, limit: 7 })
    const { total } = await search({ q: 'silver ring', sort })
    expect(total).toBeGreaterThan(20)
    expect(hits).toHaveLength(total)
    expect(new Set(hits.map((hit) => hit.id)).size).toBe(total)
    const prices = hits.map((hit) => Number(hit.price))
    if (sort === 'price_asc') expect(prices).toEqual(prices.toSorted((a, b) => a - b))
    if (sort === 'price_desc') expect(prices).toEqual(prices.toSorted((a, b) => b - a))
  })

  test('each facet counts what choosing it finds', async () => {
    const { counts } = await search({ q: 'ring', price_max: '50' })
    for (const { slug, count } of counts.categories.slice(0, 5))
      expect((await search({ q: 'ring', price_max: '50', category: slug })).total).toBe(count)
    const cheap = counts.price_ranges.find(({ key }) => key === 'under_25')
    expect((await search({ q: 'ring', price_max: '24.99' })).total).toBe(cheap?.count as number)
  })

  test.each(['%', '_', '\\', "'", '%%%', '😀', 'x'.repeat(200)])('takes %p literally', async (q) => {
    for (const hit of (await search({ q })).hits) expect(`${hit.title} ${hit.tags.join(' ')}`).toContain(q)
  })

  test('takes the cursor of a ranked list as its beginning, and refuses that of another sort', async () => {
    const first = await search({ q: 'ring' })
    expect((await search({ q: 'ring', after: ['relevance', { from: [3_500_000, 7], shown: [1, 2] }] })).hits).toEqual(first.hits)
    expect(search({ q: 'ring', sort: 'newest', after: ['relevance', {}] })).rejects.toMatchObject({ code: 'SWINV' })
    expect(search({ q: 'ring', category: 'no-such' })).rejects.toMatchObject({ code: 'SWINV' })
  })

  test('this database has no full-text search', () => {
    expect(openPostgresBackend(db.sql).search(searchFor({ q: 'ring' }))).rejects.toThrow()
  })
})
