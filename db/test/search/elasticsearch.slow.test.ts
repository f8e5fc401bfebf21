import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { SearchBackend, SearchSort } from '../../../src/domains/search/backend.ts'
import { openElasticsearchBackend } from '../../../src/domains/search/elasticsearch/backend.ts'
import { openPostgresBackend } from '../../../src/domains/search/postgres_backend.ts'
import type { TestDatabase } from '../../../test/support/database.ts'
import { openTestIndex, type TestIndex } from '../../../test/support/elasticsearch.ts'
import { requires } from '../../../test/support/requirements.ts'
import { openCatalogDatabase, searchFor } from './catalog.ts'

describe.if(requires('elasticsearch'))('search by Elasticsearch', () => {
  let database: TestDatabase
  let index: TestIndex
  let backend: SearchBackend
  let postgres: SearchBackend
  beforeAll(async () => {
    database = await openCatalogDatabase()
    index = await openTestIndex(database.sql)
    await index.fill()
    backend = openElasticsearchBackend(database.sql, index.client, index.alias)
    postgres = openPostgresBackend(database.sql)
  }, 240_000)
  afterAll(async () => {
    await index.close()
    await database.close()
  })

  type Request = Parameters<typeof searchFor>[0]
  const idsOf = (items: string) => (JSON.parse(items) as { id: number }[]).map((item) => item.id)

  const requests: Request[] = [
    { q: null },
    { q: 'dress' },
    { q: 'silver', category: 'jewelry' },
    { q: 'vintage', is_vintage: true },
    { q: null, category: 'clothing', price_min: '25', price_max: '50.00' },
    { q: 'christmas', price_max: '4.99', is_vintage: false },
    { q: 'lantren' },
    { q: 'lantren', exact: true },
    { q: 'qqqqzzzz' },
    { q: '!!!' },
    { q: 'billfold', sort: 'price_asc' },
  ]
  test.each(requests)('totals, facets and corrections are those of PostgreSQL: %j', async (request) => {
    const [one, other] = await Promise.all([backend.search(searchFor(request)), postgres.search(searchFor(request))])
    const { items: _, next: __, ...rest } = one
    const { items: ___, next: ____, ...expected } = other
    expect({ ...rest, facets: JSON.parse(rest.facets) }).toEqual({ ...expected, facets: JSON.parse(expected.facets) })
  })

  const sorts: SearchSort[] = ['relevance', 'newest', 'price_asc', 'price_desc']
  for (const sort of sorts) {
    test.each(['silver ring', null])(
      `walking all pages of %p by ${sort} loses and repeats nothing`,
      async (q) => {
        const ids: number[] = []
        let after: unknown[] | null = null
        let total = 0
        do {
          const page = await backend.search(searchFor({ q, sort, after, limit: 100 }))
          total = page.total
          ids.push(...idsOf(page.items))
          after = page.next && JSON.parse(JSON.stringify(page.next))
        } while (after)
        expect(ids.length).toBe(total)
        expect(new Set(ids).size).toBe(total)
      },
      60_000,
    )
  }

  test('searches as typed what is to be exact', async () => {
    expect(await backend.search(searchFor({ q: 'lantren' }))).toMatchObject({
      did_you_mean: 'lantern',
      showing_results_for: 'lantern',
    })
    expect(await backend.search(searchFor({ q: 'lantren', exact: true }))).toMatchObject({
      total: 0,
      did_you_mean: null,
      showing_results_for: null,
    })
  })

  test('a shop on vacation is in no list, total or facet', async () => {
    await database.sql`update shops set is_on_vacation = true where id = (select shop_id from products group by shop_id order by count(*) desc limit 1)`
    const [one, other] = await Promise.all([backend.search(searchFor({})), postgres.search(searchFor({}))])
    await database.sql`update shops set is_on_vacation = false`
    const whole = await backend.search(searchFor({}))
    expect(one.total).toBeLessThan(whole.total)
    expect({ total: one.total, facets: JSON.parse(one.facets) }).toEqual({ total: other.total, facets: JSON.parse(other.facets) })
  })

  test('shows prices and stock as they are, not as they were indexed', async () => {
    const [first] = idsOf((await backend.search(searchFor({ q: 'lantern' }))).items)
    await database.sql`update products set price = 777 where id = ${first as number}`
    const { items } = await backend.search(searchFor({ q: 'lantern' }))
    expect((JSON.parse(items) as { id: number; price: string }[]).find((item) => item.id === first)?.price).toBe('777.00')
    await database.sql`update products set quantity = 0 where id = ${first as number}`
    expect(idsOf((await backend.search(searchFor({ q: 'lantern' }))).items)).not.toContain(first)
  })

  test('a category that does not exist is invalid input', () => {
    expect(backend.search(searchFor({ category: 'no-such-category' }))).rejects.toMatchObject({ code: 'SWINV' })
  })

  test('an aborted call ends the search', () => {
    const aborted = openElasticsearchBackend(database.sql, index.client, index.alias, () => (call) => call(AbortSignal.abort()))
    expect(aborted.search(searchFor({ q: 'lantern' }))).rejects.toThrow()
  })

  const hostile = [
    'title:(a AND "b" OR -c)~2^3 /re.*/ [1 TO *]',
    '\\',
    'a:* & !b | <-> (c',
    '😀🎁',
    'قلادة ذهب',
    '\u202egnir\u202c',
    'the and of',
    '!!!',
    '   ',
    'x'.repeat(5000),
    'silver '.repeat(700),
    'ring gold silver wallet necklace vintage leather handmade earrings chain band pendant',
    '{"match_all":{}}',
  ]
  test.each(hostile.map((q) => [q.slice(0, 40), q]))('answers a page whatever is typed: %j', async (_, q) => {
    const page = await backend.search(searchFor({ q }))
    expect(page.total).toBeGreaterThanOrEqual(idsOf(page.items).length)
  })
})
