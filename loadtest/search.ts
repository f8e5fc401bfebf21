/** Visitors who search with facets, often with misspelled words. `bun run loadtest search` */
import { optionsFor } from './lib/profiles.ts'

export { search } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'
export const options = optionsFor({ search: 1 }, 100)
