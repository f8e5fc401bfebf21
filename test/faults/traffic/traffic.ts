/**
 * Readers, a seller, carts, buyers and people who sign out, all at once, through every process in turn. Whoever reads knows
 * what had been answered before: no answer may be older than that.
 */
import { createRandom } from '../../../src/domains/catalog/random.ts'
import { type Listing, listItems, openStalls, type Person } from '../../support/people.ts'
import { type Answer, type Call, describe, send } from '../stage/calls.ts'
import type { Stage } from '../stage/stage.ts'
import type { Trial } from '../trial.ts'

/** What only grows, by one with each write: where the last answered write brought it, and where the last begun one will. */
export type Growing = { answered: number; begun: number }

/** How many do what, and how long each pauses between two turns. */
export type Crowd = { readers: number; reader_pause_ms: number; writer_pause_ms: number; carts: number; buyers: number }

export type Traffic = {
  stage: Stage
  /** One of each API process. */
  urls: string[]
  random: () => number
  crowd: Crowd
  /** Whose price and stock the seller sets, and that everybody looks at. */
  hot: Listing
  seller: Person
  /** What buyers buy; nobody else changes it. */
  shelf: Listing
  price: Growing
  quantity: Growing
  sold: Growing
  /** What was done, by kind. */
  counts: Map<string, number>
  /** What was not as it must be, by kind: how often, and how it was the first time. */
  wrong: Map<string, { times: number; first: string }>
  /** Durations in ms of the phase at hand. */
  reads_ms: number[]
  writes_ms: number[]
  is_running: boolean
  /** Writes of listings that are under way, and what keeps others from beginning. */
  writing: number
  held: { until: Promise<void> } | null
}

/** At the beginning; enough of everything for everybody, so that nobody holds anything. */
export const SHELF_STOCK = 1_000_000
const FIRST_STOCK = 1000
const FIRST_CENTS = 1

/** Lists what the traffic is about: before the API starts, or it loads its catalogue. */
export async function prepareTraffic(trial: Trial, stage: Stage, crowd: Crowd): Promise<Traffic> {
  const [stall] = await openStalls(stage.sql, 1)
  if (!stall) throw new Error('There is no stall.')
  const [hot, shelf] = (await listItems(stage.sql, [stall], [FIRST_STOCK, SHELF_STOCK])) as [Listing, Listing]
  await stage.sql`update products set price = ${FIRST_CENTS / 100} where id = ${hot.id}`
  return {
    stage,
    urls: [],
    random: createRandom(trial.seed),
    crowd,
    hot,
    seller: stall.seller,
    shelf,
    price: { answered: FIRST_CENTS, begun: FIRST_CENTS },
    quantity: { answered: FIRST_STOCK, begun: FIRST_STOCK },
    sold: { answered: 0, begun: 0 },
    counts: new Map(),
    wrong: new Map(),
    reads_ms: [],
    writes_ms: [],
    is_running: false,
    writing: 0,
    held: null,
  }
}

/** A call through one of the processes; its time counts, and so does a failure. */
export async function ask(traffic: Traffic, turn: number, person: Person | null, call: Call): Promise<Answer | null> {
  const began = performance.now()
  const answer = await send(urlOf(traffic, turn), person, call)
  const times_ms = call.method === 'GET' ? traffic.reads_ms : traffic.writes_ms
  times_ms.push(performance.now() - began)
  if (!answer || answer.status >= 500) noteWrong(traffic, `${call.method} fails`, `${call.path} answers ${describe(answer)}`)
  return answer
}

function urlOf({ urls }: Traffic, turn: number): string {
  return urls[turn % urls.length] as string
}

export function noteWrong({ wrong }: Traffic, kind: string, first: string): void {
  const known = wrong.get(kind)
  if (known) known.times++
  else wrong.set(kind, { times: 1, first })
}

export function noteDone({ counts }: Traffic, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1)
}

/** Says once of each kind what was wrong. */
export function contradictWrong(trial: Trial, { wrong }: Traffic, when: string): void {
  for (const [kind, { times, first }] of wrong) trial.contradict(`${when}: ${kind}, ${times} times, first: ${first}`)
}

/** Runs a write of a listing, unless writes are held: then afterwards. */
export async function write(traffic: Traffic, run: () => Promise<void>): Promise<void> {
  while (traffic.held) await traffic.held.until
  traffic.writing++
  await run()
  traffic.writing--
}

/** Runs something while no listing changes. */
export async function withoutWrites<T>(traffic: Traffic, run: () => Promise<T>): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<void>()
  traffic.held = { until: promise }
  try {
    while (traffic.writing > 0) await Bun.sleep(1)
    return await run()
  } finally {
    traffic.held = null
    resolve()
  }
}
