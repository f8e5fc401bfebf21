/** People who search, in words that are often misspelt, with facets. `bun run loadtest search` */
import { optionsFor } from './lib/profiles.ts'

export { search } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'
export const options = optionsFor({ search: 1 }, 100)
