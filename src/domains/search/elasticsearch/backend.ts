/**
 * Search by Elasticsearch: it finds candidates, PostgreSQL arranges and shows them, so that prices and stock are always the
 * truth. A search takes PostgreSQL to read the words, Elasticsearch once (twice where they find little), PostgreSQL to show.
 */
import { Type } from '@sinclair/typebox'
import type { Sql } from '../../../platform/db/client.ts'
import { query, type Reader } from '../../../platform/db/statement.ts'
import { Json, Jsonb, Nullable } from '../../../platform/db/types.ts'
import { inClientSpan } from '../../../platform/tracing/trace.ts'
import type { SearchBackend, SearchPage, SearchRequest } from '../backend.ts'
import { type Ask, openUnguarded, refusedBy } from './breaker.ts'
import { matchBrief, scoreBrief } from './brief.ts'
import { type Client, searchOptions } from './client.ts'
import { type Counted, type Counts, countSearches, readCounts } from './counts.ts'
import { type Filters, filtersOf, MAX_TOTAL, onOffer } from './filters.ts'
import { PRODUCTS } from './index.ts'
import {
  chooseCorrection,
  countSearch,
  FEW,
  guessCorrection,
  MANY,
  type Plan,
  planTiered,
  readTerms,
  searchAll,
  type Terms,
} from './plan.ts'
import { matchAll, type Query } from './tiered.ts'

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
  },
  { items: Json, next: Jsonb, facets: Json },
)

/** What an arranged page chooses from. */
const WINDOW = 200

type Hit = { sort: [unknown, number] }
type Answer = Counted & { hits: { hits: Hit[] } }
type Found = { hits: Hit[]; counts: Counts; plan: Plan }
/** Where a page goes on: `[sort, state]`, made by show_hits. */
type After = [string, { from?: [unknown, number] | null; shown?: number[] }] | null

/** `sql` reads the words and shows the hits; `begin` watches over what each search asks of Elasticsearch. */
export function openElasticsearchBackend(
  sql: Sql,
  client: Client,
  alias: string = PRODUCTS,
  begin: () => Ask = openUnguarded,
): SearchBackend {
  return {
    name: 'elasticsearch',
    search: (request, reads = sql) => searchPage({ sql: reads, client, alias, ask: begin() }, request),
  }
}

type Engine = { sql: Reader; client: Client; alias: string; ask: Ask }

async function searchPage(engine: Engine, request: SearchRequest): Promise<SearchPage> {
  const { sql, user_id, limit } = { ...engine, ...request }
  const is_corrected = request.ranking === 'tiered' && !request.exact
  const terms = await readTerms(sql, request.q, request.category, is_corrected ? 'typed' : 'exact')
  const is_arranged = request.sort === 'relevance' && terms.segments.length > 0
  const after = request.after as After
  const size = is_arranged ? WINDOW + (after?.[1].shown?.length ?? 0) : limit
  const { hits, counts, plan } = await findCandidates(engine, request, terms, size + 1)
  const { items, next, facets } = await showSearch.one(sql, {
    candidates: hits.slice(0, size).map(({ sort: [key, id] }) => [id, key]),
    has_more: hits.length > size,
    is_arranged,
    user_id,
    sort: request.sort,
    after,
    page_size: limit,
    ...counts.facets,
  })
  return {
    items,
    next: next as unknown[] | null,
    total: counts.total,
    total_is_lower_bound: counts.total_is_lower_bound,
    facets,
    did_you_mean: plan.did_you_mean,
    showing_results_for: plan.corrected,
  }
}

/**
 * Asks for all words at once, the misspelt ones replaced by what they nearly always mean, which is right for nearly every
 * search; the counts that come with the answer tell whether another plan is needed.
 */
async function findCandidates(engine: Engine, request: SearchRequest, terms: Terms, size: number): Promise<Found> {
  const today = new Date().toISOString().slice(0, 10)
  const { q, exact, ranking } = request
  const plain = (match: Query, query = match): Plan => ({ match, query, best: [], corrected: null, did_you_mean: null })
  const find = (plan: Plan) => findHits(engine, request, terms, size, plan)
  if (q === null || q.trim() === '') return find(plain({ match_all: {} }))
  if (terms.words === '') return find(plain({ match_none: {} }))
  if (ranking === 'brief') return find(plain(matchBrief(terms.words), scoreBrief(terms.words, today)))
  const guess = guessCorrection(terms.corrections)
  const words = guess?.words ?? null
  const first: Plan = { ...searchAll(guess ?? terms, today), corrected: words, did_you_mean: words }
  const typed = countSearch(matchAll(terms.segments), terms, FEW)
  const counted = terms.corrections.map(({ segments }) => countSearch(matchAll(segments), terms, MANY))
  const judge = (counts: number[]) => {
    const [hits_typed = 0, ...hits] = counts
    const correction = chooseCorrection(terms.corrections, hits)
    const enough = guess ? (hits[terms.corrections.indexOf(guess)] ?? 0) : hits_typed
    return { hits_typed, correction, is_right: correction === guess && enough >= FEW && (hits_typed === 0 || !guess) }
  }
  const found = await findHits(engine, request, terms, size, first, [typed, ...counted], (counts) => judge(counts).is_right)
  const { is_right, ...sighting } = judge(found.probes)
  if (is_right) return found
  const count = async (queries: Query[]) => {
    const answers = await ask(
      engine,
      queries.map((query) => countSearch(query, terms, MAX_TOTAL + 1)),
    )
    return answers.map((answer) => answer.hits.total.value)
  }
  return find(await planTiered({ sql: engine.sql, count, size, today }, terms, sighting, exact))
}

/**
 * Counts and looks for the best in one call; then, as long as they do not fill the page, for those that come after them.
 * `probing` is counted with them, and no more is looked for where `isRight` says that the answer will not be used.
 */
async function findHits(
  engine: Engine,
  request: SearchRequest,
  terms: Terms,
  size: number,
  plan: Plan,
  probing: Query[] = [],
  isRight: (counts: number[]) => boolean = () => true,
): Promise<Found & { probes: number[] }> {
  const filters: Filters = { ...request, category_ids: terms.category_ids }
  const counting = countSearches(plan.match, filters, terms.closed_shop_ids)
  const steps = isRanked(request, plan) ? [...plan.best, plan.query] : [plan.query]
  const [first, ...others] = steps.map((query) => hitSearch(request, filters, terms, query, size))
  const answers = await ask(engine, [...probing, ...counting, first as Query])
  const probes = answers.slice(0, probing.length).map((answer) => answer.hits.total.value)
  const counts = readCounts(answers.slice(probing.length, -1))
  let hits = answers.at(-1)?.hits.hits ?? []
  for (const other of others) {
    if (hits.length === size || !isRight(probes)) break
    const [answer] = await ask(engine, [other])
    hits = answer?.hits.hits ?? []
  }
  return { hits, counts, plan, probes }
}

/** Without this a shard that no node has would be left out, and its listings with it, and the answer be taken for a whole one. */
const WHOLE = { allow_partial_search_results: false }

/** Several searches in one call. Throws the first one's error. */
async function ask({ client, alias, ask }: Engine, searches: Query[]): Promise<Answer[]> {
  if (searches.length === 0) return []
  return await ask(async (in_time) => {
    const lines = searches.flatMap((search) => [WHOLE, search])
    return await inClientSpan('msearch', { 'db.system.name': 'elasticsearch', 'db.collection.name': alias }, async () => {
      const { responses } = await client.msearch({ index: alias, searches: lines }, searchOptions(client, in_time))
      for (const response of responses) if ('error' in response) throw refusedBy(response.status, response.error)
      return responses as unknown as Answer[]
    })
  })
}

/** Sort keys and ids, which end them: without stored fields nothing is read from disk for a hit. */
function hitSearch(request: SearchRequest, filters: Filters, { closed_shop_ids }: Terms, query: Query, size: number): Query {
  const from = (request.after as After)?.[1].from
  const { category, price, vintage } = filtersOf(filters)
  return {
    size,
    stored_fields: '_none_',
    track_total_hits: false,
    query: { bool: { must: [query], filter: [onOffer(closed_shop_ids), ...category, ...price, ...vintage] } },
    sort: [sortOf(request, query), { id: request.sort === 'price_asc' ? 'asc' : 'desc' }],
    ...(from && { search_after: from }),
  }
}

/** Whether hits come by their score. */
function isRanked({ sort }: SearchRequest, { query }: Plan): boolean {
  return sort === 'relevance' && !('match_all' in query)
}

function sortOf({ sort }: SearchRequest, query: Query): Query {
  if (sort === 'price_asc') return { price: 'asc' }
  if (sort === 'price_desc') return { price: 'desc' }
  // The key is the same text that PostgreSQL makes of the moment: either goes on after the other's.
  const newest = { 'created_at.exact': { order: 'desc', format: 'strict_date_optional_time_nanos' } }
  return sort === 'newest' || 'match_all' in query ? newest : { _score: 'desc' }
}
