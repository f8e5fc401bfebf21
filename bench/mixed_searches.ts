/** Searches of every kind, to measure search without a cache. */
import type { Pool } from '../src/platform/db/client.ts'
import { readRelevanceSet } from './relevance/rate_relevance.ts'

/** The parameters of one `GET /v1/search`. */
export type MixedSearch = { q: string } & Partial<Record<'category' | 'price_min' | 'price_max' | 'is_vintage' | 'sort', string>>

const FILTERS = [
  { price_min: '5', price_max: '20' },
  { category: 'gifts-home' },
  { is_vintage: 'false', sort: 'price_asc' },
  { category: 'clothing', price_max: '50', sort: 'newest' },
]

/**
 * Returns `count` different searches, a fifth of each kind: misspelled, several words of one title, filtered, one frequent word,
 * and words that no listing has. The same catalog gives the same searches.
 */
export async function mixSearches(sql: Pool, count: number): Promise<MixedSearch[]> {
  const { queries } = readRelevanceSet()
  const of = (isClean: boolean) => queries.filter(({ variant }) => (variant === 'clean') === isClean).map(({ text }) => text)
  const clean = of(true)
  const each = Math.ceil(count / 5)
  const titles = await sql<{ words: string }[]>`
    select array_to_string((string_to_array(min(p.title), ' '))[:2 + (row_number() over (order by md5(p.title)))::integer % 4], ' ') as words
    from products p group by p.title order by md5(p.title) limit ${each}`
  const frequent = await sql<{ word: string }[]>`select w.word from search_words w order by w.listings desc, w.word limit ${each}`
  const kinds: ((n: number) => MixedSearch)[] = [
    (n) => ({ q: cycle(of(false), n) }),
    (n) => ({ q: cycle(titles, n).words }),
    (n) => ({ q: cycle(clean, n), ...cycle(FILTERS, n + Math.floor(n / clean.length)) }),
    (n) => ({ q: cycle(frequent, n).word }),
    (n) => ({ q: [...cycle(queries, n).text].reverse().join('') }),
  ]
  return Array.from({ length: count }, (_, n) => cycle(kinds, n)(Math.floor(n / kinds.length)))
}

function cycle<T>(values: readonly T[], n: number): T {
  return values[n % values.length] as T
}
