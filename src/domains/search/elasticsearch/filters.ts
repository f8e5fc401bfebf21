/** The filters and facets of a search in the form that Elasticsearch takes. */
import type { Query } from './tiered.ts'

/** A null filter filters nothing. Prices are decimal strings. */
export type Filters = {
  category_ids: number[] | null
  price_min: string | null
  price_max: string | null
  is_vintage: boolean | null
  /** Keys of options, of which a variant in stock must have one. */
  wanted_keys: number[] | null
  wanted_destinations: string[] | null
}

export type FilterName = 'category' | 'price' | 'vintage' | 'option' | 'destination'

/** Above this number, totals are a lower bound. */
export const MAX_TOTAL = 10_000
/** More categories than any marketplace has leaves. */
const MAX_CATEGORIES = 10_000
/** As in count_found. */
const MAX_OPTIONS = 2000
const MAX_DESTINATION_SETS = 2000

/** Listings that a search can show: in stock, and not of a shop on vacation. */
export function onOffer(closed_shop_ids: number[]): Query {
  const in_stock = { range: { quantity: { gt: 0 } } }
  return closed_shop_ids.length === 0
    ? in_stock
    : { bool: { filter: [in_stock], must_not: [{ terms: { shop_id: closed_shop_ids } }] } }
}

/** One filter for each facet. The facet's own count omits it. */
export function filtersOf({
  category_ids,
  price_min,
  price_max,
  is_vintage,
  wanted_keys,
  wanted_destinations,
}: Filters): Record<FilterName, Query[]> {
  const price = { ...(price_min !== null && { gte: Number(price_min) }), ...(price_max !== null && { lte: Number(price_max) }) }
  return {
    category: category_ids === null ? [] : [{ terms: { category_id: category_ids } }],
    price: Object.keys(price).length === 0 ? [] : [{ range: { price } }],
    vintage: is_vintage === null ? [] : [{ term: { is_vintage } }],
    option: wanted_keys === null ? [] : [{ terms: { option_keys: wanted_keys } }],
    destination: wanted_destinations === null ? [] : [{ terms: { destinations: wanted_destinations } }],
  }
}

/** `key` names the range. `from` is in the range, `to` is not. */
export type PriceRange = { key: string; from?: number; to?: number }

/** The facets, each by the name of the filter that it omits. */
export function countFacets(ranges: PriceRange[]): Record<FilterName, Query> {
  return {
    category: { terms: { field: 'category_id', size: MAX_CATEGORIES } },
    price: { range: { field: 'price', ranges } },
    vintage: { terms: { field: 'is_vintage' } },
    option: { terms: { field: 'options', size: MAX_OPTIONS } },
    destination: { terms: { field: 'destination_set', size: MAX_DESTINATION_SETS } },
  }
}
