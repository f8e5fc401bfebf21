/**
 * The words that a search looks for in Elasticsearch. PostgreSQL finds the words (search_terms) and has the rule that chooses
 * between them (choose_words). Elasticsearch counts the listings that they find. The counterpart for PostgreSQL's own engine is
 * plan_search.
 */
import { Type } from '@sinclair/typebox'
import { type Reader, routine } from '../../../platform/db/statement.ts'
import { Jsonb, Nullable } from '../../../platform/db/types.ts'
import type { SearchRequest } from '../backend.ts'
import { MAX_TOTAL, onOffer, type PriceRange } from './filters.ts'
import {
  type Constants,
  matchAll,
  matchMost,
  type Query,
  type Scoring,
  type Segment,
  scoreAll,
  scoreAny,
  scoreMost,
  scoreTitles,
} from './tiered.ts'

const searchTerms = routine(
  'search_terms',
  {
    q: Nullable(Type.String()),
    category: Nullable(Type.String()),
    spelling: Type.String(),
    options: Nullable(Type.Array(Type.String())),
    ships_to: Nullable(Type.String()),
  },
  {
    words: Type.String(),
    segments: Jsonb,
    category_ids: Nullable(Type.Array(Type.Integer())),
    closed_shop_ids: Type.Array(Type.Integer()),
    corrections: Jsonb,
    nearest: Nullable(Type.Integer()),
    constants: Jsonb,
    price_ranges: Jsonb,
    wanted_keys: Nullable(Type.Array(Type.Integer())),
    wanted_destinations: Nullable(Type.Array(Type.String())),
  },
)
const chooseWords = routine(
  'choose_words',
  { hits_typed: Type.Integer(), corrections: Jsonb, hits: Type.Array(Type.Integer()) },
  {
    correction: Nullable(Type.Integer()),
    has_all: Type.Boolean(),
    did_you_mean: Nullable(Type.String()),
    showing_results_for: Nullable(Type.String()),
  },
)

/** The words of a query, with other spellings and weights. */
export type Wording = { words: string; segments: Segment[] }
/** The row of search_terms. `nearest` is the place, from 1, of the most likely correction. */
export type Terms = Wording & {
  category_ids: number[] | null
  wanted_keys: number[] | null
  wanted_destinations: string[] | null
  closed_shop_ids: number[]
  corrections: Wording[]
  nearest: number | null
  constants: Constants
  price_ranges: PriceRange[]
}
/**
 * The words that PostgreSQL chose: the place of a correction, or null for the words as typed. `has_all` means that listings must
 * have all words.
 */
export type Choice = Awaited<ReturnType<typeof chooseWords.one>>
/**
 * `match` counts the listings. `query` finds and scores them. Each query of `best` finds fewer listings, which come first in the
 * order of `query`. The first query of `best` that fills a page is enough.
 */
export type Plan = { match: Query; query: Query; best: Query[] }

/** Throws SWINV if the category or the destination does not exist, or if an option has no name or value. */
export async function readTerms(
  sql: Reader,
  { q, category, options, ships_to }: SearchRequest,
  spelling: 'typed' | 'exact' | 'resembling',
): Promise<Terms> {
  return (await searchTerms.one(sql, { q, category, spelling, options, ships_to })) as Terms
}

/** Returns the words to try first: every misspelled word in its nearest spelling. */
export function guessWords(terms: Terms): Choice {
  const words = terms.nearest === null ? null : (terms.corrections[terms.nearest - 1]?.words ?? null)
  return { correction: terms.nearest, has_all: true, did_you_mean: words, showing_results_for: words }
}

/** Returns the queries to count before words are chosen: all words as typed, then all words of each correction. */
export function probeWords(terms: Terms): Query[] {
  const { few_hits, many_hits } = terms.constants
  return [
    countSearch(matchAll(terms.segments), terms, few_hits),
    ...terms.corrections.map(({ segments }) => countSearch(matchAll(segments), terms, many_hits)),
  ]
}

/** Chooses the words by the counts of probeWords. Words as typed that find enough need no call to PostgreSQL. */
export async function chooseByCounts(sql: Reader, terms: Terms, [hits_typed = 0, ...hits]: number[]): Promise<Choice> {
  if (hits_typed >= terms.constants.few_hits)
    return { correction: null, has_all: true, did_you_mean: null, showing_results_for: null }
  return await chooseWords.one(sql, { hits_typed, corrections: terms.corrections, hits })
}

/** Returns the words of a choice. */
export function wordsOf(terms: Terms, { correction }: Choice): Wording {
  return correction === null ? terms : (terms.corrections[correction - 1] ?? terms)
}

/** Returns a plan for listings with all of the words. Listings with all words in their titles come first. */
export function planAll(scoring: Scoring): Plan {
  return { match: matchAll(scoring.segments), query: scoreAll(scoring), best: [scoreTitles(scoring)] }
}

/**
 * Returns a plan for listings with any of the words. `counts` has the count for each of levelsOf. If there are more listings than
 * can be scored, the number of matched words ranks them first. The plan omits levels that cannot fill a page of `size`.
 */
export function planAny(scoring: Scoring, counts: number[], size: number): Plan {
  const match = matchMost(scoring.segments, 1)
  if ((counts.at(-1) ?? 0) <= MAX_TOTAL) return { match, query: scoreAny(scoring), best: [] }
  const levels = levelsOf(scoring.segments)
    .filter((_, index) => (counts[index] ?? 0) >= size)
    .map((at_least) => scoreMost(scoring, at_least))
  return { match, query: scoreMost(scoring, 1), best: levels.slice(0, -1) }
}

/** Returns the number of all segments, one fewer, and so on down to 1. */
export function levelsOf(segments: Segment[]): number[] {
  return segments.map((_, index) => segments.length - index)
}

/** Returns a query that counts the matches in stock, up to `at_most`. */
export function countSearch(query: Query, { closed_shop_ids }: Terms, at_most: number): Query {
  return { size: 0, track_total_hits: at_most, query: { bool: { filter: [query, onOffer(closed_shop_ids)] } } }
}
