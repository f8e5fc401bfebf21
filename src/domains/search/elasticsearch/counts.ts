/**
 * Counts the matching listings, in all and for each value of a facet. Counting ends just above MAX_TOTAL, so the cost does not
 * depend on the size of the catalog.
 */
import { countFacets, type FilterName, type Filters, filtersOf, MAX_TOTAL, onOffer, type PriceRange } from './filters.ts'
import type { Query } from './tiered.ts'

type Bucket = { key: unknown; key_as_string?: string; doc_count: number }
/** The response to one counting search. */
export type Counted = {
  hits: { total: { value: number } }
  terminated_early?: boolean
  aggregations?: Partial<Record<FilterName, { buckets: Bucket[] }>>
}
/** `by_…` are the arguments of facets_json. */
export type Counts = {
  total: number
  total_is_lower_bound: boolean
  facets: { by_category: unknown; by_price: unknown; by_vintage: unknown; by_option: unknown; by_destination: unknown }
}

/** Returns a search for the total, and another for each facet whose own filter is set, because the facet omits it. */
export function countSearches(
  match: Query,
  filters: Filters,
  { closed_shop_ids, price_ranges }: { closed_shop_ids: number[]; price_ranges: PriceRange[] },
): Query[] {
  const queries = Object.entries(filtersOf(filters))
  const facets = Object.entries(countFacets(price_ranges))
  const queriesBut = (omitted: string | null) => queries.flatMap(([name, query]) => (name === omitted ? [] : query))
  const counting = (filter: Query[], aggs: Record<string, Query>): Query => ({
    size: 0,
    terminate_after: MAX_TOTAL + 1,
    track_total_hits: MAX_TOTAL + 1,
    query: { bool: { filter: [match, onOffer(closed_shop_ids), ...filter] } },
    aggs,
  })
  // A facet whose filter is not set counts what was found.
  const is_set = new Set(queries.flatMap(([name, query]) => (query.length > 0 ? [name] : [])))
  const own = facets.filter(([name]) => is_set.has(name))
  return [
    counting(queriesBut(null), Object.fromEntries(facets.filter(([name]) => !is_set.has(name)))),
    ...own.map(([name, facet]) => counting(queriesBut(name), { [name]: facet })),
  ]
}

/** Reads the responses to countSearches, in the same order. */
export function readCounts(responses: Counted[]): Counts {
  const [all] = responses
  const total = all?.hits.total.value ?? 0
  const buckets = (name: FilterName) =>
    responses.find(({ aggregations }) => aggregations?.[name])?.aggregations?.[name]?.buckets ?? []
  const counts = (list: Bucket[]) => Object.fromEntries(list.map((one) => [one.key_as_string ?? one.key, one.doc_count]))
  return {
    total: Math.min(total, MAX_TOTAL),
    total_is_lower_bound: total > MAX_TOTAL,
    facets: {
      by_category: buckets('category').map(({ key, doc_count }) => ({ category_id: key, count: doc_count })),
      by_price: counts(buckets('price')),
      by_vintage: counts(buckets('vintage')),
      by_option: buckets('option').map(({ key, doc_count }) => [key, doc_count]),
      by_destination: buckets('destination').map(({ key, doc_count }) => [String(key).split(' '), doc_count]),
    },
  }
}
