/** Decides what a search looks for: PostgreSQL knows the words, Elasticsearch what they find. The rules are those of plan_search. */
import { Type } from '@sinclair/typebox'
import { type Reader, routine } from '../../../platform/db/statement.ts'
import { Jsonb, Nullable } from '../../../platform/db/types.ts'
import { MAX_TOTAL, onOffer } from './filters.ts'
import { matchAll, matchAny, matchMost, type Query, type Segment, scoreMost, scoreTiered, scoreTitles } from './tiered.ts'

const searchTerms = routine(
  'search_terms',
  { q: Nullable(Type.String()), category: Nullable(Type.String()), spelling: Type.String() },
  {
    words: Type.String(),
    segments: Jsonb,
    category_ids: Nullable(Type.Array(Type.Integer())),
    closed_shop_ids: Type.Array(Type.Integer()),
    corrections: Jsonb,
  },
)

/** The words of a query, with other spellings and weights. */
export type Wording = { words: string; segments: Segment[] }
/** What misspelt words may have meant, as corrections_of says. */
export type Correction = Wording & { round: number; slips: number; listings: number; is_stop_word: boolean }
/** The words, what they may have meant, the ids of the category that is filtered by, and the shops that sell nothing now. */
export type Terms = Wording & { category_ids: number[] | null; closed_shop_ids: number[]; corrections: Correction[] }
/**
 * `match` is what is counted, `query` finds and scores it. Each of `best` finds fewer, which come first in the order of `query`: the
 * first of them that fills a page is enough.
 */
export type Search = { match: Query; query: Query; best: Query[] }
/** `corrected`: what was searched instead of what was typed. `did_you_mean`: what else to search. */
export type Plan = Search & { corrected: string | null; did_you_mean: string | null }

/** Fewer hits than this with all words: listings with some of them follow. */
export const FEW = 8

/** SWINV when there is no such category. */
export async function readTerms(
  sql: Reader,
  q: string | null,
  category: string | null,
  spelling: 'typed' | 'exact' | 'resembling',
): Promise<Terms> {
  const { segments, corrections, ...terms } = await searchTerms.one(sql, { q, category, spelling })
  return { ...terms, segments: segments as Segment[], corrections: corrections as Correction[] }
}

/** Counts above tell spellings apart no better. */
export const MANY = 200

/** The nearest spelling of every misspelt word: what is nearly always meant. */
export function guessCorrection(corrections: Correction[]): Correction | undefined {
  const last_round = corrections.at(-1)?.round
  return corrections.find(({ round }) => round === last_round)
}

/** What was meant, by how many listings each correction finds, in their order. The rule, and its reasons, are those of correct_spelling. */
export function chooseCorrection(corrections: Correction[], hits: number[]): Correction | undefined {
  const counted = corrections
    .map((correction, index) => ({ correction, found: hits[index] ?? 0 }))
    .filter(({ found }) => found > 0)
  const first_round = Math.min(...counted.map(({ correction }) => correction.round))
  const often = ({ correction, found }: (typeof counted)[number]) => Math.log(1 + found) + Math.log(1 + correction.listings) / 4
  const [best] = counted
    .filter(({ correction }) => correction.round === first_round)
    .toSorted(
      (a, b) =>
        Number(a.correction.is_stop_word) - Number(b.correction.is_stop_word) ||
        a.correction.slips - b.correction.slips ||
        often(b) - often(a),
    )
  return best?.correction ?? guessCorrection(corrections)
}

/** `count`: how many listings in stock match each of these, counting no further than it takes to tell. `size`: hits of a page. */
export type Planner = { sql: Reader; count: (queries: Query[]) => Promise<number[]>; size: number; today: string }

/** How many listings the words as typed find, and what they may have meant instead. */
export type Sighting = { hits_typed: number; correction: Correction | undefined }

/**
 * All words where that finds anything, the corrected words where it does not, listings with some of the words after them
 * where even these find fewer than `FEW`, and the words that resemble them most where nothing else is found.
 * `exact` corrects nothing. Filters play no part, so that facets and filters speak of one set.
 */
export async function planTiered(
  { sql, count, size, today }: Planner,
  typed: Terms,
  { hits_typed, correction }: Sighting,
  exact: boolean,
): Promise<Plan> {
  if (hits_typed >= FEW) return { ...searchAll(typed, today), corrected: null, did_you_mean: null }
  const countLevels = ({ segments }: Wording) => count(levelsOf(segments).map((at_least) => matchMost(segments, at_least)))
  const planAny = (wording: Wording, counts: number[]) => searchAny(wording, counts, size, today)
  const did_you_mean = correction?.words ?? null
  const wording = hits_typed === 0 ? (correction ?? typed) : typed
  const spelling = { corrected: hits_typed === 0 ? did_you_mean : null, did_you_mean }
  const counts = await countLevels(wording)
  if ((counts[0] ?? 0) >= FEW) return { ...searchAll(wording, today), ...spelling }
  if ((counts.at(-1) ?? 0) > 0) return { ...planAny(wording, counts), ...spelling }
  const similar = exact ? wording : await readTerms(sql, wording.words, null, 'resembling')
  return { ...planAny(similar, await countLevels(similar)), ...spelling }
}

/** For listings with all of the words: those with all in their titles come first. */
export function searchAll({ segments, words }: Wording, today: string): Search {
  return {
    match: matchAll(segments),
    query: scoreTiered(segments, true, words, today),
    best: [scoreTitles(segments, words, today)],
  }
}

/**
 * For listings with any of the words; `counts` has those of each of levelsOf. More of them than can be scored are ranked by how
 * many words they have, and then as ever: levels that cannot fill the `size` of a page are no use on their own.
 */
function searchAny({ segments, words }: Wording, counts: number[], size: number, today: string): Search {
  const match = matchAny(segments)
  if (segments.length === 0) return { match, query: match, best: [] }
  if ((counts.at(-1) ?? 0) <= MAX_TOTAL) return { match, query: scoreTiered(segments, false, words, today), best: [] }
  const levels = levelsOf(segments)
    .filter((_, index) => (counts[index] ?? 0) >= size)
    .map((at_least) => scoreMost(segments, at_least, words, today))
  return { match, query: scoreMost(segments, 1, words, today), best: levels.slice(0, -1) }
}

/** All segments, all but one, … one. */
function levelsOf(segments: Segment[]): number[] {
  return segments.map((_, index) => segments.length - index)
}

/** How many match, of answers to `size: 0` searches. */
export function countSearch(query: Query, { closed_shop_ids }: Terms, at_most: number): Query {
  return { size: 0, track_total_hits: at_most, query: { bool: { filter: [query, onOffer(closed_shop_ids)] } } }
}
