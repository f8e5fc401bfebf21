/** Purchases from several shops, with the carts of real customers. `bun run loadtest checkout` */
import { optionsFor } from './lib/profiles.ts'

export { checkout } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'
export const options = optionsFor({ checkout: 1 }, 50)
