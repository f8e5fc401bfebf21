/**
 * Cache-aside, once for all kinds of cached things. A reader that begins after a change was answered never gets what was
 * before it: whoever changes something forgets its keys before answering, and forgetting also takes the right to fill them
 * from whoever is still loading.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { SearchEngines } from '../../domains/search/backend.ts'
import type { Pool } from '../db/client.ts'
import { withinPatience } from '../db/patience.ts'
import type { Reader } from '../db/statement.ts'
import type { LabelsOf } from '../metrics/declarations.ts'
import { openSharing } from './share.ts'
import type { CacheStore, Claim, Generation } from './store.ts'

/** Where loaders read: the primary, since what is kept must not be older than what made it stale; `reads` may, if it `is_lagging`: then keep what it says for moments only. */
export type Sources = { sql: Pool; reads: Reader; is_lagging: boolean; search: SearchEngines }

/** What a load answers. `ttl_s` where it is shorter than that of its kind, 0 to keep nothing; `fresh`: what the load alone knows beside the text. */
export type Loaded<F> = { text: string; ttl_s?: number; fresh?: F }

export type CacheType = LabelsOf<'etsy_cache_hits_total'>['type'] | ''

/** One kind of cached things. What makes it stale are the keys that note_changes names for it in PostgreSQL. */
export type CacheKind<A, F = never> = {
  /** The label of its hits and misses; '' where they are not counted. */
  type: CacheType
  key: (args: A) => string
  ttl_s: number
  generation: Generation
  /** What it loads from is not the database alone, and bounds its own time. */
  has_own_limits?: true
  /** Null for what is not there: that is not kept. */
  load: (sources: Sources, args: A) => Promise<Loaded<F> | null>
}

/** `text` is what was kept or loaded; null when there is no such thing. `fresh` only where it was just loaded. */
export type Cached<F> = { text: string; fresh: F | undefined } | null

export type Cache = {
  /** The cached text, or what the kind's loader answers, then kept for others. */
  get: <A, F>(kind: CacheKind<A, F>, args: A, sources: Sources) => Promise<Cached<F>>
  /** Makes keys stale, `*` all of them; false when the store may not have heard. Every key of a listing or a shop, and `searches`, makes the searches stale. */
  forget: (keys: string[]) => Promise<boolean>
  /** Makes all cached searches stale: the index shows another state now. */
  forgetSearches: () => Promise<boolean>
  /** Whether processes share it. */
  shared: boolean
}

/** Counts by type; `hit` when no database was asked. */
export type CacheCounter = { hit: (type: CacheType) => void; miss: (type: CacheType) => void }

/** Who lost the right to load waits and looks again; after five looks its holder is taken for dead, and one loads as well. */
const LOOK_AGAIN_MS = 50
const LOOKS = 5
/** Lifetimes differ by up to a tenth, so that what was loaded together does not lapse together. */
const JITTER = 0.1

export function openCache(store: CacheStore, count: CacheCounter): Cache {
  const share = openSharing<unknown>()

  const lookUp = async <F>(
    { ttl_s, generation }: { ttl_s: number; generation: Generation },
    key: string,
    load: () => Promise<Loaded<F> | null>,
  ): Promise<Cached<F>> => {
    if (!store.isTrusted()) return direct(await load())
    for (let look = 1; ; look++) {
      const text = await store.read(key, generation)
      if (text !== null) return { text, fresh: undefined }
      const claim = await store.claim(key, generation, look > LOOKS)
      if (!claim) return direct(await load())
      if (claim.won && claim.text === null) return fill(ttl_s, key, claim, load)
      if (claim.won) await store.release(key, claim)
      if (claim.text !== null) return { text: claim.text, fresh: undefined }
      await wait(LOOK_AGAIN_MS)
    }
  }

  const fill = async <F>(
    usual_ttl_s: number,
    key: string,
    claim: Claim,
    load: () => Promise<Loaded<F> | null>,
  ): Promise<Cached<F>> => {
    let ttl_s = 0
    try {
      const loaded = await load()
      if (loaded) ttl_s = loaded.ttl_s ?? usual_ttl_s
      if (loaded && ttl_s > 0) await store.fill(key, claim, loaded.text, withJitter(ttl_s))
      return direct(loaded)
    } finally {
      if (ttl_s === 0) await store.release(key, claim)
    }
  }

  return {
    shared: store.shared,
    get: async <A, F>(kind: CacheKind<A, F>, args: A, sources: Sources) => {
      const key = kind.key(args)
      let has_loaded = false
      const load = () => {
        has_loaded = true
        return kind.load(sources, args)
      }
      const join = kind.has_own_limits ? undefined : withinPatience<unknown>
      const found = (await share(key, () => lookUp(kind, key, load), join)) as Cached<F>
      if (has_loaded) count.miss(kind.type)
      else count.hit(kind.type)
      return found
    },
    forget: (keys) => {
      const everything = keys.includes('*')
      const searched = keys.some((key) => /^(product:|shop:|searches$)/.test(key))
      return store.forget(everything ? [] : keys, everything ? ['pages', 'searches'] : searched ? ['searches'] : [])
    },
    forgetSearches: () => store.forget([], ['searches']),
  }
}

function direct<F>(loaded: Loaded<F> | null): Cached<F> {
  return loaded && { text: loaded.text, fresh: loaded.fresh }
}

function withJitter(ttl_s: number): number {
  return ttl_s * (1 - JITTER * Math.random())
}
