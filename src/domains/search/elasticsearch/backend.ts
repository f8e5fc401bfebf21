/**
 * Search by Elasticsearch. Elasticsearch finds candidates. PostgreSQL re-ranks and shows them, so prices and stock are always
 * current. A search reads the words from PostgreSQL, calls Elasticsearch once (more often if it finds little), and reads the page
 * from PostgreSQL.
 */
import { Type } from '@sinclair/typebox'
import type { Sql } from '../../../platform/db/client.ts'
import { query, type Reader } from '../../../platform/db/statement.ts'
import { Json, Jsonb, Nullable } from '../../../platform/db/types.ts'
import { inClientSpan } from '../../../platform/tracing/trace.ts'
import { EVERYTHING, type SearchBackend, type SearchPage, type SearchRequest } from '../backend.ts'
import { type CallInTime, openUnguarded, refusedBy } from './breaker.ts'
import { type Client, searchOptions } from './client.ts'
import { type Counted, type Counts, countSearches, readCounts } from './counts.ts'
import { type Filters, filtersOf, MAX_TOTAL, onOffer } from './filters.ts'
import { PRODUCTS } from './indices.ts'
import {
  type Choice,
  chooseByCounts,
  countSearch,
  guessWords,
  levelsOf,
  type Plan,
  planAll,
  planAny,
  probeWords,
  readTerms,
  type Terms,
  wordsOf,
} from './plan.ts'
import type { Query, Scoring } from './tiered.ts'
import { matchMost } from './tiered.ts'

const showSearch = query(
  'search/show_search',
  {
    candidates: Jsonb,
    has_more: Type.Boolean(),
    is_arranged: Type.Boolean(),
    user_id: Nullable(Type.Integer()),
    sort: Type.String(),
    after: Jsonb,
    page_size: Type.Integer(),
    by_category: Jsonb,
    by_price: Jsonb,
    by_vintage: Jsonb,
    wanted_keys: Nullable(Type.Array(Type.Integer())),
    by_option: Jsonb,
    by_destination: Jsonb,
  },
  { items: Json, next: Jsonb, facets: Json },
)

/** The number of candidates that a ranked page is chosen from. */
const WINDOW = 200

type Hit = { sort: [unknown, number] }
type Response = Counted & { hits: { hits: Hit[] } }
type Found = { hits: Hit[]; counts: Counts; choice: Choice }
/** The position where a page continues: `[sort, state]`, made by show_hits. */
type After = [string, { from?: [unknown, number] | null; shown?: number[] }] | null

/** `sql` reads the words and shows the hits. `startSearch` starts the time limit of one search. */
export function openElasticsearchBackend(
  sql: Sql,
  client: Client,
  alias: string = PRODUCTS,
  startSearch: () => CallInTime = openUnguarded,
): SearchBackend {
  return {
    name: 'elasticsearch',
    search: (request, reads = sql) => searchPage({ sql: reads, client, alias, callInTime: startSearch() }, request),
  }
}

type Engine = { sql: Reader; client: Client; alias: string; callInTime: CallInTime }
/** One search in progress. It requests `size` hits. */
type Search = { engine: Engine; request: SearchRequest; terms: Terms; size: number }

async function searchPage(engine: Engine, request: SearchRequest): Promise<SearchPage> {
  const { sql, user_id, limit } = { ...engine, ...request }
  const terms = await readTerms(sql, request, request.exact ? 'exact' : 'typed')
  const is_arranged = request.sort === 'relevance' && terms.segments.length > 0
  const after = request.after as After
  const size = is_arranged ? WINDOW + (after?.[1].shown?.length ?? 0) : limit
  const { hits, counts, choice } = await findCandidates({ engine, request, terms, size: size + 1 })
  const { items, next, facets } = await showSearch.one(sql, {
    candidates: hits.slice(0, size).map(({ sort: [key, id] }) => [id, key]),
    has_more: hits.length > size,
    is_arranged,
    user_id,
    sort: request.sort,
    after,
    page_size: limit,
    ...counts.facets,
    wanted_keys: terms.wanted_keys,
  })
  return {
    items,
    next: next as unknown[] | null,
    total: counts.total,
    total_is_lower_bound: counts.total_is_lower_bound,
    facets,
    did_you_mean: choice.did_you_mean,
    showing_results_for: choice.showing_results_for,
  }
}

const AS_TYPED: Choice = { correction: null, has_all: true, did_you_mean: null, showing_results_for: null }

/**
 * Searches for the most likely words, and counts all candidate words in the same call. The counts nearly always confirm the
 * guess. If they do not, findCandidates searches again.
 */
async function findCandidates(search: Search): Promise<Found> {
  const { engine, request, terms } = search
  if (request.q === null || request.q.trim() === '') return await findBy(search, { match_all: {} })
  if (terms.words === '') return await findBy(search, { match_none: {} })
  const guess = guessWords(terms)
  const first = await makeFirstCall(search, planAll(scoring(terms, guess)), probeWords(terms))
  const choice = await chooseByCounts(engine.sql, terms, first.probes)
  if (choice.has_all && choice.correction === guess.correction) return { ...(await fillPage(search, first)), choice }
  if (choice.has_all) return { ...(await find(search, planAll(scoring(terms, choice)))), choice }
  return { ...(await findSome(search, choice)), choice }
}

/** Finds listings with any of the words. If no listing has one, finds listings with similar words. */
async function findSome(search: Search, choice: Choice): Promise<Omit<Found, 'choice'>> {
  const { engine, request, terms, size } = search
  const chosen = scoring(terms, choice)
  const counts = await countLevels(search, chosen)
  // plan_search has this step too, because PostgreSQL's own engine counts by itself.
  if ((counts.at(-1) ?? 0) > 0 || request.exact) return await find(search, planAny(chosen, counts, size))
  const similar = scoring(await readTerms(engine.sql, { ...EVERYTHING, q: chosen.words }, 'resembling'), AS_TYPED)
  return await find(search, planAny(similar, await countLevels(search, similar), size))
}

function scoring(terms: Terms, choice: Choice): Scoring {
  const { words, segments } = wordsOf(terms, choice)
  return { words, segments, constants: terms.constants, today: new Date().toISOString().slice(0, 10) }
}

/** For each level of levelsOf, returns how many listings have at least that number of segments. */
async function countLevels({ engine, terms }: Search, { segments }: Scoring): Promise<number[]> {
  const levels = levelsOf(segments).map((at_least) => countSearch(matchMost(segments, at_least), terms, MAX_TOTAL + 1))
  return (await runSearches(engine, levels)).map(({ hits }) => hits.total.value)
}

async function findBy(search: Search, match: Query): Promise<Found> {
  return { ...(await find(search, { match, query: match, best: [] })), choice: AS_TYPED }
}

async function find(search: Search, plan: Plan): Promise<Omit<Found, 'choice'>> {
  return await fillPage(search, await makeFirstCall(search, plan, []))
}

/** The results of the first call. `rest` has the remaining queries, which run if the hits do not fill the page. */
type FirstCall = { probes: number[]; counts: Counts; hits: Hit[]; rest: Query[] }

/** Counts the probes, totals and facets, and finds the best hits, all in one call. */
async function makeFirstCall({ engine, request, terms, size }: Search, plan: Plan, probes: Query[]): Promise<FirstCall> {
  const filters: Filters = { ...request, ...terms }
  const counting = countSearches(plan.match, filters, terms)
  const steps = isRanked(request, plan.query) ? [...plan.best, plan.query] : [plan.query]
  const [first, ...rest] = steps.map((query) => hitSearch(request, filters, terms, query, size))
  const responses = await runSearches(engine, [...probes, ...counting, first as Query])
  return {
    probes: responses.slice(0, probes.length).map(({ hits }) => hits.total.value),
    counts: readCounts(responses.slice(probes.length, -1)),
    hits: responses.at(-1)?.hits.hits ?? [],
    rest,
  }
}

/** Runs the remaining queries in order until one fills the page. */
async function fillPage({ engine, size }: Search, { hits, counts, rest }: FirstCall): Promise<Omit<Found, 'choice'>> {
  for (const query of rest) {
    if (hits.length === size) break
    const [response] = await runSearches(engine, [query])
    hits = response?.hits.hits ?? []
  }
  return { hits, counts }
}

/** By default Elasticsearch skips a shard that no node has, and returns the other shards as the whole result. */
const WHOLE = { allow_partial_search_results: false }

/** Runs several searches in one call. Throws the error of the first search that fails. */
async function runSearches({ client, alias, callInTime }: Engine, searches: Query[]): Promise<Response[]> {
  if (searches.length === 0) return []
  return await callInTime(async (in_time) => {
    const lines = searches.flatMap((search) => [WHOLE, search])
    return await inClientSpan('msearch', { 'db.system.name': 'elasticsearch', 'db.collection.name': alias }, async () => {
      const { responses } = await client.msearch({ index: alias, searches: lines }, searchOptions(client, in_time))
      for (const response of responses) if ('error' in response) throw refusedBy(response.status, response.error)
      return responses as unknown as Response[]
    })
  })
}

/** Requests only sort keys, which end with the id. Without stored fields Elasticsearch reads nothing from disk for a hit. */
function hitSearch(request: SearchRequest, filters: Filters, { closed_shop_ids }: Terms, query: Query, size: number): Query {
  const from = (request.after as After)?.[1].from
  return {
    size,
    stored_fields: '_none_',
    track_total_hits: false,
    query: { bool: { must: [query], filter: [onOffer(closed_shop_ids), ...Object.values(filtersOf(filters)).flat()] } },
    sort: [sortOf(request, query), { id: request.sort === 'price_asc' ? 'asc' : 'desc' }],
    ...(from && { search_after: from }),
  }
}

/** Returns whether hits are ordered by their score. */
function isRanked({ sort }: SearchRequest, query: Query): boolean {
  return sort === 'relevance' && !('match_all' in query)
}

function sortOf(request: SearchRequest, query: Query): Query {
  if (request.sort === 'price_asc') return { price: 'asc' }
  if (request.sort === 'price_desc') return { price: 'desc' }
  // PostgreSQL makes the same text from the timestamp, so each engine can continue a list that the other began.
  const newest = { 'created_at.exact': { order: 'desc', format: 'strict_date_optional_time_nanos' } }
  return isRanked(request, query) ? { _score: 'desc' } : newest
}
