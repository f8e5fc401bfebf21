/** Gauges about the parts of the service, read at each scrape. */
import type { PoolUse } from '../db/client.ts'
import type { Replica } from '../replica/replica.ts'
import type { LabelsOf } from './declarations.ts'
import type { Metrics } from './metrics.ts'

/** The state that an opossum breaker exposes. */
type Breaker = { opened: boolean; halfOpen: boolean }

/** Shows whether a circuit breaker is closed (calls pass), open (calls fail at once) or half open (one call passes as a test). */
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
export function watchPool(metrics: Metrics, name: LabelsOf<'db_pool_waiting'>['pool'], pool: { readonly use: PoolUse }): void {
  const labels = { pool: name }
  metrics.watch('db_pool_connections_max', () => [{ labels, value: pool.use.max }])
  metrics.watch('db_pool_connections_in_use', () => [{ labels, value: Math.min(pool.use.count, pool.use.max) }])
  metrics.watch('db_pool_waiting', () => [{ labels, value: Math.max(pool.use.count - pool.use.max, 0) }])
}

/** Shows the lag of a replica, and how busy its connections are. */
export function watchReplica(metrics: Metrics, replica: Replica): void {
  watchPool(metrics, 'reads', replica)
  metrics.watch('replica_lag_seconds', () => [{ labels: {}, value: replica.lagMs() / 1000 }])
}
