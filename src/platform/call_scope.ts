/**
 * What a call's statements share without parameters. One AsyncLocalStorage has all of it, because each storage adds 6 % to the
 * time of a cached page.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

/** The remaining time. Overlapping waits count once: `waits` of them run, the first since `since_ms`. */
export type TimeBudget = { left_ms: number; waits: number; since_ms: number }

export type CallScope = {
  /** The cache keys that the call made stale (invalidations.ts). */
  stale_keys?: Set<string>
  /** The deadline for all waits together (deadline.ts). */
  budget?: TimeBudget
  /** Whether the statements come before those of other callers (connection_queue.ts). */
  has_priority?: boolean
}

const current = new AsyncLocalStorage<CallScope>()

/** Returns the scope of the current call, or undefined outside a call. */
export function callScope(): CallScope | undefined {
  return current.getStore()
}

/** Runs a call, or a part of it that has these facts instead. */
export function inCallScope<T>(facts: CallScope, run: () => T): T {
  return current.run({ ...current.getStore(), ...facts }, run)
}
