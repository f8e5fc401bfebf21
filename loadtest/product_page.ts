/** Visitors of listings; a few listings are very popular. `bun run loadtest product_page` */
import { optionsFor } from './lib/profiles.ts'

export { product_page } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'
export const options = optionsFor({ product_page: 1 }, 200)
