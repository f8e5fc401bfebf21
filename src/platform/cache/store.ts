/**
 * Where cached things are kept: in Redis, where all processes see them, or in this process. Nothing here is ever the truth.
 *
 * An entry belongs to a generation: it is found only while the generation has the mark that it had when the entry was loaded.
 * So everything of a generation goes stale in one step, however much it is. `pages` is moved when it cannot be said what is
 * stale; `searches` with every change of a listing.
 */
export type Generation = 'pages' | 'searches'
export const GENERATIONS: readonly Generation[] = ['pages', 'searches']

/**
 * The right to fill one key: the mark of its generation before the load began, and whether the right was won. `text`: what
 * somebody has filled in since one looked; then there is nothing to load.
 */
export type Claim = { token: string; mark: string; won: boolean; text: string | null }

/** What a beat of `processes` answered, what it said about this process, and when it was asked, by performance.now(). */
export type Heard = { others: number; others_unheard: number; is_unheard: boolean; asked_at_ms: number }

/** No call throws. What a store that does not answer says is named at each. Lifetimes are in seconds. */
export type CacheStore = {
  /** Whether other processes see it too. */
  shared: boolean
  /** False while what is kept may be older than what somebody has been answered. */
  isTrusted: () => boolean
  /** Whether others may have missed what this process made stale. */
  isUnheard: () => boolean
  /** Called at each beat of keepCompany. Nothing that is kept counts for long without one, or beside processes that are not heard. */
  heed: (heard: Heard) => void
  /** The text of a key; null when there is none, or no answer. */
  read: (key: string, generation: Generation) => Promise<string | null>
  /**
   * Asks for the right to fill a key: `lock:<key>`, for 5 s. `seize` shares it with whoever has it, dead or slow: the first of
   * them fills, so that a load slower than others' patience is kept all the same. Null: no answer.
   */
  claim: (key: string, generation: Generation, seize: boolean) => Promise<Claim | null>
  /**
   * Keeps a text if the claim still stands: nobody has forgotten the key since. With the mark of the claim, so that it is never
   * found if the generation has moved meanwhile. Ends the claim.
   */
  fill: (key: string, claim: Claim, text: string, ttl_s: number) => Promise<void>
  /** Ends a claim without a text; somebody else's stays. */
  release: (key: string, claim: Claim) => Promise<void>
  /**
   * Forgets keys and whoever is about to fill them, and moves generations. Where the store does not hear, this takes until that
   * has been made good, or until no process uses what is kept (then it answers false): at most about 1.5 s, once an outage.
   */
  forget: (keys: string[], generations: readonly Generation[]) => Promise<boolean>
  close: () => Promise<void>
}

/** A claim ends by itself after this: its holder has died, or is slower than all that wait. */
export const LOCK_TTL_S = 5

/** Beats come every 0.4 s. What a process hears in one counts for so long, from when it asked. */
export const BEAT_COUNTS_FOR_MS = 1200
/** So long after a process has said something in a beat, every other one knows it, or goes by no beat any more. */
export const NOTICED_AFTER_MS = BEAT_COUNTS_FOR_MS + 100

export const lockOf = (key: string) => `lock:${key}`
export const newMark = () => crypto.randomUUID()
