/** The deadline of a request: how long it waits for the database in all, before it gets a 503 that its caller still reads. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Overloaded } from './errors.ts'

/**
 * Longer than PostgreSQL lets a statement run. Shorter than the 3 s within which a caller should have a response, since a wait
 * for a connection, 0.5 s in a jam, comes on top. A server that hangs ends no statement by itself.
 */
const DEADLINE_MS = 2300

/** What is left of the time. Waits that overlap count once: `waits` of them run, the first since `since_ms`. */
type TimeBudget = { left_ms: number; waits: number; since_ms: number }

const current = new AsyncLocalStorage<TimeBudget>()
const newBudget = (): TimeBudget => ({ left_ms: DEADLINE_MS, waits: 0, since_ms: 0 })

/** Gives everything that `run` waits for one deadline: the time of its first statement is missing from that of the next. */
export function withDeadline<T>(run: () => Promise<T>): Promise<T> {
  return current.run(newBudget(), run)
}

/** Whether this request has no time left. Then nothing should be started for it. */
export function isPastDeadline(): boolean {
  const budget = current.getStore()
  return budget !== undefined && remaining(budget) < 1
}

/** The result of `waiting`. Throws `Overloaded` when that takes longer than the request has left. */
export async function withinDeadline<T>(waiting: Promise<T>): Promise<T> {
  const budget = current.getStore() ?? newBudget()
  if (budget.waits++ === 0) budget.since_ms = performance.now()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Overloaded()), Math.max(0, remaining(budget)))
  try {
    return await Promise.race([waiting, late])
  } finally {
    clearTimeout(timer)
    if (--budget.waits === 0) budget.left_ms -= performance.now() - budget.since_ms
  }
}

function remaining({ left_ms, waits, since_ms }: TimeBudget): number {
  return waits === 0 ? left_ms : left_ms - (performance.now() - since_ms)
}
