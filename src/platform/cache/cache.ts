/**
 * Cache-aside for every kind of cached thing. A reader that starts after the author of a change has its confirmation never gets
 * the earlier state. A call invalidates its keys before it responds, and a load that is still running cannot fill an invalidated
 * key.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Pool } from '../db/client.ts'
import { withinDeadline } from '../db/deadline.ts'
import type { Reader } from '../db/statement.ts'
import type { LabelsOf } from '../metrics/declarations.ts'
import { createSingleFlight } from './single_flight.ts'
import type { CacheStore, Claim, Generation } from './store.ts'
import { generationsMovedBy } from './store.ts'

/**
 * Where loaders read. `sql` is the primary: a cached text must not be older than the change that made its key stale. A loader can
 * use `reads` instead. While `is_lagging` is true, it must then give its text a lifetime of at most a moment.
 */
export type LoaderContext = { sql: Pool; reads: Reader; is_lagging: boolean }

/** The result of a load. `ttl_s` overrides the kind's lifetime, and 0 stores nothing. `fresh` has further results of the load. */
export type Loaded<F> = { text: string; ttl_s?: number; fresh?: F }

export type CacheType = LabelsOf<'etsy_cache_hits_total'>['type'] | ''

/** A kind of cached thing. PostgreSQL names the keys that a change makes stale (`note_changes`). */
export type CacheKind<A, F = never> = {
  /** The label of its hits and misses in the metrics, or '' for a kind that is not counted. */
  type: CacheType
  key: (args: A) => string
  ttl_s: number
  generation: Generation
  /** Set if the load calls more than the database, and has its own deadline. */
  has_own_limits?: true
  /** Returns null for a thing that does not exist. The cache does not store that. */
  load: (context: LoaderContext, args: A) => Promise<Loaded<F> | null>
}

/** The cached or loaded text, or null for a thing that does not exist. `fresh` is set only if this call loaded the text. */
export type Cached<F> = { text: string; fresh: F | undefined } | null

export type Cache = {
  /** Returns the cached text, or the result of the kind's loader, which it then caches. */
  get: <A, F>(kind: CacheKind<A, F>, args: A, context: LoaderContext) => Promise<Cached<F>>
  /**
   * Makes keys stale, and the generations that depend on them. `*` stands for everything. Returns false if the store did not
   * confirm.
   */
  invalidate: (keys: string[]) => Promise<boolean>
  /** Makes all cached searches stale, because the search index changed. */
  invalidateSearches: () => Promise<boolean>
  /** Whether other processes use the same store. */
  shared: boolean
}

/** Counts lookups by type. A hit is a lookup that did not load. */
export type CacheCounter = { hit: (type: CacheType) => void; miss: (type: CacheType) => void }

/** A reader that finds the claim taken looks again. After five looks it assumes that the holder died, and loads too. */
const LOOK_AGAIN_MS = 50
const LOOKS = 5
/** Lifetimes vary by up to a tenth, so that entries that were loaded together do not expire together. */
const JITTER = 0.1

/** Whether cached texts can be read now, because a relay looks for changes all the time (relay.ts). */
export type IsAwake = () => true | Promise<boolean>

type Load<F> = () => Promise<Loaded<F> | null>

export function createCache(store: CacheStore, count: CacheCounter, isAwake: IsAwake = () => true): Cache {
  const singleFlight = createSingleFlight<unknown>()
  return {
    shared: store.shared,
    get: async <A, F>(kind: CacheKind<A, F>, args: A, context: LoaderContext) => {
      const key = kind.key(args)
      const at_hand = store.isTrusted() && isAwake() === true ? store.peek(key, kind.generation) : null
      if (at_hand !== null) {
        count.hit(kind.type)
        return { text: at_hand, fresh: undefined }
      }
      let has_loaded = false
      const load = () => {
        has_loaded = true
        return kind.load(context, args)
      }
      const join = kind.has_own_limits ? undefined : withinDeadline<unknown>
      const found = (await singleFlight(key, () => lookUp(store, isAwake, kind, key, load), join)) as Cached<F>
      if (has_loaded) count.miss(kind.type)
      else count.hit(kind.type)
      return found
    },
    invalidate: (keys) => {
      const generations = new Set(keys.flatMap((key) => generationsMovedBy[subjectOf(key)] ?? []))
      // New marks for all generations make `*` come true. Kept responses (kept_response_name) belong to no generation.
      return store.invalidate(
        keys.filter((key) => key !== '*'),
        [...generations],
      )
    },
    invalidateSearches: () => store.invalidate([], ['searches']),
  }
}

/**
 * One lookup:
 *
 *     read ── found ──────────────────────────────────▶ the cached text
 *      ▲ └─── missing ──▶ claim ── filled meanwhile ──▶ the cached text
 *      │                    ├───── won ───────────────▶ load, fill
 *      │                    ├───── unavailable ───────▶ load
 *      └─ taken: wait 50 ms ┘
 */
async function lookUp<F>(
  store: CacheStore,
  isAwake: IsAwake,
  { ttl_s, generation }: { ttl_s: number; generation: Generation },
  key: string,
  load: Load<F>,
): Promise<Cached<F>> {
  if (!store.isTrusted()) return asCached(await load())
  const is_awake = isAwake()
  if (is_awake !== true && !(await is_awake)) return asCached(await load())
  for (let look = 1; ; look++) {
    const text = await store.read(key, generation)
    if (text !== null) return { text, fresh: undefined }
    const claimed = await store.claim(key, generation, look > LOOKS)
    switch (claimed.state) {
      case 'filled':
        return { text: claimed.text, fresh: undefined }
      case 'won':
        return loadAndFill(store, key, claimed.claim, ttl_s, load)
      case 'unavailable':
        return asCached(await load())
      case 'taken':
        await wait(LOOK_AGAIN_MS)
    }
  }
}

/**
 * Loads under a claim. Stores the text if its lifetime is above 0. In every other case, including an error, releases the claim.
 */
async function loadAndFill<F>(
  store: CacheStore,
  key: string,
  claim: Claim,
  usual_ttl_s: number,
  load: Load<F>,
): Promise<Cached<F>> {
  let ttl_s = 0
  try {
    const loaded = await load()
    if (loaded) ttl_s = loaded.ttl_s ?? usual_ttl_s
    if (loaded && ttl_s > 0) await store.fill(key, claim, loaded.text, withJitter(ttl_s))
    return asCached(loaded)
  } finally {
    if (ttl_s === 0) await store.release(key, claim)
  }
}

function asCached<F>(loaded: Loaded<F> | null): Cached<F> {
  return loaded && { text: loaded.text, fresh: loaded.fresh }
}

/** Returns `product` for `product:17`. */
function subjectOf(key: string): string {
  return key.split(':', 1)[0] as string
}

function withJitter(ttl_s: number): number {
  return ttl_s * (1 - JITTER * Math.random())
}
