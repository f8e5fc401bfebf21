/**
 * The default ranking as a query of Elasticsearch: what has all the words comes before what has some, what has them in the
 * title before what has them elsewhere. The numbers are those of score_sql in PostgreSQL, fixed and not taken from statistics
 * of the index: a score must not move with every new listing, or pages would lose and repeat.
 */

/** One thing that a query asks for: its own words first, then other spellings of it. Weights of a query add up to 1. */
export type Segment = { phrases: string[]; weight: number }
export type Query = Record<string, unknown>

const ANALYZER = 'etsy_words'
const EVERYWHERE = ['title', 'labels', 'description']
/** What a place is worth: for the words as typed, and for other spellings of them. */
const PLACES = [
  { field: 'title', own: 1, wide: 0.9 },
  { field: 'labels', own: 0.6, wide: 0.5 },
] as const
const ANYWHERE = 0.2
const ALL_SOMEWHERE = 2
const ALL_IN_TITLE = 0.6
const PHRASE_IN_TITLE = 0.3
/** More than all else together. */
const LEVEL = 4
/** All of shop, age and short title together stay below what one word in a better place is worth. */
const BUSINESS_AT_MOST = 0.2

/** Listings with all that is asked for. None for nothing. */
export function matchAll(segments: Segment[]): Query {
  if (segments.length === 0) return { match_none: {} }
  return { bool: { filter: segments.map(anywhere) } }
}

/** Listings with any of what is asked for. None for nothing. */
export function matchAny(segments: Segment[]): Query {
  if (segments.length === 0) return { match_none: {} }
  return { bool: { should: segments.map(anywhere), minimum_should_match: 1 } }
}

/** Listings with at least so many of the segments. */
export function matchMost(segments: Segment[], at_least: number): Query {
  return { bool: { should: segments.map(anywhere), minimum_should_match: at_least } }
}

/** Listings with all (`has_all`) or any of the segments, scored. `words` is the query as one phrase, `today` a date in UTC. */
export function scoreTiered(segments: Segment[], has_all: boolean, words: string, today: string): Query {
  if (segments.length === 0) return { match_none: {} }
  const places = segments.map(scorePlace)
  const title = { bool: { filter: segments.map((segment) => wideIn('title', segment)) } }
  const lifts = [constant(title, ALL_IN_TITLE), constant(phrase('title', words), PHRASE_IN_TITLE)]
  const found = has_all
    ? { must: places, should: lifts }
    : {
        must: [{ bool: { should: places, minimum_should_match: 1 } }],
        should: [...lifts, constant(matchAll(segments), ALL_SOMEWHERE)],
      }
  return addBusiness({ bool: found }, today)
}

/**
 * The listings with all of the segments in their titles, with the very scores that scoreTiered gives them: they come before
 * all others there, so a page that they fill needs no look at the rest.
 */
export function scoreTitles(segments: Segment[], words: string, today: string): Query {
  const [place] = PLACES
  const titles = segments.map((segment) => ({ dis_max: { queries: scoresIn(place, segment) } }))
  const lifts = [constant(phrase('title', words), PHRASE_IN_TITLE)]
  return addBusiness({ bool: { must: [...titles, constant({ match_all: {} }, ALL_IN_TITLE)], should: lifts } }, today)
}

/**
 * Listings with at least so many of the segments, those with more of them always before those with fewer: for so many
 * matches that not all of them can be scored, since then each number is a whole of its own.
 */
export function scoreMost(segments: Segment[], at_least: number, words: string, today: string): Query {
  const levels = segments.slice(1).map((_, index) => constant(matchMost(segments, index + 2), LEVEL))
  const scored = scoreTiered(segments, false, words, today)
  return { bool: { must: [scored], should: levels, filter: [matchMost(segments, at_least)] } }
}

/** Adds what shop, age and a short title are worth. */
function addBusiness(query: Query, today: string): Query {
  return {
    function_score: {
      query,
      functions: [
        { field_value_factor: { field: 'business', missing: 0 } },
        { gauss: { created_at: { origin: today, offset: '1d', scale: '30d', decay: 0.5 } }, weight: 0.02 },
      ],
      score_mode: 'sum',
      max_boost: BUSINESS_AT_MOST,
      boost_mode: 'sum',
    },
  }
}

/** The best place where a listing has it; none: the listing does not match. */
function scorePlace(segment: Segment): Query {
  const inFields = PLACES.flatMap((place) => scoresIn(place, segment))
  return { dis_max: { queries: [...inFields, constant(anywhere(segment), ANYWHERE * segment.weight)] } }
}

function scoresIn({ field, own, wide }: (typeof PLACES)[number], segment: Segment): Query[] {
  return [
    constant(ownIn(field, segment), own * segment.weight),
    ...(segment.phrases.length > 1 ? [constant(wideIn(field, segment), wide * segment.weight)] : []),
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

/** Rounded to what floats add up exactly in any order. */
function constant(filter: Query, score: number): Query {
  return { constant_score: { filter, boost: Math.max(1, Math.round(score * 4096)) / 4096 } }
}
