/** Sellers who change prices and view their shop. `bun run loadtest seller` */
import { optionsFor } from './lib/profiles.ts'

export { seller } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'
export const options = optionsFor({ seller: 1 }, 20)
