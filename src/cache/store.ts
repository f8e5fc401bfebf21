/**
 * Where cached things are kept: in Redis, where all processes see them, or in this process. Nothing here is ever the truth.
 *
 * An entry belongs to a generation: it is found only while the generation has the mark that it had when the entry was loaded.
 * So everything of a generation goes stale in one step, however much it is. `pages` is moved when it cannot be said what is
 * stale; `searches` with every change of a listing.
 */
export type Generation = 'pages' | 'searches'
export const GENERATIONS: readonly Generation[] = ['pages', 'searches']

/** The right to fill one key: the mark of its generation before the load began, and whether the right was won. */
export type Claim = { token: string; mark: string; won: boolean }

/** No call throws. What a store that does not answer says is named at each. Lifetimes are in seconds. */
export type CacheStore = {
  /** Whether other processes see it too. */
  shared: boolean
  /** False while what is kept may be older than what somebody has been answered. */
  isTrusted: () => boolean
  /** The text of a key; null when there is none, or no answer. */
  read: (key: string, generation: Generation) => Promise<string | null>
  /** Asks for the right to fill a key: `lock:<key>`, for 5 s. `seize` takes it from whoever has it. Null: no answer. */
  claim: (key: string, generation: Generation, seize: boolean) => Promise<Claim | null>
  /**
   * Keeps a text if the claim still stands: nobody has forgotten the key since. With the mark of the claim, so that it is never
   * found if the generation has moved meanwhile. Ends the claim.
   */
  fill: (key: string, claim: Claim, text: string, ttl_s: number) => Promise<void>
  /** Ends a claim without a text; somebody else's stays. */
  release: (key: string, claim: Claim) => Promise<void>
  /** Forgets keys and whoever is about to fill them, and moves generations. False when the store may not have heard. */
  forget: (keys: string[], generations: readonly Generation[]) => Promise<boolean>
  close: () => Promise<void>
}

/** A claim ends by itself after this: its holder has died, or is slower than all that wait. */
export const LOCK_TTL_S = 5

export const lockOf = (key: string) => `lock:${key}`
export const newMark = () => crypto.randomUUID()
