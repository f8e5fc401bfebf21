/**
 * Stores for cached texts: Redis, which all processes share, or the memory of this process. No store holds the truth.
 *
 * An entry belongs to a generation. It is found only while the generation has the mark that it had when the entry was loaded.
 * A new mark makes every entry of the generation stale in one step. `pages` gets a new mark when the stale keys are unknown,
 * `searches` with every change of a listing.
 */
export type Generation = 'pages' | 'searches'
export const GENERATIONS: readonly Generation[] = ['pages', 'searches']

/**
 * The generations that a stale key moves, by the part of the key before its colon. Other keys move none.
 * A page of search results shows listings and shops, so a change of either makes all pages of results stale.
 */
export const generationsMovedBy: Readonly<Record<string, readonly Generation[]>> = {
  '*': GENERATIONS,
  product: ['searches'],
  shop: ['searches'],
  searches: ['searches'],
}

/** The right to fill one key. `mark` is the mark of the key's generation before the load began. */
export type Claim = { token: string; mark: string }

/** The result of a claim. */
export type Claimed =
  /** The caller loads the text, then calls `fill` or `release`. */
  | { state: 'won'; claim: Claim }
  /** Another reader filled the key after the caller's `read`. */
  | { state: 'filled'; text: string }
  /** Another reader holds the claim. */
  | { state: 'taken' }
  /** The store does not respond. */
  | { state: 'unavailable' }

/**
 * The result of one heartbeat: the number of other processes, how many of them may have lost invalidations, whether this process
 * reported the same about itself, and the time of the request by performance.now().
 */
export type Heartbeat = { others: number; others_not_invalidating: number; has_lost_invalidations: boolean; asked_at_ms: number }

/** No method throws. Each documents its result while the store does not respond. Lifetimes are in seconds. */
export type CacheStore = {
  /** Whether other processes use the same store. */
  shared: boolean
  /** False while an entry can be older than a response that a client has already received. */
  isTrusted: () => boolean
  /** Whether other processes can have missed an invalidation by this process. */
  hasLostInvalidations: () => boolean
  /** Takes the result of each heartbeat (heartbeat.ts). Entries count for 1.2 s after the last one. */
  onHeartbeat: (heartbeat: Heartbeat) => void
  /** Returns the text of a key if this process has it in memory, or null. It does not wait. */
  peek: (key: string, generation: Generation) => string | null
  /** Returns the text of a key, or null if there is no text or no response. */
  read: (key: string, generation: Generation) => Promise<string | null>
  /**
   * Claims the right to fill a key, for 5 s. With `seize` the caller shares a claim that another reader holds. The first of the
   * two to finish fills the key, so a load that is slower than the readers wait is still stored.
   */
  claim: (key: string, generation: Generation, seize: boolean) => Promise<Claimed>
  /** Stores a text and ends the claim. Does nothing if the key was invalidated since the claim. */
  fill: (key: string, claim: Claim, text: string, ttl_s: number) => Promise<void>
  /** Ends a claim without a text. A claim of another reader stays. */
  release: (key: string, claim: Claim) => Promise<void>
  /**
   * Deletes keys and the claims on them, and gives generations new marks. While the store does not respond, this waits until the
   * marks are new (true), or until no process uses the entries (false). That takes at most about 1.5 s, once per outage.
   */
  invalidate: (keys: string[], generations: readonly Generation[]) => Promise<boolean>
  close: () => Promise<void>
}

/** A claim ends by itself after this time. Then its holder died, or is slower than every reader waits. */
export const LOCK_TTL_S = 5

/** A process sends a heartbeat every 0.5 s. The result counts for this long, from the time of the request. */
export const HEARTBEAT_COUNTS_FOR_MS = 1200
/** After this time every other process has seen the heartbeat, or trusts no heartbeat any more. */
export const NOTICED_AFTER_MS = HEARTBEAT_COUNTS_FOR_MS + 100

export const lockOf = (key: string) => `lock:${key}`
export const newMark = () => crypto.randomUUID()
