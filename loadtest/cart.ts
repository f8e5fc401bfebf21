/** Carts that are filled and emptied again. `bun run loadtest cart` */
import { optionsFor } from './lib/profiles.ts'

export { cart } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'
export const options = optionsFor({ cart: 1 }, 50)
