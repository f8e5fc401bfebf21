import { versionedTag } from '../../http/respond.ts'
import type { CacheKind } from '../../platform/cache/cache.ts'
import { splitFirstLine } from '../../platform/cache/first_line.ts'
import { showProduct } from './statements.ts'

/**
 * GET /v1/products/{id}, after one line with its top-level category and one with its ETag without quotes. Stale after a change of
 * the listing, its stock or its favorites, or of its shop's name, rating or vacation.
 */
export const productPage: CacheKind<{ product_id: number }> = {
  type: 'product',
  key: ({ product_id }) => `product:${product_id}`,
  ttl_s: 300,
  generation: 'pages',
  load: async ({ sql }, args) => {
    const product = await showProduct.maybe(sql, args)
    return product && { text: `${product.category ?? 'none'}\n${versionedTag(product)}\n${product.body}` }
  },
}

/** Returns the page of a product with its ETag from the cached text, and the category under which its views are counted. */
export function readProductPage({ text }: { text: string }): { body: string; etag: string; category: string } {
  const [category, rest] = splitFirstLine(text)
  const [etag, body] = splitFirstLine(rest)
  return { body, etag, category }
}
