/**
 * A place for what may be forgotten at any moment: cached answers, counters, the fast path of idempotency. Never the truth.
 * Lifetimes are in seconds; values are text. No call throws: a store that does not answer knows nothing and keeps nothing.
 */
export type KeyValue = {
  /** Whether other processes see it too. */
  shared: boolean
  get: (key: string) => Promise<string | null>
  set: (key: string, value: string, ttl_s: number) => Promise<void>
  /** Sets a key that is not there; false when it is, null when the store does not answer. */
  setIfAbsent: (key: string, value: string, ttl_s: number) => Promise<boolean | null>
  delete: (...keys: string[]) => Promise<void>
}
