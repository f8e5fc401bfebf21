/**
 * A shop on an ordinary day. `bun run loadtest` and `bun run loadtest mix`. By trade surveys of online shops, two or three of a
 * hundred visits are purchases, and eight to ten fill a cart. The split of the rest is an estimate.
 */
import { optionsFor } from './lib/profiles.ts'

export { browse, cart, checkout, product_page, search, seller } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'
export const options = optionsFor({ product_page: 0.4, search: 0.25, browse: 0.2, cart: 0.1, checkout: 0.03, seller: 0.02 }, 100)
