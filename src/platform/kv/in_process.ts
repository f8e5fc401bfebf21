import { LRUCache } from 'lru-cache'
import type { KeyValue } from './key_value.ts'

/** The key-value store of a single process, bounded in bytes. */
export function createInProcessKeyValue(max_bytes = 16 * 1024 * 1024): KeyValue {
  const entries = new LRUCache<string, string>({
    maxSize: max_bytes,
    sizeCalculation: (value, key) => 2 * (value.length + key.length) + 64,
  })
  const set = (key: string, value: string, ttl_s: number) => void entries.set(key, value, { ttl: ttl_s * 1000 })
  return {
    shared: false,
    get: async (key) => entries.get(key) ?? null,
    setIfAbsent: async (key, value, ttl_s) => {
      if (entries.has(key)) return false
      set(key, value, ttl_s)
      return true
    },
    replace: async (key, value, ttl_s) => {
      if (entries.has(key)) set(key, value, ttl_s)
    },
    delete: async (...keys) => {
      for (const key of keys) entries.delete(key)
    },
  }
}
