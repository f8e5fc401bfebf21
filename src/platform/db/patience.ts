/** How long a request waits for the database, all in all: then its caller hears 503 while they still listen. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Problem } from '../problem.ts'

/**
 * Longer than PostgreSQL lets a statement run, and less than the 3 s after which a caller should have heard: a wait for a turn, half
 * a second in a jam, comes on top. A server that hangs ends no statement by itself.
 */
const PATIENCE_MS = 2300

/** What is left, and since when how many waits go on at once: time counts once, however many share it. */
type Patience = { left_ms: number; waits: number; since: number }

const current = new AsyncLocalStorage<Patience>()
const newPatience = (): Patience => ({ left_ms: PATIENCE_MS, waits: 0, since: 0 })

/** All that `run` waits for counts as one request: what its first statement has spent the next one lacks. */
export function spendTogether<T>(run: () => Promise<T>): Promise<T> {
  return current.run(newPatience(), run)
}

/** Whether this request has nothing left to wait with: then nothing should be begun for it. */
export function isOutOfPatience(): boolean {
  const patience = current.getStore()
  return patience !== undefined && remaining(patience) < 1
}

/** What `waiting` comes to; 503 `unavailable` when that takes longer than the request has left. */
export async function withinPatience<T>(waiting: Promise<T>): Promise<T> {
  const patience = current.getStore() ?? newPatience()
  if (patience.waits++ === 0) patience.since = performance.now()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(busy()), Math.max(0, remaining(patience)))
  try {
    return await Promise.race([waiting, late])
  } finally {
    clearTimeout(timer)
    if (--patience.waits === 0) patience.left_ms -= performance.now() - patience.since
  }
}

/** What whoever came in vain hears. */
export function busy(): Problem {
  return new Problem('unavailable', 'The service is busy. Try again in a moment.')
}

function remaining({ left_ms, waits, since }: Patience): number {
  return waits === 0 ? left_ms : left_ms - (performance.now() - since)
}
