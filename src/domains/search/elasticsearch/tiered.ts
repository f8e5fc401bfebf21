/**
 * The ranking as a query of Elasticsearch. Listings with all words come before listings with some words. Words in the title count
 * more than words elsewhere. The numbers are ranking_constants in PostgreSQL, not statistics of the index. With statistics a
 * score would change with every new listing, and pages would lose and repeat listings. The formula of the score is here and in
 * ranked_hits, because each engine has its own language. db/test/search/elasticsearch.test.ts and `bun run relevance` compare the
 * two.
 */

/** A part of a query: its own words first, then other spellings of them. The weights of a query add up to 1. */
export type Segment = { phrases: string[]; weight: number }
export type Query = Record<string, unknown>
/** The numbers of ranking_constants, which explains each of them. */
export type Constants = Record<
  | 'few_hits'
  | 'many_hits'
  | 'title_own'
  | 'title_wide'
  | 'labels_own'
  | 'labels_wide'
  | 'elsewhere'
  | 'all_words'
  | 'all_in_title'
  | 'phrase_in_title'
  | 'age_boost'
  | 'boost_at_most'
  | 'level',
  number
>
/** The inputs of a score. `words` is the query as one phrase. `today` is a date in UTC, because ages are in whole days. */
export type Scoring = { segments: Segment[]; words: string; constants: Constants; today: string }

const ANALYZER = 'etsy_words'
const PLACES = ['title', 'labels'] as const
const EVERYWHERE = [...PLACES, 'description']

/** Matches listings with all of the segments. Without segments it matches nothing. */
export function matchAll(segments: Segment[]): Query {
  if (segments.length === 0) return { match_none: {} }
  return { bool: { filter: segments.map(anywhere) } }
}

/** Matches listings with at least `at_least` of the segments. Without segments it matches nothing. */
export function matchMost(segments: Segment[], at_least: number): Query {
  if (segments.length === 0) return { match_none: {} }
  return { bool: { should: segments.map(anywhere), minimum_should_match: at_least } }
}

/** Scores listings with all of the segments. */
export function scoreAll(scoring: Scoring): Query {
  const { segments, constants } = scoring
  if (segments.length === 0) return { match_none: {} }
  const places = segments.map((segment) => scorePlaces(segment, constants))
  return addBoosts({ bool: { must: places, should: scoreTitle(scoring) } }, scoring)
}

/** Scores listings with any of the segments. Listings with all of them come first. */
export function scoreAny(scoring: Scoring): Query {
  const { segments, constants } = scoring
  if (segments.length === 0) return { match_none: {} }
  const places = segments.map((segment) => scorePlaces(segment, constants))
  const lifts = [...scoreTitle(scoring), constant(matchAll(segments), constants.all_words)]
  return addBoosts({ bool: { must: [{ bool: { should: places, minimum_should_match: 1 } }], should: lifts } }, scoring)
}

/**
 * Scores the listings with all of the segments in their titles exactly like scoreAll. They come before all others there, so a
 * page that they fill does not need the rest.
 */
export function scoreTitles(scoring: Scoring): Query {
  const { segments, words, constants } = scoring
  const titles = segments.map((segment) => ({ dis_max: { queries: scoresIn('title', segment, constants) } }))
  const lifts = [constant(phrase('title', words), constants.phrase_in_title)]
  return addBoosts({ bool: { must: [...titles, constant({ match_all: {} }, constants.all_in_title)], should: lifts } }, scoring)
}

/**
 * Scores listings with at least `at_least` of the segments. Listings with more of them always come before listings with fewer.
 * This query is for more matches than Elasticsearch can score, because each number of segments is a separate level.
 */
export function scoreMost(scoring: Scoring, at_least: number): Query {
  const { segments, constants } = scoring
  const levels = segments.slice(1).map((_, index) => constant(matchMost(segments, index + 2), constants.level))
  return { bool: { must: [scoreAny(scoring)], should: levels, filter: [matchMost(segments, at_least)] } }
}

/** Adds the boosts for shop, age and a short title. */
function addBoosts(query: Query, { constants: { age_boost, boost_at_most }, today }: Scoring): Query {
  return {
    function_score: {
      query,
      functions: [
        { field_value_factor: { field: 'static_boost', missing: 0 } },
        { gauss: { created_at: { origin: today, offset: '1d', scale: '30d', decay: 0.5 } }, weight: age_boost },
      ],
      score_mode: 'sum',
      max_boost: boost_at_most,
      boost_mode: 'sum',
    },
  }
}

/** Returns the scores for all words in the title, and for the query as a phrase in the title. */
function scoreTitle({ segments, words, constants: { all_in_title, phrase_in_title } }: Scoring): Query[] {
  const title = { bool: { filter: segments.map((segment) => wideIn('title', segment)) } }
  return [constant(title, all_in_title), constant(phrase('title', words), phrase_in_title)]
}

/** Scores the best place of the segment in a listing. A listing without the segment does not match. */
function scorePlaces(segment: Segment, constants: Constants): Query {
  const places = PLACES.flatMap((place) => scoresIn(place, segment, constants))
  return { dis_max: { queries: [...places, constant(anywhere(segment), constants.elsewhere * segment.weight)] } }
}

function scoresIn(place: (typeof PLACES)[number], segment: Segment, constants: Constants): Query[] {
  return [
    constant(ownIn(place, segment), constants[`${place}_own`] * segment.weight),
    ...(segment.phrases.length > 1 ? [constant(wideIn(place, segment), constants[`${place}_wide`] * segment.weight)] : []),
  ]
}

function ownIn(field: string, { phrases: [own = ''] }: Segment): Query {
  return { match: { [field]: { query: own, operator: 'and', analyzer: ANALYZER } } }
}

function wideIn(field: string, segment: Segment): Query {
  const others = segment.phrases.slice(1).map((other) => phrase(field, other))
  return others.length === 0 ? ownIn(field, segment) : { bool: { should: [ownIn(field, segment), ...others] } }
}

/**
 * Matches the segment's own words in any field, or spread over several fields. Another spelling must be in one field as a phrase.
 */
function anywhere({ phrases: [own = '', ...others] }: Segment): Query {
  const spread = { multi_match: { query: own, type: 'cross_fields', operator: 'and', fields: EVERYWHERE, analyzer: ANALYZER } }
  return { bool: { should: [spread, ...others.flatMap((other) => EVERYWHERE.map((field) => phrase(field, other)))] } }
}

function phrase(field: string, words: string): Query {
  return { match_phrase: { [field]: { query: words, analyzer: ANALYZER } } }
}

/** Rounds the score, so that floats add up exactly in any order. */
function constant(filter: Query, score: number): Query {
  return { constant_score: { filter, boost: Math.max(1, Math.round(score * 4096)) / 4096 } }
}
