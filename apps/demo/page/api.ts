/** The calls of the public API that need no session: search, listings, shops and categories. */
import type { Static } from '@sinclair/typebox'
import type { Category } from '../../../src/domains/categories/routes.ts'
import type { Postage as PostageSchema, Product } from '../../../src/domains/products/schemas.ts'
import type { SearchResult, Suggestions } from '../../../src/domains/search/routes.ts'
import type { Shop } from '../../../src/domains/shops/schemas.ts'
import { get } from './request.ts'
import { queryOf, type View } from './view.ts'

export type Item = Static<typeof Product>
export type Facets = Static<typeof SearchResult>['facets']
export type Postage = Static<typeof PostageSchema>
export type Suggested = Static<typeof Suggestions>

/** The loaded pages of a view as one list. Totals and facets come from the first page. `shop` is set for a view of a shop. */
export type Found = Omit<Static<typeof SearchResult>, 'items' | 'facets'> & {
  items: Item[]
  facets: Facets | null
  shop: Static<typeof Shop> | null
}
/** A listing with its full shop. */
export type Listing = { item: Item; shop: Static<typeof Shop> }
type ShopPage = { items: Item[]; next_cursor: string | null }

const SIMILAR_LISTINGS = 8

/** Returns the path and query of the call behind a view. */
export function callOf(view: View): string {
  if (view.listing) return `/v1/products/${encodeURIComponent(view.listing)}`
  if (view.order) return `/v1/orders/${encodeURIComponent(view.order)}`
  if (view.checkout) return `/v1/checkouts/${encodeURIComponent(view.checkout)}`
  if (view.page) return view.page === 'orders' ? '/v1/orders' : '/v1/cart'
  return view.shop ? `/v1/shops/${encodeURIComponent(view.shop)}/products` : `/v1/search${queryOf(view)}`
}

/** Returns the first page of a view, or `found` with its next page. Throws a Refusal or the error of `fetch`. */
export async function find(view: View, found: Found | null, signal: AbortSignal): Promise<Found> {
  const path = callOf(view)
  const cursor = found?.next_cursor ? `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(found.next_cursor)}` : ''
  const page = await (view.shop ? findOfShop(path + cursor, found, signal) : search(path + cursor, signal))
  return found ? { ...found, items: [...found.items, ...page.items], next_cursor: page.next_cursor } : page
}

/** Returns one listing and its shop. Throws a Refusal or the error of `fetch`. */
export async function readListing(view: View, signal: AbortSignal): Promise<Listing> {
  const item = await get<Item>(callOf(view), signal)
  return { item, shop: await get<Static<typeof Shop>>(`/v1/shops/${item.shop.id}`, signal) }
}

/** Returns what the postage of a listing to a country is, and when it arrives. */
export async function readPostage(id: number, country: string, variant_id: number | null, signal: AbortSignal): Promise<Postage> {
  const query = new URLSearchParams({ country, ...(variant_id === null ? {} : { variant_id: String(variant_id) }) })
  return get<Postage>(`/v1/products/${id}/shipping?${query}`, signal)
}

/** Returns up to 8 other listings that match words of the title. */
export async function findSimilar({ id, title }: Item, signal: AbortSignal): Promise<Item[]> {
  const limit = String(SIMILAR_LISTINGS + 1)
  const query = new URLSearchParams({ q: title, exact: 'true', limit })
  const { items } = await get<Static<typeof SearchResult>>(`/v1/search?${query}`, signal)
  return items.filter((item) => item.id !== id).slice(0, SIMILAR_LISTINGS)
}

export async function suggest(q: string, signal: AbortSignal): Promise<Suggested> {
  return get<Suggested>(`/v1/search/suggest?${new URLSearchParams({ q, limit: '6' })}`, signal)
}

export async function readCategories(): Promise<Category[]> {
  return (await get<{ items: Category[] }>('/v1/categories', new AbortController().signal)).items
}

async function search(path: string, signal: AbortSignal): Promise<Found> {
  return { ...(await get<Static<typeof SearchResult>>(path, signal)), shop: null }
}

async function findOfShop(path: string, found: Found | null, signal: AbortSignal): Promise<Found> {
  const started = performance.now()
  const shop_path = path.slice(0, path.lastIndexOf('/products'))
  const [shop, page] = await Promise.all([
    found?.shop ?? get<Static<typeof Shop>>(shop_path, signal),
    get<ShopPage>(path, signal),
  ])
  return {
    ...page,
    shop,
    total: shop.product_count,
    total_is_lower_bound: false,
    facets: null,
    did_you_mean: null,
    showing_results_for: null,
    degraded: false,
    took_ms: Math.round(performance.now() - started),
  }
}
