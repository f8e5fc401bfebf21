import type { CacheKind } from '../../platform/cache/cache.ts'
import { showCart } from './statements.ts'

/** The ids of the lines of a cart; everything else is read on each call. `fresh` is the page, where one statement read both. */
export const cartLines: CacheKind<{ user_id: number }, string> = {
  type: 'cart',
  key: ({ user_id }) => `cart:${user_id}`,
  ttl_s: 1800,
  generation: 'pages',
  load: async ({ sql }, { user_id }) => {
    const { lines, body } = await showCart.one(sql, { user_id, cached_lines: null, country: null })
    return { text: lines, fresh: body }
  },
}
