/** Filters and facets of a search, as Elasticsearch takes them. */
import type { Query } from './tiered.ts'

/** Null: not filtered by it. Prices are decimal strings. */
export type Filters = {
  category_ids: number[] | null
  price_min: string | null
  price_max: string | null
  is_vintage: boolean | null
}

/** Above, totals are a lower bound. */
export const MAX_TOTAL = 10_000
/** More categories than any marketplace has leaves. */
const MAX_CATEGORIES = 10_000

/** What may be shown at all, whatever is searched: in stock, and not of a shop on vacation. */
export function onOffer(closed_shop_ids: number[]): Query {
  const in_stock = { range: { quantity: { gt: 0 } } }
  return closed_shop_ids.length === 0
    ? in_stock
    : { bool: { filter: [in_stock], must_not: [{ terms: { shop_id: closed_shop_ids } }] } }
}

/** One filter for each thing that a facet counts, and that its facet leaves out. */
export function filtersOf({
  category_ids,
  price_min,
  price_max,
  is_vintage,
}: Filters): Record<'category' | 'price' | 'vintage', Query[]> {
  const price = { ...(price_min !== null && { gte: Number(price_min) }), ...(price_max !== null && { lte: Number(price_max) }) }
  return {
    category: category_ids === null ? [] : [{ terms: { category_id: category_ids } }],
    price: Object.keys(price).length === 0 ? [] : [{ range: { price } }],
    vintage: is_vintage === null ? [] : [{ term: { is_vintage } }],
  }
}

/** The facets. Price ranges are those of price_ranges() in PostgreSQL. */
export function countFacets(): Record<'categories' | 'prices' | 'vintage', Query> {
  const ranges = [
    { key: 'under_25', to: 25 },
    { key: '25_to_50', from: 25, to: 50 },
    { key: '50_to_100', from: 50, to: 100 },
    { key: '100_and_over', from: 100 },
  ]
  return {
    categories: { terms: { field: 'category_id', size: MAX_CATEGORIES } },
    prices: { range: { field: 'price', ranges } },
    vintage: { terms: { field: 'is_vintage' } },
  }
}
