/**
 * What a load plays on: people who are signed in, what there is to look at and to buy. `bun run loadtest` prepares it and names the
 * file in STAGE (loadtest/runner/stage.ts writes it), kept once for all virtual users. Without STAGE, setup makes a small one (set_up.ts).
 */

import { SharedArray } from 'k6/data'
import exec from 'k6/execution'

/** A listing with stock for every buyer. */
export type Good = { id: number; shop_id: number }
/** Somebody who owns listings and may change them. */
export type Seller = { token: string; shop_id: number; product_ids: number[] }
/** What one customer of a real shop bought at once: the rank of each item in popularity, and how many. */
export type Basket = { rank: number; quantity: number }[]
/** One item, fewer of it than want it. */
export type Rarity = { id: number; quantity: number }

export type Stage = {
  /** Tokens. */
  people: readonly string[]
  /** Tokens of the crowd in front of a flash sale, each used once. */
  crowd: readonly string[]
  sellers: readonly Seller[]
  goods: readonly Good[]
  /** Ids of listings to look at, the most popular first. */
  listings: readonly number[]
  shops: readonly number[]
  /** Slugs. */
  categories: readonly string[]
  /** What people search for, some of it misspelt, the most frequent first. */
  queries: readonly string[]
  baskets: readonly Basket[]
  rarities: readonly Rarity[]
}

const { STAGE, CROWD } = __ENV
const read = <T>(part: keyof Stage) => new SharedArray<T>(part, () => JSON.parse(open(STAGE ?? ''))[part] as T[])

const prepared: Stage | null = STAGE
  ? {
      people: read('people'),
      crowd: read('crowd'),
      sellers: read('sellers'),
      goods: read('goods'),
      listings: read('listings'),
      shops: read('shops'),
      categories: read('categories'),
      queries: read('queries'),
      baskets: read('baskets'),
      rarities: read('rarities'),
    }
  : null

/** Whether STAGE names a stage, so that setup has nothing to make. */
export const is_prepared = prepared !== null
/** How many want the one item of a flash sale. CROWD says it where setup makes them. */
export const crowd_size = prepared ? prepared.crowd.length : Number(CROWD ?? 200)

/** The stage of STAGE, or the one that setup made. */
export function stageOf(made: Stage | null): Stage {
  const stage = prepared ?? made
  if (!stage) throw new Error('There is no stage: the suite has to export setup.')
  return stage
}

/** Whoever this virtual user is. */
export function me(people: readonly string[]): string {
  return people[exec.vu.idInTest % people.length] as string
}

/** One of them, all equally likely. */
export function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T
}

/**
 * One of them by Zipf's law: the second half as often as the first, the third a third as often. So views are spread over the listings of a shop
 * (docs/PERFORMANCE.md counts those of the shipped baskets).
 */
export function pickByRank<T>(list: readonly T[]): T {
  return list[Math.floor(list.length ** Math.random()) - 1] as T
}
