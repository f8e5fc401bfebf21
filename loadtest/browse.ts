/** Visitors who browse categories, their listings and shops. `bun run loadtest browse` */
import { optionsFor } from './lib/profiles.ts'

export { browse } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'
export const options = optionsFor({ browse: 1 }, 100)
