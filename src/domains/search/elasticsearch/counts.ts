/**
 * Counts the matching listings, in all and for each value of a facet. Counting ends just above MAX_TOTAL, so the cost does not
 * depend on the size of the catalog.
 */
import { countFacets, type Filters, filtersOf, MAX_TOTAL, onOffer, type PriceRange } from './filters.ts'
import type { Query } from './tiered.ts'

type Bucket = { key: unknown; key_as_string?: string; doc_count: number }
type Facet = 'categories' | 'prices' | 'vintage'
/** The response to one counting search. */
export type Counted = {
  hits: { total: { value: number } }
  terminated_early?: boolean
  aggregations?: Partial<Record<Facet, { buckets: Bucket[] }>>
}
/** `by_…` are the arguments of facets_json. */
export type Counts = {
  total: number
  total_is_lower_bound: boolean
  facets: { by_category: unknown; by_price: unknown; by_vintage: unknown }
}

/**
 * Returns one search if no filter is set. Otherwise returns one for the total and one for each facet, which omits its own filter.
 */
export function countSearches(
  match: Query,
  filters: Filters,
  { closed_shop_ids, price_ranges }: { closed_shop_ids: number[]; price_ranges: PriceRange[] },
): Query[] {
  const { category, price, vintage } = filtersOf(filters)
  const { categories, prices, vintage: by_vintage } = countFacets(price_ranges)
  const counting = (filter: Query[], aggs: Record<string, Query>): Query => ({
    size: 0,
    terminate_after: MAX_TOTAL + 1,
    track_total_hits: MAX_TOTAL + 1,
    query: { bool: { filter: [match, onOffer(closed_shop_ids), ...filter] } },
    aggs,
  })
  if (category.length + price.length + vintage.length === 0) return [counting([], { categories, prices, vintage: by_vintage })]
  return [
    counting([...category, ...price, ...vintage], {}),
    counting([...price, ...vintage], { categories }),
    counting([...category, ...vintage], { prices }),
    counting([...category, ...price], { vintage: by_vintage }),
  ]
}

/** Reads the responses to countSearches, in the same order. */
export function readCounts(responses: Counted[]): Counts {
  const [all] = responses
  const total = all?.hits.total.value ?? 0
  const buckets = (name: Facet) => responses.find(({ aggregations }) => aggregations?.[name])?.aggregations?.[name]?.buckets ?? []
  const counts = (list: Bucket[]) => Object.fromEntries(list.map((one) => [one.key_as_string ?? one.key, one.doc_count]))
  return {
    total: Math.min(total, MAX_TOTAL),
    total_is_lower_bound: total > MAX_TOTAL,
    facets: {
      by_category: buckets('categories').map(({ key, doc_count }) => ({ category_id: key, count: doc_count })),
      by_price: counts(buckets('prices')),
      by_vintage: counts(buckets('vintage')),
    },
  }
}
