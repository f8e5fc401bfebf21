import { PAGE_SIZE, type Row } from '../../http/pagination.ts'
import type { Cached, CacheKind } from '../../platform/cache/cache.ts'
import { splitFirstLine } from '../../platform/cache/first_line.ts'
import { listShopProducts, showShop } from './statements.ts'

/**
 * GET /v1/shops/{id}, after one line with its version. Stale after a change of the shop, its sales, reviews or favorites, or of
 * the number of its listings.
 */
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

/** The page and version of a shop in its cached text. */
export function readShopPage({ text }: { text: string }): { body: string; version: string } {
  const [version, body] = splitFirstLine(text)
  return { body, version }
}

/**
 * The first page of GET /v1/shops/{id}/products at its default size. Stale after a change of any of its listings, or of the
 * shop's name, rating or vacation.
 */
export const shopProducts: CacheKind<{ shop_id: number }> = {
  type: 'shop_products',
  key: ({ shop_id }) => `shop:${shop_id}:products`,
  ttl_s: 600,
  generation: 'pages',
  load: async ({ sql }, { shop_id }) => ({
    text: JSON.stringify(await listShopProducts.many(sql, { shop_id, after: null, page_size: FIRST_PAGE_SIZE })),
  }),
}
/** One row more than the default page holds, which shows whether there is a next page. */
export const FIRST_PAGE_SIZE = PAGE_SIZE + 1

/** The rows of a first page in its cached text. */
export function readFirstPage(cached: Cached<never>, page_size: number): Row[] {
  return cached === null ? [] : (JSON.parse(cached.text) as Row[]).slice(0, page_size)
}
