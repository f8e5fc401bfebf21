import { LRUCache } from 'lru-cache'
import { type CacheStore, type Claim, GENERATIONS, type Generation, LOCK_TTL_S, newMark } from './store.ts'

/** Beats of `processes` say whether it is alone; see keepCompany. */
export type OwnStore = CacheStore & {
  /** Called at each beat: entries count while this process is known to be alone, and are gone after it was not. */
  setAlone: (is_alone: boolean) => void
}

const MAX_BYTES = 64 * 1024 * 1024
/** Beats come every 0.4 s. Longer without one, and another process may have begun to serve: it waits 1.3 s before it does. */
const BEAT_COUNTS_FOR_MS = 1200

/** A cache of this process's own, bounded in bytes. Right only while no other process serves: it is asked before each use. */
export function openInProcessStore({ max_bytes = MAX_BYTES, beat_counts_for_ms = BEAT_COUNTS_FOR_MS } = {}): OwnStore {
  const entries = new LRUCache<string, { mark: string; text: string }>({
    maxSize: max_bytes,
    sizeCalculation: ({ text }, key) => 2 * (text.length + key.length) + 128,
  })
  const locks = new LRUCache<string, string>({ max: 10_000, ttl: LOCK_TTL_S * 1000 })
  const marks = Object.fromEntries(GENERATIONS.map((name) => [name, newMark()])) as Record<Generation, string>
  let alone_until_ms = 0
  const setAlone = (is_alone: boolean) => {
    // What others did since the last beat that counted, nobody has told.
    if (!is_alone || performance.now() > alone_until_ms) {
      entries.clear()
      locks.clear()
    }
    alone_until_ms = is_alone ? performance.now() + beat_counts_for_ms : 0
  }
  const holds = (key: string, claim: Claim) => locks.get(key) === claim.token
  return {
    shared: false,
    setAlone,
    isTrusted: () => performance.now() < alone_until_ms,
    read: async (key, generation) => {
      const entry = entries.get(key)
      return entry && entry.mark === marks[generation] ? entry.text : null
    },
    claim: async (key, generation, seize) => {
      const claim = { token: newMark(), mark: marks[generation], won: seize || !locks.has(key) }
      if (claim.won) locks.set(key, claim.token)
      return claim
    },
    fill: async (key, claim, text, ttl_s) => {
      if (!holds(key, claim)) return
      locks.delete(key)
      entries.set(key, { mark: claim.mark, text }, { ttl: ttl_s * 1000 })
    },
    release: async (key, claim) => {
      if (holds(key, claim)) locks.delete(key)
    },
    forget: async (keys, generations) => {
      for (const key of keys) {
        entries.delete(key)
        locks.delete(key)
      }
      for (const name of generations) marks[name] = newMark()
      return true
    },
    close: async () => entries.clear(),
  }
}
