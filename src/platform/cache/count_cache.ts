import type { CounterName } from '../metrics/declarations.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { CacheCounter, CacheType } from './cache.ts'

/** Counts hits and misses by type. */
export function countCache(metrics: Metrics): CacheCounter {
  const count = (name: CounterName & `etsy_cache_${string}`) => (type: CacheType) => {
    if (type !== '') metrics.add(name, { type })
  }
  return { hit: count('etsy_cache_hits_total'), miss: count('etsy_cache_misses_total') }
}
