/** The deadline of a request. It bounds the total wait for the database, so that the client still reads the 503. */
import { callScope, inCallScope, type TimeBudget } from '../call_scope.ts'
import { Overloaded } from '../database_errors.ts'

/**
 * Longer than PostgreSQL's limit for a statement. Shorter than 3 s, the time in which a caller should get a response, because a
 * wait for a connection (0.5 s in a jam) is added. A server that hangs ends no statement by itself.
 */
const DEADLINE_MS = 2300

const newBudget = (): TimeBudget => ({ left_ms: DEADLINE_MS, waits: 0, since_ms: 0 })

/** Gives one deadline to all further waits of the current call. */
export function startDeadline(): void {
  const scope = callScope()
  if (scope) scope.budget = newBudget()
}

/** Gives one deadline to all waits of `run`. The time of one statement is subtracted from the time of the next. */
export function withDeadline<T>(run: () => Promise<T>): Promise<T> {
  return inCallScope({ budget: newBudget() }, run)
}

/** Whether this request has no time left. Then no more work should start for it. */
export function isPastDeadline(): boolean {
  const budget = callScope()?.budget
  return budget !== undefined && remaining(budget) < 1
}

/** Returns the result of `waiting`. Throws `Overloaded` if that takes longer than the request has left. */
export async function withinDeadline<T>(waiting: Promise<T>): Promise<T> {
  const budget = callScope()?.budget ?? newBudget()
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
