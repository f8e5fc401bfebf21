import { Problem } from '../../platform/problem.ts'

/** Runs a piece of work when its turn comes. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** So many at a time, so many waiting, in order; everybody else hears 503 `unavailable` with `detail` at once. */
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
      // The place is handed over, not given up, so that nobody slips in between.
      if (next) next()
      else running--
    }
  }
}
