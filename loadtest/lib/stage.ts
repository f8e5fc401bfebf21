/**
 * The data of a load: signed-in users, and listings to view and to buy. `bun run loadtest` prepares it in a file, and STAGE names
 * the file (loadtest/runner/stage.ts writes it). All virtual users share it. Without STAGE, setup makes a small one (set_up.ts).
 */

import { SharedArray } from 'k6/data'
import exec from 'k6/execution'

/** A listing with stock for every buyer: with its variants, if it has some, and whether it takes a text to put on the item. */
export type Good = { id: number; shop_id: number; variants: number[]; takes_text: boolean }
/** A seller with listings. */
export type Seller = { token: string; shop_id: number; product_ids: number[] }
/** One basket of a real shop: the popularity rank and the quantity of each item. */
export type Basket = { rank: number; quantity: number }[]
/** An item with fewer units than buyers. */
export type Rarity = { id: number; quantity: number }

export type Stage = {
  /** Tokens. */
  people: readonly string[]
  /** Tokens of the crowd in front of a flash sale, each used once. */
  crowd: readonly string[]
  sellers: readonly Seller[]
  goods: readonly Good[]
  /** Ids of listings to view, most popular first. */
  listings: readonly number[]
  shops: readonly number[]
  /** Slugs. */
  categories: readonly string[]
  /** Queries, some of them misspelled, most frequent first. */
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

/** True if STAGE is set. Then setup makes no data. */
export const is_prepared = prepared !== null
/** The number of buyers of a flash sale. CROWD sets it if setup registers them. */
export const crowd_size = prepared ? prepared.crowd.length : Number(CROWD ?? 200)

/** Returns the stage of STAGE, or the one of setup. */
export function stageOf(made: Stage | null): Stage {
  const stage = prepared ?? made
  if (!stage) throw new Error('There is no stage: the suite has to export setup.')
  return stage
}

/** Returns the token of this virtual user. */
export function me(people: readonly string[]): string {
  return people[exec.vu.idInTest % people.length] as string
}

/** Returns a random entry, all equally likely. */
export function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T
}

/**
 * Returns a random entry by Zipf's law: the second half as often as the first, the third a third as often. Views of a real shop
 * have this distribution.
 */
export function pickByRank<T>(list: readonly T[]): T {
  return list[Math.floor(list.length ** Math.random()) - 1] as T
}
