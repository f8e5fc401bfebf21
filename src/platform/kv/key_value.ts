/**
 * A store for values that can be lost at any moment: counters, the fast path of idempotency. It is never the only copy of a fact.
 * Lifetimes are in seconds, values are text. No method throws: a store that does not respond returns nothing and stores nothing.
 */
export type KeyValue = {
  /** Whether other processes see the same values. */
  shared: boolean
  get: (key: string) => Promise<string | null>
  /** Sets a key unless it exists. Returns false if it exists, null if the store does not respond. */
  setIfAbsent: (key: string, value: string, ttl_s: number) => Promise<boolean | null>
  /** Gives a key another value if the key exists. */
  replace: (key: string, value: string, ttl_s: number) => Promise<void>
  delete: (...keys: string[]) => Promise<void>
}
