import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { SearchSort } from '../../../src/domains/search/backend.ts'
import { openPostgresBackend, suggest } from '../../../src/domains/search/postgres_backend.ts'
import type { TestDatabase } from '../../../test/support/database.ts'
import { openCatalogDatabase, searchFor } from './catalog.ts'

type Hit = {
  id: number
  title: string
  price: string
  quantity: number
  is_vintage: boolean
  category_id: number
  created_at: string
}
type Facets = {
  categories: { slug: string; name: string; count: number }[]
  price_ranges: { key: string; from: string | null; to: string | null; count: number }[]
  vintage: { is_vintage: boolean; count: number }[]
}

let database: TestDatabase
beforeAll(async () => {
  database = await openCatalogDatabase()
}, 120_000)
afterAll(() => database.close())

async function search(request: Parameters<typeof searchFor>[0]) {
  const page = await openPostgresBackend(database.sql).search(searchFor(request))
  return { ...page, hits: JSON.parse(page.items) as Hit[], counts: JSON.parse(page.facets) as Facets }
}

async function walk(request: Parameters<typeof searchFor>[0]): Promise<Hit[]> {
  const hits: Hit[] = []
  let after: unknown[] | null = null
  do {
    const page = await search({ ...request, after, limit: 100 })
    hits.push(...page.hits)
    // As a cursor does: through JSON and back.
    after = page.next && JSON.parse(JSON.stringify(page.next))
  } while (after)
  return hits
}

describe('paging', () => {
  const sorts: SearchSort[] = ['relevance', 'newest', 'price_asc', 'price_desc']
  for (const sort of sorts) {
    for (const q of ['silver ring', null]) {
      test(`walking all pages of ${q ?? 'everything'} by ${sort} loses and repeats nothing`, async () => {
        const { total } = await search({ q, sort })
        const hits = await walk({ q, sort })
        expect(hits.length).toBe(total)
        expect(new Set(hits.map((hit) => hit.id)).size).toBe(total)
      }, 60_000)
    }
  }

  test('prices ascend, descend, and newest comes first', async () => {
    const prices = (await walk({ q: 'earrings', sort: 'price_asc' })).map((hit) => Number(hit.price))
    expect(prices).toEqual(prices.toSorted((a, b) => a - b))
    const falling = (await walk({ q: 'earrings', sort: 'price_desc' })).map((hit) => Number(hit.price))
    expect(falling).toEqual(falling.toSorted((a, b) => b - a))
    const dates = (await walk({ q: 'earrings', sort: 'newest' })).map((hit) => hit.created_at)
    expect(dates).toEqual(dates.toSorted().toReversed())
  })

  test('the key of another sort is refused', async () => {
    const { next } = await search({ sort: 'price_asc' })
    expect(search({ sort: 'newest', after: next })).rejects.toMatchObject({ code: 'SWINV' })
  })
})

describe('filters and facets', () => {
  const combinations = [
    { q: null },
    { q: 'dress' },
    { q: 'silver', category: 'jewelry' },
    { q: 'vintage', is_vintage: true },
    { q: null, category: 'clothing', price_min: '25', price_max: '50.00' },
    { q: 'christmas', price_max: '4.99', is_vintage: false },
    { q: 'bag', category: 'gifts-home', price_min: '3', is_vintage: false },
  ]
  for (const combination of combinations) {
    test(`facets are what choosing them finds: ${JSON.stringify(combination)}`, async () => {
      const { total, counts, hits } = await search({ ...combination, limit: 100 })
      for (const hit of hits) expectToFit(hit, combination)
      for (const { slug, count } of counts.categories)
        expect((await search({ ...combination, category: slug })).total).toBe(count)
      for (const { is_vintage, count } of counts.vintage) expect((await search({ ...combination, is_vintage })).total).toBe(count)
      const anyPrice = await walk({ ...combination, price_min: null, price_max: null })
      for (const { from, to, count } of counts.price_ranges) {
        const within = anyPrice.filter(
          (hit) => (from === null || Number(hit.price) >= Number(from)) && (to === null || Number(hit.price) < Number(to)),
        )
        expect(within.length).toBe(count)
      }
      expect(counts.price_ranges.reduce((sum, range) => sum + range.count, 0)).toBe(anyPrice.length)
      expect((await walk(combination)).length).toBe(total)
    }, 60_000)
  }

  function expectToFit(hit: Hit, filters: { price_min?: string; price_max?: string; is_vintage?: boolean }) {
    expect(hit.quantity).toBeGreaterThan(0)
    if (filters.price_min) expect(Number(hit.price)).toBeGreaterThanOrEqual(Number(filters.price_min))
    if (filters.price_max) expect(Number(hit.price)).toBeLessThanOrEqual(Number(filters.price_max))
    if (filters.is_vintage !== undefined) expect(hit.is_vintage).toBe(filters.is_vintage)
  }

  test('price ranges are disjoint and cover every price', async () => {
    const { counts } = await search({})
    expect(counts.price_ranges.map(({ key, from, to }) => ({ key, from, to }))).toEqual([
      { key: 'under_25', from: null, to: '25.00' },
      { key: '25_to_50', from: '25.00', to: '50.00' },
      { key: '50_to_100', from: '50.00', to: '100.00' },
      { key: '100_and_over', from: '100.00', to: null },
    ])
  })

  test('a category that does not exist is invalid input', () => {
    expect(search({ category: 'no-such-category' })).rejects.toMatchObject({ code: 'SWINV', detail: '{"field": "category"}' })
  })
})

describe('words', () => {
  const titles = async (q: string, limit = 5) => (await search({ q, limit })).hits.map((hit) => hit.title)

  test('all words come before some words', async () => {
    for (const title of await titles('hot water bottle')) expect(title.toLowerCase()).toMatch(/hot water ?bottle/)
  })
  test('synonyms, spellings of two countries and compounds find each other', async () => {
    expect((await titles('billfold')).join()).toMatch(/wallet|purse/i)
    expect((await titles('jewelry box')).join()).toMatch(/jewellery box/i)
    expect((await titles('cake stand', 60)).join()).toMatch(/cakestand/i)
    expect((await titles('cakestand', 60)).join()).toMatch(/cake stand/i)
  })
  test('a misspelled word is no stop word while it can be a word that finds something', async () => {
    expect((await search({ q: 'vintage hert' })).showing_results_for).toBe('vintage heart')
    expect((await search({ q: 'teh leather wallet' })).total).toBeGreaterThan(0)
  })

  test('a misspelled word is corrected where nothing else is found, in its first letters too', async () => {
    const corrections = { lantren: 'lantern', 'glass bbracelet': 'glass bracelet', 'eather belt': 'leather belt' }
    for (const [q, meant] of Object.entries(corrections)) {
      const page = await search({ q })
      expect(page.did_you_mean).toBe(meant)
      expect(page.hits.map((hit) => hit.id)).toEqual((await search({ q: meant })).hits.map((hit) => hit.id))
    }
  })
  test('what is spelt right is left alone', async () => {
    for (const q of ['necklace', 'silver ring', 'vintage alarm clock']) expect((await search({ q })).did_you_mean).toBeNull()
  })

  const hostile = [
    'title:(a AND "b" OR -c)~2^3 /re.*/ [1 TO *]',
    '\\',
    "'' ' --",
    'a:* & !b | <-> (c',
    '😀🎁',
    'قلادة ذهب',
    '\u202egnir\u202c',
    'the and of',
    '!!!',
    '%_%',
    '   ',
    'x'.repeat(5000),
    'silver '.repeat(700),
    '1e400 -5 3.5e10 1/2',
    '<script>alert(1)</script>',
    'ﬁ İstanbul ẞ',
    'www.x.com/a?b=c d@e.fr',
  ]
  for (const q of hostile) {
    test(`answers a page for ${JSON.stringify(q.slice(0, 40))}`, async () => {
      const page = await search({ q })
      expect(page.total).toBeGreaterThanOrEqual(page.hits.length === 0 ? 0 : 1)
      expect(page.counts.price_ranges.length).toBe(4)
      expect(Array.isArray(await suggest(database.sql, q, 8))).toBe(true)
    })
  }
})

test('suggestions complete the word, forgive a slip and always find something', async () => {
  expect(await suggest(database.sql, 'neckl', 8)).toContain('necklace')
  expect(await suggest(database.sql, 'leater wal', 8)).toContain('leather wallet')
  expect(await suggest(database.sql, 'qqqqzzz', 8)).toEqual([])
  for (const typed of ['n', 'chr', 'tea', 'candle ho', 'silver n', 'dre', 'vint']) {
    const suggestions = await suggest(database.sql, typed, 8)
    expect(suggestions.length).toBeGreaterThan(0)
    for (const q of suggestions) expect((await search({ q })).total).toBeGreaterThan(0)
  }
}, 60_000)
