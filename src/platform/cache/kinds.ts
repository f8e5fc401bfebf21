/**
 * Everything that is cached: under which key, for how long, how it is loaded, and in which generation it is. What makes an
 * entry stale is said where it happens: triggers write its key into `changes` (db/functions/changes/note_changes.sql).
 * A type of '' is not counted: sessions are no business of the marketplace's metrics, nor is what was never searched for.
 */
import { createHash } from 'node:crypto'
import { showCart } from '../../domains/cart/statements.ts'
import { showProduct } from '../../domains/products/statements.ts'
import type { SearchRequest } from '../../domains/search/backend.ts'
import { packPage, searchKey } from '../../domains/search/cached_page.ts'
import { suggestPlaces } from '../../domains/search/statements.ts'
import { findSession } from '../../domains/sessions/statements.ts'
import { listShopProducts, showShop } from '../../domains/shops/statements.ts'
import { listTrending } from '../../domains/trending/statements.ts'
import { PAGE_SIZE, type Row } from '../../http/page.ts'
import { showPosition } from '../replica/statements.ts'
import type { Cached, CacheKind } from './cache.ts'

/**
 * GET /v1/products/{id}, after a line with its top-level category and one with its version. Stale: the listing, its stock or favorites, its
 * shop's name, rating or vacation.
 */
export const productPage: CacheKind<{ product_id: number }> = {
  type: 'product',
  key: ({ product_id }) => `product:${product_id}`,
  ttl_s: 300,
  generation: 'pages',
  load: async ({ sql }, args) => {
    const product = await showProduct.maybe(sql, args)
    return product && { text: `${product.category ?? 'none'}\n${product.version}\n${product.body}` }
  },
}

/** A product's page and version out of what is kept, and the category that its views are counted under. */
export function readProductPage({ text }: { text: string }): { body: string; version: string; category: string } {
  const [category, rest] = splitLine(text)
  const [version, body] = splitLine(rest)
  return { body, version, category }
}

/** GET /v1/shops/{id}, after a line with its version. Stale: the shop, its sales, reviews or favorites, and how many listings it shows. */
export const shopPage: CacheKind<{ shop_id: number }> = {
  type: 'shop',
  key: ({ shop_id }) => `shop:${shop_id}`,
  ttl_s: 600,
  generation: 'pages',
  load: async ({ sql }, args) => {
    const shop = await showShop.maybe(sql, args)
    return shop && { text: `${shop.version}\n${shop.body}` }
  },
}

/** A shop's page and version out of what is kept. */
export function readShopPage({ text }: { text: string }): { body: string; version: string } {
  const [version, body] = splitLine(text)
  return { body, version }
}

/** The first line of a text, and what follows it. */
function splitLine(text: string): [string, string] {
  const end = text.indexOf('\n')
  return [text.slice(0, end), text.slice(end + 1)]
}

/** The first page of GET /v1/shops/{id}/products at its usual size. Stale: any of its listings, its name, rating or vacation. */
export const shopProducts: CacheKind<{ shop_id: number }> = {
  type: 'shop_products',
  key: ({ shop_id }) => `shop:${shop_id}:products`,
  ttl_s: 600,
  generation: 'pages',
  load: async ({ sql }, { shop_id }) => ({
    text: JSON.stringify(await listShopProducts.many(sql, { shop_id, after: null, page_size: FIRST_PAGE_SIZE })),
  }),
}
/** One more than the usual page holds, to know of a next. */
export const FIRST_PAGE_SIZE = PAGE_SIZE + 1

/** The rows of a first page out of what is kept. */
export function readFirstPage(kept: Cached<never>, page_size: number): Row[] {
  return kept === null ? [] : (JSON.parse(kept.text) as Row[]).slice(0, page_size)
}

/** The ids of the lines of a cart; everything else is read on each call. `fresh`: the page, where one statement read both. */
export const cartLines: CacheKind<{ user_id: number }, string> = {
  type: 'cart',
  key: ({ user_id }) => `cart:${user_id}`,
  ttl_s: 1800,
  generation: 'pages',
  load: async ({ sql }, { user_id }) => {
    const { lines, body } = await showCart.one(sql, { user_id, cached_lines: null })
    return { text: lines, fresh: body }
  },
}

/** The ids that GET /v1/trending ranks, by category slug. Popularity moves every 15 minutes, and only with time it gets stale. */
export const trendingIds: CacheKind<{ category: string | null }> = {
  type: 'trending',
  key: ({ category }) => `trending:${category ?? 'all'}`,
  ttl_s: 900,
  generation: 'pages',
  load: async ({ sql }, { category }) => {
    const rows = await listTrending.many(sql, { category, page_size: TRENDING_SIZE })
    return { text: JSON.stringify(rows.map((row) => row.product_id)) }
  },
}
/** Beyond that nothing is popular. */
const TRENDING_SIZE = 200

/**
 * Where the primary's log was after the last call by which somebody changed something, or later: a replica that has come so far shows them
 * what they wrote. Stale: such a call (noteLastWrite).
 */
export const lastWrite: CacheKind<{ user_id: number }> = {
  type: '',
  key: ({ user_id }) => cacheKeyOfLastWrite(user_id),
  ttl_s: 300,
  generation: 'pages',
  load: async ({ sql }) => ({ text: JSON.stringify(await showPosition.one(sql, {})) }),
}

export const cacheKeyOfLastWrite = (user_id: number) => `last_write:${user_id}`

/** A page of search results for somebody who is not signed in. Stale: any listing or shop, the vocabulary, the synonyms, the index. */
export const searchPage: CacheKind<SearchRequest> = {
  type: 'search',
  has_own_limits: true,
  key: searchKey,
  ttl_s: 120,
  generation: 'searches',
  load: async ({ sql, reads, is_lagging, search }, request) => {
    // Where Elasticsearch searches, PostgreSQL only shows what it found: that is worth keeping.
    const is_read_late = is_lagging && search.state().engine !== 'elasticsearch'
    const page = await search.search(request, is_read_late ? reads : sql)
    const ttl_s = is_read_late ? LAGGING_TTL_S : page.degraded ? STAND_IN_TTL_S : undefined
    return { text: packPage(page), ...(ttl_s && { ttl_s }) }
  },
}
/** With what a replica lags by and takes at most (replica.ts) nobody is shown what is older than 2 s. Where listings change all the time, no page is kept for longer anyway. */
const LAGGING_TTL_S = 0.4
/** What a stand-in found is kept long enough to spare it under load, and forgotten soon after the engine is back. */
const STAND_IN_TTL_S = 2

/**
 * GET /v1/search/suggest. Everybody types the same beginnings, and completing them costs PostgreSQL more than a search; what they lead
 * to may be this old, so only with time they get stale.
 */
export const suggestions: CacheKind<{ q: string; limit: number }> = {
  type: '',
  key: ({ q, limit }) => `suggestions:${limit}:${createHash('sha256').update(q).digest('hex')}`,
  ttl_s: 15,
  generation: 'pages',
  load: async ({ reads, search }, { q, limit }) => {
    const [items, places] = await Promise.all([
      search.suggest(q, limit, reads),
      suggestPlaces.one(reads, { q, page_size: MAX_PLACES }),
    ])
    const text = `{"items":${JSON.stringify(items)},"categories":${places.categories},"shops":${places.shops}}`
    // None at all may be those of a moment when there were none to be had.
    return { text, ...(items.length === 0 && { ttl_s: 0 }) }
  },
}
/** Categories, and shops; beside the queries there is no room for more. */
const MAX_PLACES = 3

/** Who is signed in with a token. Stale: the session ended. */
export const session: CacheKind<{ token_hash: Uint8Array }> = {
  type: '',
  key: ({ token_hash }) => `session:${Buffer.from(token_hash).toString('hex')}`,
  ttl_s: 300,
  generation: 'pages',
  load: async ({ sql }, { token_hash }) => {
    const found = await findSession.maybe(sql, { token_hash })
    return found && { text: String(found.user_id), ttl_s: Math.min(found.expires_in_s, 300) }
  },
}
