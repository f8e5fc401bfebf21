import { describe, expect, test } from 'bun:test'
import { openPostgresBackend, suggest } from '../../../src/domains/search/postgres_backend.ts'
import { catalogDatabase, FILTERED, find, type Hit, HOSTILE, type Request, SORTS, walk } from './catalog.ts'

const db = await catalogDatabase()
const backend = openPostgresBackend(db.sql)
const search = (request: Request) => find(backend, request)

describe('paging', () => {
  const lists = SORTS.flatMap((sort) => ['silver ring', null].map((q) => ({ sort, q })))
  test.each(lists)(
    'walking all pages loses and repeats nothing: %j',
    async (list) => {
      const { total } = await search(list)
      const hits = await walk(backend, list)
      expect(hits.length).toBe(total)
      expect(new Set(hits.map((hit) => hit.id)).size).toBe(total)
    },
    60_000,
  )

  test('prices ascend, descend, and newest comes first', async () => {
    const prices = (await walk(backend, { q: 'earrings', sort: 'price_asc' })).map((hit) => Number(hit.price))
    expect(prices).toEqual(prices.toSorted((a, b) => a - b))
    const falling = (await walk(backend, { q: 'earrings', sort: 'price_desc' })).map((hit) => Number(hit.price))
    expect(falling).toEqual(falling.toSorted((a, b) => b - a))
    const dates = (await walk(backend, { q: 'earrings', sort: 'newest' })).map((hit) => hit.created_at)
    expect(dates).toEqual(dates.toSorted().toReversed())
  })

  test('the key of another sort is refused', async () => {
    const { next } = await search({ sort: 'price_asc' })
    expect(search({ sort: 'newest', after: next })).rejects.toMatchObject({ code: 'SWINV' })
  })
})

describe('filters and facets', () => {
  test.each(FILTERED)(
    'each facet counts what choosing it finds: %j',
    async (filters) => {
      const { total, counts, hits } = await search({ ...filters, limit: 100 })
      for (const hit of hits) expectToFit(hit, filters)
      for (const { slug, count } of counts.categories) expect((await search({ ...filters, category: slug })).total).toBe(count)
      for (const { is_vintage, count } of counts.vintage) expect((await search({ ...filters, is_vintage })).total).toBe(count)
      const anyPrice = await walk(backend, { ...filters, price_min: null, price_max: null })
      for (const { from, to, count } of counts.price_ranges) {
        const within = anyPrice.filter(
          (hit) => (from === null || Number(hit.price) >= Number(from)) && (to === null || Number(hit.price) <= Number(to)),
        )
        expect(within.length).toBe(count)
      }
      expect(counts.price_ranges.reduce((sum, range) => sum + range.count, 0)).toBe(anyPrice.length)
      expect((await walk(backend, filters)).length).toBe(total)
    },
    60_000,
  )

  function expectToFit(hit: Hit, filters: { price_min?: string; price_max?: string; is_vintage?: boolean }) {
    expect(hit.quantity).toBeGreaterThan(0)
    if (filters.price_min) expect(Number(hit.price)).toBeGreaterThanOrEqual(Number(filters.price_min))
    if (filters.price_max) expect(Number(hit.price)).toBeLessThanOrEqual(Number(filters.price_max))
    if (filters.is_vintage !== undefined) expect(hit.is_vintage).toBe(filters.is_vintage)
  }

  test('price ranges are disjoint and cover every price', async () => {
    const { counts } = await search({})
    expect(counts.price_ranges.map(({ key, from, to }) => ({ key, from, to }))).toEqual([
      { key: 'under_25', from: null, to: '24.99' },
      { key: '25_to_50', from: '25.00', to: '49.99' },
      { key: '50_to_100', from: '50.00', to: '99.99' },
      { key: '100_and_over', from: '100.00', to: null },
    ])
  })

  test('an unknown category is invalid input', () => {
    expect(search({ category: 'no-such-category' })).rejects.toMatchObject({ code: 'SWINV', detail: '{"field": "category"}' })
  })
})

describe('words', () => {
  const titles = async (q: string, limit = 5) => (await search({ q, limit })).hits.map((hit) => hit.title)

  test('all words come before some words', async () => {
    for (const title of await titles('hot water bottle')) expect(title.toLowerCase()).toMatch(/hot water ?bottle/)
  })

  test.each([
    ['billfold', 5, /wallet|purse/i],
    ['jewelry box', 5, /jewellery box/i],
    ['cake stand', 60, /cakestand/i],
    ['cakestand', 60, /cake stand/i],
  ])('synonyms, spellings of two countries and compounds find each other: %s', async (q, limit, found) => {
    expect((await titles(q, limit)).join()).toMatch(found)
  })

  test('a misspelled word is not treated as a stop word if a correction finds something', async () => {
    expect((await search({ q: 'vintage hert' })).showing_results_for).toBe('vintage heart')
    expect((await search({ q: 'teh leather wallet' })).total).toBeGreaterThan(0)
  })

  test.each([
    ['lantren', 'lantern'],
    ['glass bbracelet', 'glass bracelet'],
    ['eather belt', 'leather belt'],
  ])('a misspelled word without hits is corrected, also in its first letters: %s', async (q, meant) => {
    const page = await search({ q })
    expect(page.did_you_mean).toBe(meant)
    expect(page.hits.map((hit) => hit.id)).toEqual((await search({ q: meant })).hits.map((hit) => hit.id))
  })

  test.each(['necklace', 'silver ring', 'vintage alarm clock'])('a correct spelling has no correction: %s', async (q) => {
    expect((await search({ q })).did_you_mean).toBeNull()
  })

  test.each(HOSTILE.map((q) => [q.slice(0, 40), q]))('every text has a page: %j', async (_, q) => {
    const page = await search({ q })
    expect(page.total).toBeGreaterThanOrEqual(page.hits.length === 0 ? 0 : 1)
    expect(page.counts.price_ranges.length).toBe(4)
    expect(await suggest(db.sql, q, 8)).toBeArray()
  })
})

test('suggestions complete the word, correct a slip and always find something', async () => {
  expect(await suggest(db.sql, 'neckl', 8)).toContain('necklace')
  expect(await suggest(db.sql, 'leater wal', 8)).toContain('leather wallet')
  expect(await suggest(db.sql, 'qqqqzzz', 8)).toEqual([])
  for (const typed of ['n', 'chr', 'tea', 'candle ho', 'silver n', 'dre', 'vint']) {
    const suggestions = await suggest(db.sql, typed, 8)
    expect(suggestions.length).toBeGreaterThan(0)
    for (const q of suggestions) expect((await search({ q })).total).toBeGreaterThan(0)
  }
}, 60_000)
