/**
 * What a load plays on: people who are signed in, what there is to look at and to buy. `bun run loadtest` prepares it and says where
 * in STAGE; src/loadtest/stage.ts is its other end. Kept once for all virtual users.
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

const read = <T>(part: string): readonly T[] => new SharedArray<T>(part, () => JSON.parse(open(__ENV.STAGE ?? ''))[part] as T[])

/** Tokens. */
export const people = read<string>('people')
/** Tokens of the crowd in front of a flash sale, each used once. */
export const crowd = read<string>('crowd')
export const sellers = read<Seller>('sellers')
export const goods = read<Good>('goods')
/** Ids of listings to look at, the most popular first. */
export const listings = read<number>('listings')
export const shops = read<number>('shops')
/** Slugs. */
export const categories = read<string>('categories')
/** What people search for, some of it misspelt, the most frequent first. */
export const queries = read<string>('queries')
export const baskets = read<Basket>('baskets')
export const rarities = read<Rarity>('rarities')

/** Whoever this virtual user is. */
export function me(): string {
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
