import { LRUCache } from 'lru-cache'
import { BEAT_COUNTS_FOR_MS, type CacheStore, type Claim, GENERATIONS, type Generation, LOCK_TTL_S, newMark } from './store.ts'

const MAX_BYTES = 64 * 1024 * 1024

/** A cache of this process's own, bounded in bytes. Right only while no other process serves: it is asked before each use. */
export function openInProcessStore({ max_bytes = MAX_BYTES, beat_counts_for_ms = BEAT_COUNTS_FOR_MS } = {}): CacheStore {
  const entries = new LRUCache<string, { mark: string; text: string }>({
    maxSize: max_bytes,
    sizeCalculation: ({ text }, key) => 2 * (text.length + key.length) + 128,
  })
  const locks = new LRUCache<string, string>({ max: 10_000, ttl: LOCK_TTL_S * 1000 })
  const marks = Object.fromEntries(GENERATIONS.map((name) => [name, newMark()])) as Record<Generation, string>
  let alone_until_ms = 0
  const textOf = (key: string, generation: Generation) => {
    const entry = entries.get(key)
    return entry && entry.mark === marks[generation] ? entry.text : null
  }
  const holds = (key: string, claim: Claim) => locks.get(key) === claim.token
  return {
    shared: false,
    isTrusted: () => performance.now() < alone_until_ms,
    // Others see by themselves that it caches for itself.
    isUnheard: () => false,
    heed: ({ others, asked_at_ms }) => {
      // What others did since the last beat that counted, nobody has told.
      if (others > 0 || performance.now() > alone_until_ms) {
        entries.clear()
        locks.clear()
      }
      alone_until_ms = others > 0 ? 0 : asked_at_ms + beat_counts_for_ms
    },
    read: async (key, generation) => textOf(key, generation),
    claim: async (key, generation, seize) => {
      const standing = locks.get(key)
      const token = seize && standing ? standing : newMark()
      const claim = { token, mark: marks[generation], won: seize || !standing, text: textOf(key, generation) }
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
