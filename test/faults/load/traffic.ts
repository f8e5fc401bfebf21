/**
 * Readers, a seller, carts, buyers and sign-outs, all at once, through every process in turn. A reader notes the last confirmed
 * write before its read: the response must not be older.
 */
import { createRandom } from '../../../src/domains/catalog/random.ts'
import { type Listing, listItems, openShops, type Person, type Shop } from '../../support/people.ts'
import type { Run } from '../scenario.ts'
import type { Servers } from '../servers/servers.ts'
import { type ApiResponse, type Call, describe, send } from './calls.ts'

/** A value that each write raises by one: the value after the last confirmed write, and the value after the last begun one. */
export type Growing = { confirmed: number; begun: number }

/** The numbers of people by role, and the pauses between two turns. */
export type Users = { readers: number; reader_pause_ms: number; writer_pause_ms: number; carts: number; buyers: number }

export type Traffic = {
  servers: Servers
  /** One URL for each API process. */
  urls: string[]
  random: () => number
  users: Users
  /** The listing whose price and stock the seller sets. Readers and carts use it. */
  hot: Listing
  seller: Person
  /** The listing that buyers buy. No other role changes it. */
  shelf: Listing
  price: Growing
  quantity: Growing
  sold: Growing
  /** The number of finished turns by kind. */
  counts: Map<string, number>
  /** The violations by kind: their number, and a description of the first one. */
  wrong: Map<string, { times: number; first: string }>
  /** Durations in ms of the calls in the current phase. */
  reads_ms: number[]
  writes_ms: number[]
  /** The number of writes of listings in progress. While `held` is set, no write begins. */
  writing: number
  held: Promise<void> | null
}

/** The values at the start. Stock above 1 means that no cart holds a unit. */
export const SHELF_STOCK = 1_000_000
const FIRST_STOCK = 1000
const FIRST_CENTS = 1

/** Lists the products of the traffic. Call it before the API starts, because on an empty database the API loads its catalog. */
export async function prepareTraffic(run: Run, servers: Servers, users: Users): Promise<Traffic> {
  const [shop] = (await openShops(servers.sql, 1)) as [Shop]
  const [hot, shelf] = (await listItems(servers.sql, [shop], [FIRST_STOCK, SHELF_STOCK])) as [Listing, Listing]
  await servers.sql`update products set price = ${FIRST_CENTS / 100} where id = ${hot.id}`
  return {
    servers,
    urls: [],
    random: createRandom(run.seed),
    users,
    hot,
    seller: shop.seller,
    shelf,
    price: { confirmed: FIRST_CENTS, begun: FIRST_CENTS },
    quantity: { confirmed: FIRST_STOCK, begun: FIRST_STOCK },
    sold: { confirmed: 0, begun: 0 },
    counts: new Map(),
    wrong: new Map(),
    reads_ms: [],
    writes_ms: [],
    writing: 0,
    held: null,
  }
}

/** Sends a call through one of the processes. Notes its time, and a failure as a violation. */
export async function ask(traffic: Traffic, turn: number, person: Person | null, call: Call): Promise<ApiResponse | null> {
  const began = performance.now()
  const response = await send(traffic.urls[turn % traffic.urls.length] as string, person, call)
  const times_ms = call.method === 'GET' ? traffic.reads_ms : traffic.writes_ms
  times_ms.push(performance.now() - began)
  if (!response || response.status >= 500)
    noteWrong(traffic, `${call.method} fails`, `${call.path} returned ${describe(response)}`)
  return response
}

export function noteWrong({ wrong }: Traffic, kind: string, first: string): void {
  const known = wrong.get(kind)
  if (known) known.times++
  else wrong.set(kind, { times: 1, first })
}

export function noteDone({ counts }: Traffic, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1)
}

/** Reports each kind of violation once. */
export function reportViolations(run: Run, { wrong }: Traffic, when: string): void {
  for (const [kind, { times, first }] of wrong) run.fail(`${when}: ${kind}, ${times} times, first: ${first}`)
}

/** Runs a write of a listing. While writes are held, it waits first. */
export async function write(traffic: Traffic, run: () => Promise<void>): Promise<void> {
  while (traffic.held !== null) await traffic.held
  traffic.writing++
  await run()
  traffic.writing--
}

/** Holds new writes, waits for those in progress, then calls `run` while no listing changes. */
export async function withoutWrites<T>(traffic: Traffic, run: () => Promise<T>): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<void>()
  traffic.held = promise
  try {
    while (traffic.writing > 0) await Bun.sleep(1)
    return await run()
  } finally {
    traffic.held = null
    resolve()
  }
}
