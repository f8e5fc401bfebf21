/**
 * The queue for the connections of a pool. It says who gets a connection next and how long the others wait, because postgres.js
 * queues without a bound. Cart, checkout and every write come first. A caller that waits in vain gets its 503 early, while it still listens.
 *
 *     acquire ── a connection is free ──────────────────────▶ running ──▶ released
 *        └────── none is free ──▶ waiting ── its turn comes ────▲
 *                                    └────── no progress for 0.5 s, or 4 s in all ──▶ Overloaded
 *
 * A connection is released when its statement ends, which may be long after the caller's deadline.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { isPastDeadline, withinDeadline } from './deadline.ts'
import { isUnreachable, Overloaded } from './errors.ts'

/** A wait behind this many others is hopeless, and each waiter costs memory. */
const MAX_WAITING = 1024
/**
 * A waiter is checked at this interval, and waits on while statements are answered: then the queue is moving. Five hundred
 * buyers may come for one item, and a search that PostgreSQL answers in place of Elasticsearch takes its time.
 */
const CHECK_EVERY_MS = 500
const MAX_CHECKS = 8
/** Every fourth release goes to a caller without priority, if one waits: a sale must not shut out the readers. */
const UNPRIORITIZED_EVERY = 4

export type ConnectionQueue = {
  /** Runs `run` when a connection is free for it. Throws `Overloaded` when that takes too long. */
  acquire: <T>(run: () => PromiseLike<T>) => Promise<T>
  /** How long the next waiter of the caller's priority has waited, in milliseconds; 0 where none waits. */
  waitedMs: () => number
}

type Waiter = { start: () => void; since_ms: number }
type Waiting = Record<'prioritized' | 'others', Set<Waiter>>

const priority = new AsyncLocalStorage<true>()
const ownKind = () => (priority.getStore() ? 'prioritized' : 'others')

/** Everything that `run` asks of a pool comes before what other callers wait for. */
export function withPriority<T>(run: () => Promise<T>): Promise<T> {
  return priority.run(true, run)
}

/** A queue for `size` connections. */
export function createConnectionQueue(size: number): ConnectionQueue {
  const waiting: Waiting = { prioritized: new Set(), others: new Set() }
  let in_use = 0
  let releases = 0
  /** Counts the statements that the server answered. A lost server ends statements, too, and that is no progress. */
  let progress = 0
  const release = (is_answered: boolean) => {
    if (is_answered) progress++
    releases++
    const next = takeNext(waiting, releases)
    // The connection goes to the next waiter directly, so that no newcomer takes it.
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

/**
 * Resolves when the caller's turn comes, with a connection in hand. Throws `Overloaded` when the queue is full or stands still.
 */
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

/** Removes the waiter whose turn it is. */
function takeNext({ prioritized, others }: Waiting, releases: number): Waiter | undefined {
  const is_for_others = prioritized.size === 0 || (others.size > 0 && releases % UNPRIORITIZED_EVERY === 0)
  const queue = is_for_others ? others : prioritized
  const [next] = queue
  if (next) queue.delete(next)
  return next
}
