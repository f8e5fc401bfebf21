/** Visitors who add an item to the cart and remove it. `bun run loadtest cart` */
import { optionsFor } from './lib/profiles.ts'

export { cart } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'
export const options = optionsFor({ cart: 1 }, 50)
