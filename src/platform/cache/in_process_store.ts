import { LRUCache } from 'lru-cache'
import {
  type CacheStore,
  type Claim,
  GENERATIONS,
  type Generation,
  HEARTBEAT_COUNTS_FOR_MS,
  LOCK_TTL_S,
  newMark,
} from './store.ts'

const MAX_BYTES = 64 * 1024 * 1024

/**
 * A store in the memory of this process, bounded in bytes. It is trusted only while no other process serves the same database.
 */
export function createInProcessStore({
  max_bytes = MAX_BYTES,
  heartbeat_counts_for_ms = HEARTBEAT_COUNTS_FOR_MS,
} = {}): CacheStore {
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
    // Other processes ignore their own stores as soon as they see this one.
    hasLostInvalidations: () => false,
    onHeartbeat: ({ others, asked_at_ms }) => {
      // Another process can have written since the last valid heartbeat.
      if (others > 0 || performance.now() > alone_until_ms) {
        entries.clear()
        locks.clear()
      }
      alone_until_ms = others > 0 ? 0 : asked_at_ms + heartbeat_counts_for_ms
    },
    peek: textOf,
    read: async (key, generation) => textOf(key, generation),
    claim: async (key, generation, seize) => {
      const text = textOf(key, generation)
      if (text !== null) return { state: 'filled', text }
      const holder = locks.get(key)
      if (holder && !seize) return { state: 'taken' }
      const token = holder ?? newMark()
      locks.set(key, token)
      return { state: 'won', claim: { token, mark: marks[generation] } }
    },
    fill: async (key, claim, text, ttl_s) => {
      if (!holds(key, claim)) return
      locks.delete(key)
      entries.set(key, { mark: claim.mark, text }, { ttl: ttl_s * 1000 })
    },
    release: async (key, claim) => {
      if (holds(key, claim)) locks.delete(key)
    },
    invalidate: async (keys, generations) => {
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
