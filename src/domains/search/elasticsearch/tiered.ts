/**
 * The ranking as a query of Elasticsearch: listings with all words come before listings with some, and words in the title before
 * words elsewhere. The numbers are ranking_constants in PostgreSQL and not statistics of the index: a score must not move with
 * every new listing, or pages would lose and repeat. The shape of the score stands here and in ranked_hits, because each
 * engine has a language of its own; db/test/search/elasticsearch.test.ts and `bun run relevance` compare them.
 */

/** One thing that a query asks for: its own words first, then other spellings of it. Weights of a query add up to 1. */
export type Segment = { phrases: string[]; weight: number }
export type Query = Record<string, unknown>
/** ranking_constants, which explains each number. */
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
/** What a query is scored by. `words` is the query as one phrase, `today` a date in UTC: ages are in whole days. */
export type Scoring = { segments: Segment[]; words: string; constants: Constants; today: string }

const ANALYZER = 'etsy_words'
const PLACES = ['title', 'labels'] as const
const EVERYWHERE = [...PLACES, 'description']

/** Listings with all that is asked for. None for nothing. */
export function matchAll(segments: Segment[]): Query {
  if (segments.length === 0) return { match_none: {} }
  return { bool: { filter: segments.map(anywhere) } }
}

/** Listings with at least so many of the segments. None for nothing. */
export function matchMost(segments: Segment[], at_least: number): Query {
  if (segments.length === 0) return { match_none: {} }
  return { bool: { should: segments.map(anywhere), minimum_should_match: at_least } }
}

/** Listings with all of the segments, scored. */
export function scoreAll(scoring: Scoring): Query {
  const { segments, constants } = scoring
  if (segments.length === 0) return { match_none: {} }
  const places = segments.map((segment) => scorePlaces(segment, constants))
  return addBoosts({ bool: { must: places, should: scoreTitle(scoring) } }, scoring)
}

/** Listings with any of the segments, scored: those with all of them come first. */
export function scoreAny(scoring: Scoring): Query {
  const { segments, constants } = scoring
  if (segments.length === 0) return { match_none: {} }
  const places = segments.map((segment) => scorePlaces(segment, constants))
  const lifts = [...scoreTitle(scoring), constant(matchAll(segments), constants.all_words)]
  return addBoosts({ bool: { must: [{ bool: { should: places, minimum_should_match: 1 } }], should: lifts } }, scoring)
}

/**
 * The listings with all of the segments in their titles, with the very scores that scoreAll gives them: they come before all
 * others there, so a page that they fill needs no look at the rest.
 */
export function scoreTitles(scoring: Scoring): Query {
  const { segments, words, constants } = scoring
  const titles = segments.map((segment) => ({ dis_max: { queries: scoresIn('title', segment, constants) } }))
  const lifts = [constant(phrase('title', words), constants.phrase_in_title)]
  return addBoosts({ bool: { must: [...titles, constant({ match_all: {} }, constants.all_in_title)], should: lifts } }, scoring)
}

/**
 * Listings with at least so many of the segments, those with more of them always before those with fewer. It is for more matches
 * than can all be scored, since each number of segments is a whole of its own.
 */
export function scoreMost(scoring: Scoring, at_least: number): Query {
  const { segments, constants } = scoring
  const levels = segments.slice(1).map((_, index) => constant(matchMost(segments, index + 2), constants.level))
  return { bool: { must: [scoreAny(scoring)], should: levels, filter: [matchMost(segments, at_least)] } }
}

/** Adds what shop, age and a short title are worth. */
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

/** What all words in the title are worth, and the query as a phrase there. */
function scoreTitle({ segments, words, constants: { all_in_title, phrase_in_title } }: Scoring): Query[] {
  const title = { bool: { filter: segments.map((segment) => wideIn('title', segment)) } }
  return [constant(title, all_in_title), constant(phrase('title', words), phrase_in_title)]
}

/** The best place where a listing has it; none: the listing does not match. */
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

/** In any field, its words spread over several if need be; another spelling only as a whole. */
function anywhere({ phrases: [own = '', ...others] }: Segment): Query {
  const spread = { multi_match: { query: own, type: 'cross_fields', operator: 'and', fields: EVERYWHERE, analyzer: ANALYZER } }
  return { bool: { should: [spread, ...others.flatMap((other) => EVERYWHERE.map((field) => phrase(field, other)))] } }
}

function phrase(field: string, words: string): Query {
  return { match_phrase: { [field]: { query: words, analyzer: ANALYZER } } }
}

/** Rounded, so that floats add up exactly in any order. */
function constant(filter: Query, score: number): Query {
  return { constant_score: { filter, boost: Math.max(1, Math.round(score * 4096)) / 4096 } }
}
