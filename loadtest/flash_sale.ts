/**
 * One item, ten of it, and thousands who want it within seconds, while the shop goes on as on any day. `bun run loadtest flash_sale`.
 * CROWD_RATE buyers a second arrive until the whole crowd has come.
 */
import type { Options, Scenario } from 'k6/options'
import type { Scene } from './lib/call.ts'
import { constant, HEALTHY, KEPT, keepCallsApart } from './lib/profiles.ts'
import { crowd_size } from './lib/stage.ts'

export { browse, cart, checkout, flash_sale, product_page, search } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'

const CROWD_RATE = Number(__ENV.CROWD_RATE ?? 250)
/** Visits a second of everybody else. */
const RATE = Number(__ENV.RATE ?? 40)
const ORDINARY: Partial<Record<Scene, number>> = { product_page: 0.42, search: 0.25, browse: 0.2, cart: 0.1, checkout: 0.03 }
const CALM_S = 30
const rush_s = Math.ceil(crowd_size / CROWD_RATE)

function ordinary(phase: string, duration_s: number, start_s: number): [string, Scenario][] {
  return Object.entries(ORDINARY).map(([scene, share]) => [
    `${scene}_${phase}`,
    { ...constant(scene, RATE * share, duration_s, start_s), tags: { phase } },
  ])
}

const rush = {
  ...constant('flash_sale', CROWD_RATE, rush_s, CALM_S),
  preAllocatedVUs: 1000,
  maxVUs: 2000,
  tags: { phase: 'crowd' },
} as Scenario

export const options: Options = {
  scenarios: { ...Object.fromEntries([...ordinary('before', CALM_S, 0), ...ordinary('during', rush_s, CALM_S)]), rush },
  thresholds: {
    ...keepCallsApart(['flash_sale', ...(Object.keys(ORDINARY) as Scene[])]),
    ...HEALTHY,
    // Kept apart for the report: what the rest of the shop notices.
    'http_req_duration{phase:before}': [],
    'http_req_duration{phase:during}': [],
    'http_req_duration{phase:crowd}': [],
    flash_sale_sold: ['count>0'],
    flash_sale_answered: ['count>0'],
  },
  ...KEPT,
}
