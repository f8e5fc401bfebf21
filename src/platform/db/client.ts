import postgres from 'postgres'
import { type ConnectionQueue, createConnectionQueue } from './connection_queue.ts'

/** A connection pool or a transaction: anything that a statement can run on. */
export type Sql = postgres.ISql<{ bigint: number }> & { unsafe: postgres.Sql['unsafe'] }
export type Pool = postgres.Sql<{ bigint: number }> & { use: PoolUse }
export type Transaction = postgres.TransactionSql<{ bigint: number }>

/** `count` statements and transactions use one of the `max` connections or wait for one. `queue` is set if waits are bounded. */
export type PoolUse = { max: number; count: number; queue?: ConnectionQueue }

export type PoolOptions = {
  max: number
  name: string
  statement_timeout_ms: number
  /** Commits need not reach the disk at once. For changes that can be lost, or are repeated, after a crash of the server. */
  may_lose_commits?: boolean
  /** Bounds waits and statements (connection_queue.ts). For the statements of requests. */
  gives_up?: boolean
  /** Called for each lost connection. If set, no connection is closed for its age. */
  onClose?: () => void
  /** False if no statement takes or returns arrays. A new connection then skips the query for their types. */
  has_arrays?: boolean
}

/** Locks are held for milliseconds. A wait of two seconds means that the holder is stuck. */
const LOCK_TIMEOUT_MS = 2000

/**
 * Opens a pool. `json` stays text, because PostgreSQL renders the representations and the API sends them unchanged. `numeric`
 * stays text, because money is exact. `bigint` becomes a number. A value that would lose digits throws.
 */
export function openPool(url: string, options: PoolOptions): Pool {
  const pool = postgres(url, {
    max: options.max,
    connect_timeout: 5,
    idle_timeout: 0,
    // The default back-off of 250 s would keep a pool away long after the server is back.
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => {},
    fetch_types: options.has_arrays ?? true,
    ...(options.onClose && { onclose: options.onClose, max_lifetime: null }),
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: parseSafeInteger },
      json: { to: 114, from: [114], serialize: (value: unknown) => JSON.stringify(value), parse: (text: string) => text },
    },
    connection: {
      application_name: options.name,
      statement_timeout: options.statement_timeout_ms,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 10_000,
      timezone: 'UTC',
      // Statements take milliseconds. Compiling one takes hundreds, and stock PostgreSQL 15 does that for every larger search.
      jit: 'off',
      ...(options.may_lose_commits && { synchronous_commit: 'off' }),
    },
  }) as unknown as Pool
  const begin = pool.begin as (...args: unknown[]) => Promise<unknown>
  const use: PoolUse = { max: options.max, count: 0, ...(options.gives_up && { queue: createConnectionQueue(options.max) }) }
  return Object.assign(pool, { use, begin: ((...args) => countUse({ use }, () => begin(...args))) as typeof pool.begin })
}

/**
 * Runs work that takes a connection of a pool, and counts it. A transaction has no `use`, because it already has its connection.
 */
export async function countUse<T>({ use }: { use?: PoolUse }, run: () => PromiseLike<T>): Promise<T> {
  if (!use) return run()
  use.count++
  try {
    return await (use.queue ? use.queue.acquire(run) : run())
  } finally {
    use.count--
  }
}

function parseSafeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JSON number`)
  return value
}
