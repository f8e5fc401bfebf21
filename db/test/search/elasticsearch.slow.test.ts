import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { SearchBackend } from '../../../src/domains/search/backend.ts'
import { openElasticsearchBackend } from '../../../src/domains/search/elasticsearch/backend.ts'
import { openPostgresBackend } from '../../../src/domains/search/postgres_backend.ts'
import type { TestDatabase } from '../../../test/support/database.ts'
import { openTestIndex, type TestIndex } from '../../../test/support/elasticsearch.ts'
import { requires } from '../../../test/support/requirements.ts'
import { FILTERED, find, HOSTILE, openCatalogDatabase, type Request, SORTS, searchFor, walk } from './catalog.ts'
import { postalShop } from './destinations.ts'
import { optionShop } from './options.ts'

describe.if(requires('elasticsearch'))('search by Elasticsearch', () => {
  let database: TestDatabase
  let index: TestIndex
  let backend: SearchBackend
  let postgres: SearchBackend
  beforeAll(async () => {
    database = await openCatalogDatabase()
    await optionShop(database.sql)
    await postalShop(database.sql)
    index = await openTestIndex(database.sql)
    await index.fill()
    backend = openElasticsearchBackend(database.sql, index.client, index.alias)
    postgres = openPostgresBackend(database.sql)
  }, 240_000)
  afterAll(async () => {
    await index.close()
    await database.close()
  })

  const search = (request: Request) => find(backend, request)

  const requests: Request[] = [
    ...FILTERED,
    { q: 'lantren' },
    { q: 'lantren', exact: true },
    { q: 'qqqqzzzz' },
    { q: '!!!' },
    { q: 'billfold', sort: 'price_asc' },
    { options: ['Size:S'] },
    { options: ['size:M', 'Color:blue'], q: 'linen' },
    { options: ['Size:S', 'Color:Blue'] },
    { options: ['Size:S', 'Size:M', 'Color:Red'], price_max: '20' },
    { options: ['Ratio:16:9'], ships_to: 'DE' },
    { options: [`Ratio:"🎁" 'x' \\`] },
    { options: ['Size:S', 'Color:Red', 'Frame:Oak'] },
    { q: 'shirt s', exact: true },
    { q: 'unframed' },
    { q: 'bakelite' },
    { q: 'poster', ships_to: 'DE' },
    { q: 'poster', ships_to: 'US' },
    { ships_to: 'CH', price_max: '20' },
    { ships_to: 'eu' },
    { ships_to: 'world' },
  ]
  test.each(requests)('totals, facets and corrections are those of PostgreSQL: %j', async (request) => {
    const [one, other] = await Promise.all([search(request), find(postgres, request)])
    const rest = { items: '', hits: [], next: null, facets: '' }
    expect({ ...one, ...rest }).toEqual({ ...other, ...rest })
  })

  const lists = SORTS.flatMap((sort) => ['silver ring', null].map((q) => ({ sort, q })))
  test.each(lists)(
    'walking all pages loses and repeats nothing: %j',
    async (list) => {
      const hits = await walk(backend, list)
      const { total } = await search(list)
      expect(hits.length).toBe(total)
      expect(new Set(hits.map(({ id }) => id)).size).toBe(total)
    },
    60_000,
  )

  test.each([
    [{ q: 'lantren' }, { did_you_mean: 'lantern', showing_results_for: 'lantern' }],
    [
      { q: 'lantren', exact: true },
      { total: 0, did_you_mean: null, showing_results_for: null },
    ],
  ])('an exact search corrects nothing: %j', async (request, page) => {
    expect(await search(request)).toMatchObject(page)
  })

  test('a shop on vacation is in no list, total or facet', async () => {
    await database.sql`
      update shops set is_on_vacation = true
      where id = (select shop_id from products group by shop_id order by count(*) desc limit 1)`
    const [one, other] = await Promise.all([search({}), find(postgres, {})])
    await database.sql`update shops set is_on_vacation = false`
    expect(one.total).toBeLessThan((await search({})).total)
    expect([one.total, one.counts]).toEqual([other.total, other.counts])
  })

  test('shows prices and stock as they are, not as they were indexed', async () => {
    const id = (await search({ q: 'lantern' })).hits[0]?.id as number
    await database.sql`update products set price = 777, highest_price = case when has_variants then 777 end where id = ${id}`
    expect((await search({ q: 'lantern' })).hits.find((hit) => hit.id === id)?.price).toBe('777.00')
    await database.sql`update variants set quantity = 0 where product_id = ${id} and quantity is not null`
    await database.sql`update products set quantity = 0 where id = ${id} and stock_by = 'product'`
    expect((await search({ q: 'lantern' })).hits.map((hit) => hit.id)).not.toContain(id)
  })

  test('an unknown category is invalid input', () => {
    expect(search({ category: 'no-such-category' })).rejects.toMatchObject({ code: 'SWINV' })
  })

  test('an aborted call ends the search', () => {
    const aborted = openElasticsearchBackend(database.sql, index.client, index.alias, () => (call) => call(AbortSignal.abort()))
    expect(aborted.search(searchFor({ q: 'lantern' }))).rejects.toThrow()
  })

  test.each(HOSTILE.map((q) => [q.slice(0, 40), q]))('every text has a page: %j', async (_, q) => {
    const page = await search({ q })
    expect(page.total).toBeGreaterThanOrEqual(page.hits.length)
  })
})
