/** Shared by the tests of the search engines: the sample catalog, requests, and a walk of all pages. */
import { afterAll } from 'bun:test'
import { type Rank, rateRelevance, summarizeRelevance } from '../../../bench/relevance/rate_relevance.ts'
import { loadShippedCatalog } from '../../../src/domains/catalog/load_shipped.ts'
import { EVERYTHING, type SearchBackend, type SearchRequest, type SearchSort } from '../../../src/domains/search/backend.ts'
import { loadShippedSynonyms } from '../../../src/domains/search/synonyms.ts'
import { refreshVocabulary } from '../../../src/domains/search/vocabulary.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'

/** Opens a test database with the sample catalog, synonyms and vocabulary. */
export async function openCatalogDatabase(): Promise<TestDatabase> {
  const database = await openTestDatabase()
  await loadShippedCatalog(database.url, database.sql)
  await loadShippedSynonyms(database.sql)
  await refreshVocabulary(database.sql)
  return database
}

/** Opens the catalog database of a test file. Call it at the top of the file. */
export function catalogDatabase(): Promise<TestDatabase> {
  const opening = openCatalogDatabase()
  afterAll(async () => (await opening).close())
  return opening
}

export type Request = Partial<SearchRequest>

/** Makes a search for everything, with the given changes. */
export function searchFor(request: Request): SearchRequest {
  return { ...EVERYTHING, ...request }
}

export type Hit = {
  id: number
  title: string
  tags: string[]
  price: string
  quantity: number
  is_vintage: boolean
  category_id: number
  created_at: string
  images: string[]
  variant_id: number | null
}
export type Facets = {
  categories: { slug: string; name: string; count: number }[]
  price_ranges: { key: string; from: string | null; to: string | null; count: number }[]
  vintage: { is_vintage: boolean; count: number }[]
  options: { name: string; values: { value: string; count: number }[] }[]
  ships_to: { to: string; count: number }[]
}

/** Searches, and parses the hits and the facets of the page. */
export async function find(backend: SearchBackend, request: Request) {
  const page = await backend.search(searchFor(request))
  return { ...page, hits: JSON.parse(page.items) as Hit[], counts: JSON.parse(page.facets) as Facets }
}

/** Returns the hits of all pages. */
export async function walk(backend: SearchBackend, request: Request): Promise<Hit[]> {
  const hits: Hit[] = []
  let after: unknown[] | null = null
  do {
    const page = await find(backend, { limit: 100, ...request, after })
    hits.push(...page.hits)
    // A cursor passes through JSON.
    after = page.next && JSON.parse(JSON.stringify(page.next))
  } while (after)
  return hits
}

/** Returns the quality of a ranking on a set of the judged queries. */
export async function qualityOf(rank: Rank) {
  const lines = summarizeRelevance(await rateRelevance(rank))
  return new Map(lines.map(({ name, quality }) => [name, quality]))
}

export const SORTS: SearchSort[] = ['relevance', 'newest', 'price_asc', 'price_desc']

/** Searches with every filter. */
export const FILTERED = [
  { q: null },
  { q: 'dress' },
  { q: 'silver', category: 'jewelry' },
  { q: 'vintage', is_vintage: true },
  { q: null, category: 'clothing', price_min: '25', price_max: '50.00' },
  { q: 'christmas', price_max: '4.99', is_vintage: false },
  { q: 'bag', category: 'gifts-home', price_min: '3', is_vintage: false },
]

/** Texts that a parser of queries can misread. */
export const HOSTILE = [
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
  'ring gold silver wallet necklace vintage leather handmade earrings chain band pendant',
  '1e400 -5 3.5e10 1/2',
  '<script>alert(1)</script>',
  '{"match_all":{}}',
  'ﬁ İstanbul ẞ',
  'www.x.com/a?b=c d@e.fr',
]
