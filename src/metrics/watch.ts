/** Gauges over what the service is made of, read at each scrape. */
import type { Pool } from '../db/client.ts'
import type { LabelsOf } from './declarations.ts'
import type { Metrics } from './metrics.ts'

/** What opossum's breakers say of themselves. */
type Breaker = { opened: boolean; halfOpen: boolean }

/** Shows whether a circuit breaker is closed (all is well), open (nobody is asked) or half open (one call is tried). */
export function watchBreaker(metrics: Metrics, name: LabelsOf<'circuit_breaker_state'>['breaker'], breaker: Breaker): void {
  metrics.watch('circuit_breaker_state', () => {
    const current = breaker.opened ? 'open' : breaker.halfOpen ? 'half_open' : 'closed'
    return (['closed', 'half_open', 'open'] as const).map((state) => ({
      labels: { breaker: name, state },
      value: Number(state === current),
    }))
  })
}

/** Shows how busy a pool of connections is. */
export function watchPool(metrics: Metrics, name: LabelsOf<'db_pool_waiting'>['pool'], { use }: Pool): void {
  const labels = { pool: name }
  metrics.watch('db_pool_connections_max', () => [{ labels, value: use.max }])
  metrics.watch('db_pool_connections_in_use', () => [{ labels, value: Math.min(use.count, use.max) }])
  metrics.watch('db_pool_waiting', () => [{ labels, value: Math.max(use.count - use.max, 0) }])
}
