/**
 * The queue for the connections of a pool. It decides which caller gets the next connection and how long the others wait, because
 * postgres.js queues without a bound. Cart, checkout and every write come first. If a caller waits in vain, it gets its 503
 * early, before it disconnects.
 *
 *     acquire ── a connection is free ──────────────────────▶ running ──▶ released
 *        └────── none is free ──▶ waiting ── its turn comes ────▲
 *                                    └────── no progress for 0.5 s, or 4 s in all ──▶ Overloaded
 *
 * A connection is released when its statement ends, which can be long after the caller's deadline.
 */
import { callScope } from '../call_scope.ts'
import { isUnreachable, Overloaded } from '../database_errors.ts'
import { isPastDeadline, withinDeadline } from './deadline.ts'

/** A wait behind this many others takes too long, and each waiter costs memory. */
const MAX_WAITING = 1024
/**
 * The queue checks each waiter at this interval. The wait goes on while PostgreSQL completes statements, because then the queue
 * is moving. Five hundred buyers can want one item at once, and a search by PostgreSQL in place of Elasticsearch is slow.
 */
const CHECK_EVERY_MS = 500
const MAX_CHECKS = 8
/** Every fourth release goes to a caller without priority, if one waits. A sale must not lock out readers. */
const UNPRIORITIZED_EVERY = 4

export type ConnectionQueue = {
  /** Runs `run` when a connection is free for it. Throws `Overloaded` if that takes too long. */
  acquire: <T>(run: () => PromiseLike<T>) => Promise<T>
  /** How long the next waiter of the caller's priority has waited, in milliseconds, or 0 if none waits. */
  waitedMs: () => number
}

type Waiter = { start: () => void; since_ms: number }
type Waiting = Record<'prioritized' | 'others', Set<Waiter>>

const ownKind = () => (callScope()?.has_priority ? 'prioritized' : 'others')

/** Gives all further statements of the current call priority over those of other callers. */
export function takePriority(): void {
  const scope = callScope()
  if (scope) scope.has_priority = true
}

/** Creates a queue for `size` connections. */
export function createConnectionQueue(size: number): ConnectionQueue {
  const waiting: Waiting = { prioritized: new Set(), others: new Set() }
  let in_use = 0
  let releases = 0
  /** Counts the statements that the server completed. A lost server ends statements too, but that is no progress. */
  let progress = 0
  const release = (is_answered: boolean) => {
    if (is_answered) progress++
    releases++
    const next = takeNext(waiting, releases)
    // The connection goes directly to the next waiter, so that no new caller takes it.
    if (next) next.start()
    else in_use--
  }
  const acquire: ConnectionQueue['acquire'] = async (run) => {
    if (in_use < size) in_use++
    else await waitIn(waiting, () => progress)
    if (isPastDeadline()) {
      release(false)
      throw new Overloaded()
    }
    const running = Promise.resolve(run())
    running.then(
      () => release(true),
      (error) => release(!isUnreachable(error)),
    )
    return withinDeadline(running)
  }
  const waitedMs = () => {
    const [next] = waiting[ownKind()]
    return next ? performance.now() - next.since_ms : 0
  }
  return { acquire, waitedMs }
}

/** Resolves when the caller's turn comes and it has a connection. Throws `Overloaded` if the queue is full or does not move. */
async function waitIn(waiting: Waiting, progress: () => number): Promise<void> {
  if (waiting.prioritized.size + waiting.others.size >= MAX_WAITING) throw new Overloaded()
  const queue = waiting[ownKind()]
  const { promise: turn, resolve, reject } = Promise.withResolvers<void>()
  const waiter: Waiter = { start: resolve, since_ms: performance.now() }
  queue.add(waiter)
  let checks = 0
  let progress_before = progress()
  const timer = setInterval(() => {
    checks++
    const is_moving = progress() > progress_before
    progress_before = progress()
    if (is_moving && checks < MAX_CHECKS) return
    queue.delete(waiter)
    reject(new Overloaded())
  }, CHECK_EVERY_MS)
  await turn.finally(() => clearInterval(timer))
}

/** Removes and returns the next waiter. */
function takeNext({ prioritized, others }: Waiting, releases: number): Waiter | undefined {
  const is_for_others = prioritized.size === 0 || (others.size > 0 && releases % UNPRIORITIZED_EVERY === 0)
  const queue = is_for_others ? others : prioritized
  const [next] = queue
  if (next) queue.delete(next)
  return next
}
