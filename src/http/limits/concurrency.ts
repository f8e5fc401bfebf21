import { Problem } from '../../platform/problem.ts'

/** Runs work in turn. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Runs at most `max_running` at a time and queues at most `max_waiting`, in order. Beyond that it throws 503 `unavailable` with
 * `detail`.
 */
export function limitConcurrency(max_running: number, max_waiting: number, detail: string): InTurn {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= max_running) {
      if (waiting.length >= max_waiting) throw new Problem('unavailable', detail)
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The place goes directly to the next waiter, so that no new caller takes it.
      if (next) next()
      else running--
    }
  }
}
