/**
 * Ten units of one item, and thousands of buyers within seconds, beside ordinary traffic. `bun run loadtest flash_sale`.
 * CROWD_RATE buyers arrive each second until all have come.
 */
import type { Options, Scenario } from 'k6/options'
import type { Scene } from './lib/call.ts'
import { constant, HEALTHY, KEPT, keepCallsApart } from './lib/profiles.ts'
import { crowd_size } from './lib/stage.ts'

export { browse, cart, checkout, flash_sale, product_page, search } from './lib/scenes.ts'
export { setup, teardown } from './lib/set_up.ts'

const CROWD_RATE = Number(__ENV.CROWD_RATE ?? 250)
/** Visits a second of the ordinary traffic. */
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
    // Separate figures for the ordinary traffic.
    'http_req_duration{phase:before}': [],
    'http_req_duration{phase:during}': [],
    'http_req_duration{phase:crowd}': [],
    flash_sale_sold: ['count>0'],
    flash_sale_answered: ['count>0'],
  },
  ...KEPT,
}
