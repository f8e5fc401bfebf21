/**
 * Who of many gets a connection next, and how long the others wait: postgres.js queues without any bound. Buyers come first.
 * Whoever waits in vain hears 503 early, while their client still listens.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { isUnreachable } from '../problem.ts'
import { busy, isOutOfPatience, withinPatience } from './patience.ts'

/** Beyond this many a wait is hopeless, and each costs memory. */
const MAX_WAITING = 1024
/**
 * So long a wait is, unless a connection came free meanwhile: then it is a crowd that moves on and no jam, and it goes on for a
 * while. A sale is worth a wait, five hundred may come for one item, and a search that PostgreSQL answers for an engine that is away takes
 * its time.
 */
const WAIT_MS = 500
const MAX_WAITS = 8
/** Every fourth turn is for somebody else than buyers, if anybody waits: a sale must not close the shop to those who look. */
const OTHERS_EVERY = 4

export type Turns = {
  /** Runs something that needs one of the places when its turn comes. Throws 503 `unavailable` when that takes too long. */
  take: <T>(run: () => PromiseLike<T>) => Promise<T>
  /** For how long the next one has waited: what whoever comes now must expect. In milliseconds, 0 where nobody waits. */
  waitedMs: () => number
}

type Waiter = { start: () => void; since: number; timer: ReturnType<typeof setTimeout> }

const first = new AsyncLocalStorage<true>()

/** What `run` asks of a pool comes before what others wait for. */
export function takeFirst<T>(run: () => Promise<T>): Promise<T> {
  return first.run(true, run)
}

/** Turns at so many places. */
export function openTurns(places: number): Turns {
  const queues = { first: new Set<Waiter>(), others: new Set<Waiter>() }
  let taken = 0
  let ended = 0
  /** Those of them that the server has answered: one that has gone away ends many, and nothing moves on. */
  let answered = 0
  const ownKind = () => (first.getStore() ? 'first' : 'others')
  const wait = () => {
    if (queues.first.size + queues.others.size >= MAX_WAITING) throw busy()
    const kind = ownKind()
    const queue = queues[kind]
    return new Promise<void>((resolve, reject) => {
      const patience = (waits: number): ReturnType<typeof setTimeout> => {
        const answered_before = answered
        return setTimeout(() => {
          if (waits < MAX_WAITS && answered > answered_before) {
            waiter.timer = patience(waits + 1)
          } else {
            queue.delete(waiter)
            reject(busy())
          }
        }, WAIT_MS)
      }
      const waiter: Waiter = { start: resolve, since: performance.now(), timer: patience(1) }
      queue.add(waiter)
    })
  }
  const handOver = () => {
    ended++
    const is_for_others = queues.first.size === 0 || (queues.others.size > 0 && ended % OTHERS_EVERY === 0)
    const queue = is_for_others ? queues.others : queues.first
    const [next] = queue
    if (!next) {
      taken--
      return
    }
    queue.delete(next)
    clearTimeout(next.timer)
    next.start()
  }
  const take: Turns['take'] = async (run) => {
    if (taken < places) taken++
    else await wait()
    if (isOutOfPatience()) {
      handOver()
      throw busy()
    }
    const running = Promise.resolve(run())
    // The place is free when the connection is, which may be long after its caller has given up.
    const end = (is_answered: boolean) => {
      if (is_answered) answered++
      handOver()
    }
    running.then(
      () => end(true),
      (error) => end(!isUnreachable(error)),
    )
    return withinPatience(running)
  }
  const waitedMs = () => {
    const [next] = queues[ownKind()]
    return next ? performance.now() - next.since : 0
  }
  return { take, waitedMs }
}
