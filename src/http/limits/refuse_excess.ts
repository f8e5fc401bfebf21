import type { MiddlewareHandler } from 'hono'
import { busy } from '../../platform/db/patience.ts'
import type { Env } from '../env.ts'
import { isRead } from '../reads.ts'

/**
 * How many calls are worked on at a time, each kind by itself, so that no crowd of readers keeps a buyer out. Reads are quick, and
 * this many are more than a second's work. Writes may be waiting for a payment, which takes memory alone. They are counted
 * from when their body is there: operation.ts says so, and intake.ts bounds what is still on its way.
 */
const MAX_IN_FLIGHT = { read: 512, write: 1024 }
/**
 * When the next to get a connection has waited for it this long, there is more to do than can be done. Whoever comes now is
 * refused before any work is put into them: work for a call that is refused halfway is what makes a busy service slow.
 */
const MAX_WAITED_MS = { read: 2000, write: 4000 }

/** A call's place among those that are worked on. `enter` throws 503 where there is none left; twice is once. */
export type Place = { enter: () => void; leave: () => void }

/** 503 at once for whoever comes when there is too much to do already. Probes are not asked. */
export function shedLoad(): MiddlewareHandler<Env> {
  const in_flight = { read: 0, write: 0 }
  return async (c, next) => {
    const kind = isRead(c.req.method) ? 'read' : 'write'
    const waited_ms = c.get('sql').use.queue?.waitedMs() ?? 0
    if (waited_ms > MAX_WAITED_MS[kind] || in_flight[kind] >= MAX_IN_FLIGHT[kind]) throw new Overloaded()
    const place = openPlace(in_flight, kind)
    if (kind === 'read') place.enter()
    c.set('place', place)
    try {
      await next()
    } finally {
      place.leave()
    }
  }
}

function openPlace(in_flight: Record<'read' | 'write', number>, kind: 'read' | 'write'): Place {
  let is_in = false
  return {
    enter: () => {
      if (is_in) return
      if (in_flight[kind] >= MAX_IN_FLIGHT[kind]) throw new Overloaded()
      in_flight[kind]++
      is_in = true
    },
    leave: () => {
      if (is_in) in_flight[kind]--
      is_in = false
    },
  }
}
