/**
 * Search by Elasticsearch: it finds candidates, PostgreSQL arranges and shows them, so that prices and stock are always the
 * truth. A search takes PostgreSQL to read the words, Elasticsearch once (twice where they find little), PostgreSQL to show.
 */
import { Type } from '@sinclair/typebox'
import { scoreBrief } from '../../../search/brief.ts'
import { countFacets, type Filters, filtersOf, MAX_TOTAL, onOffer } from '../../../search/filters.ts'
import { matchAll, type Query, scoreTiered } from '../../../search/tiered.ts'
import type { Sql } from '../../db/client.ts'
import { query } from '../../db/statement.ts'
import { Json, Jsonb, Nullable } from '../../db/types.ts'
import type { SearchBackend, SearchPage, SearchRequest } from '../backend.ts'
import { suggest } from '../postgres_backend.ts'
import { type Ask, openUnguarded, refusedBy } from './breaker.ts'
import type { Client } from './client.ts'
import { PRODUCTS } from './index.ts'
import { countSearch, FEW, type Plan, planTiered, readTerms, type Terms } from './plan.ts'

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
type Bucket = { key: unknown; key_as_string?: string; doc_count: number }
type Found = {
  hits: { total: { value: number; relation: string }; hits: Hit[] }
  aggregations?: Record<'categories' | 'prices' | 'vintage', { counts: { buckets: Bucket[] } }>
}
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
    search: (request) => searchPage({ sql, client, alias, ask: begin() }, request),
    suggest: (q, limit) => suggest(sql, q, limit),
  }
}

type Engine = { sql: Sql; client: Client; alias: string; ask: Ask }

async function searchPage(engine: Engine, request: SearchRequest): Promise<SearchPage> {
  const { sql, user_id, limit } = { ...engine, ...request }
  const terms = await readTerms(sql, request.q, request.category, 'typed')
  const is_arranged = request.sort === 'relevance' && terms.segments.length > 0
  const after = request.after as After
  const size = is_arranged ? WINDOW + (after?.[1].shown?.length ?? 0) : limit
  const { found, plan } = await findCandidates(engine, request, terms, size + 1)
  const hits = found.hits.hits
  const { items, next, facets } = await showSearch.one(sql, {
    candidates: hits.slice(0, size).map(({ sort: [key, id] }) => [id, key]),
    has_more: hits.length > size,
    is_arranged,
    user_id,
    sort: request.sort,
    after,
    page_size: limit,
    ...rawFacets(found),
  })
  return {
    items,
    next: next as unknown[] | null,
    total: Math.min(found.hits.total.value, MAX_TOTAL),
    total_is_lower_bound: found.hits.total.relation === 'gte',
    facets,
    did_you_mean: plan.did_you_mean,
    showing_results_for: plan.corrected,
  }
}

/** Asks with all words at once, which is right for nearly every search; the answer tells whether another plan is needed. */
async function findCandidates(
  engine: Engine,
  request: SearchRequest,
  terms: Terms,
  size: number,
): Promise<{ found: Found; plan: Plan }> {
  const today = new Date().toISOString().slice(0, 10)
  const { q, exact, ranking } = request
  const plain = (query: Query): Plan => ({ query, corrected: null, did_you_mean: null })
  const search = (plan: Plan) => candidateSearch(request, terms, plan.query, size)
  if (q === null || q.trim() === '') return askFor(engine, search, plain({ match_all: {} }))
  if (terms.words === '') return askFor(engine, search, plain({ match_none: {} }))
  if (ranking === 'brief') return askFor(engine, search, plain(scoreBrief(terms.words, today)))
  const first = plain(scoreTiered(terms.segments, true, terms.words, today))
  const [probe, found] = await ask(engine, [countSearch(matchAll(terms.segments), terms, FEW), search(first)])
  const hits = probe?.hits.total.value ?? 0
  if (hits >= FEW && found) return { found, plan: first }
  const count = async (queries: Query[], at_most: number) => {
    const answers = await ask(
      engine,
      queries.map((query) => countSearch(query, terms, at_most)),
    )
    return answers.map((answer) => answer.hits.total.value)
  }
  return askFor(engine, search, await planTiered(engine.sql, count, q, terms, hits, exact, today))
}

async function askFor(engine: Engine, search: (plan: Plan) => Query, plan: Plan): Promise<{ found: Found; plan: Plan }> {
  const [found] = await ask(engine, [search(plan)])
  return { found: found as Found, plan }
}

/** Several searches in one call. Throws the first one's error. */
function ask({ client, alias, ask }: Engine, searches: Query[]): Promise<Found[]> {
  return ask(async (in_time) => {
    const { responses } = await client.msearch(
      { index: alias, searches: searches.flatMap((search) => [{}, search]) },
      { signal: in_time },
    )
    for (const response of responses) if ('error' in response) throw refusedBy(response.status, response.error)
    return responses as unknown as Found[]
  })
}

/** Ids and sort keys only. What is filtered is filtered after the facets have counted, each with its own rule. */
function candidateSearch(request: SearchRequest, { category_ids, closed_shop_ids }: Terms, query: Query, size: number): Query {
  const filters: Filters = { ...request, category_ids }
  const from = (request.after as After)?.[1].from
  const { category, price, vintage } = filtersOf(filters)
  return {
    size,
    _source: false,
    track_total_hits: MAX_TOTAL,
    query: { bool: { must: [query], filter: [onOffer(closed_shop_ids)] } },
    post_filter: { bool: { filter: [...category, ...price, ...vintage] } },
    sort: [sortOf(request, query), { id: request.sort === 'price_asc' ? 'asc' : 'desc' }],
    ...(from && { search_after: from }),
    aggs: countFacets(filters),
  }
}

function sortOf({ sort }: SearchRequest, query: Query): Query {
  if (sort === 'price_asc') return { price: 'asc' }
  if (sort === 'price_desc') return { price: 'desc' }
  // The key is the same text that PostgreSQL makes of the moment: either goes on after the other's.
  const newest = { 'created_at.exact': { order: 'desc', format: 'strict_date_optional_time_nanos' } }
  return sort === 'newest' || 'match_all' in query ? newest : { _score: 'desc' }
}

/** The counts as facets_json takes them. */
function rawFacets({ aggregations }: Found): { by_category: unknown; by_price: unknown; by_vintage: unknown } {
  const buckets = (name: 'categories' | 'prices' | 'vintage') => aggregations?.[name].counts.buckets ?? []
  const counts = (list: Bucket[]) => Object.fromEntries(list.map((one) => [one.key_as_string ?? one.key, one.doc_count]))
  return {
    by_category: buckets('categories').map(({ key, doc_count }) => ({ category_id: key, count: doc_count })),
    by_price: counts(buckets('prices')),
    by_vintage: counts(buckets('vintage')),
  }
}
