import { Problem } from '../../platform/problem.ts'
import { clientIsGone } from '../../platform/runtime/picture_format.ts'

/** Work of an owner. It is skipped or ended if `signal` aborts. */
export type Work<T> = { owner: number; is_slow: boolean; signal: AbortSignal; run: () => Promise<T> }
/** Runs the work when it is its owner's turn. */
export type FairTurns = <T>(work: Work<T>) => Promise<T>

/** Waiting work. `start` and `refuse` end its wait. */
type Waiter = { is_slow: boolean; start: () => void; refuse: (problem: Problem) => void }

/** The server ends a connection without a response for 15 s (IDLE_TIMEOUT_S). This leaves time to decode and to store. */
const MAX_WAIT_MS = 8000

/**
 * Limits concurrent work: one task an owner, and one place reserved for fast tasks. Owners take turns. If more than
 * `max_waiting` tasks wait, one gets 503 `unavailable`: among the slow tasks, or among all if none is slow, the last task of the
 * owner with the most. So does a task that has waited for `max_wait_ms`.
 */
export function openFairTurns(max_running: number, max_waiting: number, max_wait_ms = MAX_WAIT_MS): FairTurns {
  // Both by owner. `waiting` is in the order of turns.
  const running = new Map<number, { is_slow: boolean }>()
  const lines = new Map<number, Waiter[]>()

  const startNext = () => {
    while (running.size < max_running) {
      const slow_may_start = [...running.values()].filter(({ is_slow }) => is_slow).length < max_running - 1
      const next = [...lines].find(([owner, [first]]) => !running.has(owner) && (slow_may_start || !first?.is_slow))
      if (!next) return
      const [owner, [first]] = next as [number, [Waiter]]
      leave(owner, first)
      running.set(owner, first)
      first.start()
    }
  }
  const leave = (owner: number, waiter: Waiter) => {
    const rest = (lines.get(owner) ?? []).filter((one) => one !== waiter)
    if (rest.length > 0) lines.set(owner, rest)
    else lines.delete(owner)
  }
  const shedLoad = () => {
    if ([...lines.values()].flat().length <= max_waiting) return
    const slow = [...lines].map(([owner, line]) => [owner, line.filter(({ is_slow }) => is_slow)] as const)
    const candidates = slow.some(([, line]) => line.length > 0) ? slow : [...lines]
    const [owner, line] = candidates.reduce((longest, next) => (next[1].length >= longest[1].length ? next : longest))
    const last = line.at(-1) as Waiter
    leave(owner, last)
    last.refuse(busy())
  }
  const goBehindOthers = (owner: number) => {
    const line = lines.get(owner)
    lines.delete(owner)
    if (line) lines.set(owner, line)
  }
  const awaitTurn = async ({ owner, is_slow, signal }: Work<unknown>) => {
    if (signal.aborted) throw clientIsGone()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter = { is_slow, start: resolve, refuse: reject }
    const giveUp = () => {
      leave(owner, waiter)
      reject(clientIsGone())
    }
    lines.set(owner, [...(lines.get(owner) ?? []), waiter])
    signal.addEventListener('abort', giveUp, { once: true })
    const timer = setTimeout(() => {
      leave(owner, waiter)
      reject(busy())
    }, max_wait_ms)
    startNext()
    shedLoad()
    await promise.finally(() => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
    })
  }
  return async (work) => {
    await awaitTurn(work)
    try {
      return await work.run()
    } finally {
      running.delete(work.owner)
      goBehindOthers(work.owner)
      startNext()
    }
  }
}

const busy = () => new Problem('unavailable', 'The server is busy with other pictures. Try again in a moment.')
