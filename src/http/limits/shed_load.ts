import type { MiddlewareHandler } from 'hono'
import { Overloaded } from '../../platform/database_errors.ts'
import type { Env } from '../env.ts'
import { isRead } from '../read_routing.ts'

declare module '../env.ts' {
  interface RequestFacts {
    /** Set on calls under `shedLoad`. */
    running_slot?: RunningSlot
  }
}

/**
 * The most calls that run at a time, by kind, so that a crowd of readers does not lock out a buyer. This many reads are more than
 * a second's work. A write can wait for a payment, which costs only memory. A write counts from when its body is complete
 * (operation.ts). intake.ts bounds unfinished bodies.
 */
const MAX_IN_FLIGHT = { read: 512, write: 1024 }
/**
 * If the first waiter for a connection has waited this long, the service is overloaded, and refuses new calls before it works on
 * them. Work on calls that are refused halfway makes a busy service slow.
 */
const MAX_WAITED_MS = { read: 2000, write: 4000 }

/** A call's slot among the running calls. `enter` throws `Overloaded` if none is left. A second `enter` does nothing. */
export type RunningSlot = { enter: () => void; leave: () => void }

/** Refuses new calls at once with 503 while the service is overloaded. Not for probes. */
export function shedLoad(): MiddlewareHandler<Env> {
  const in_flight = { read: 0, write: 0 }
  return async (c, next) => {
    const kind = isRead(c.req.method) ? 'read' : 'write'
    const waited_ms = c.get('sql').use.queue?.waitedMs() ?? 0
    if (waited_ms > MAX_WAITED_MS[kind] || in_flight[kind] >= MAX_IN_FLIGHT[kind]) throw new Overloaded()
    const slot = createSlot(in_flight, kind)
    if (kind === 'read') slot.enter()
    c.set('running_slot', slot)
    try {
      await next()
    } finally {
      slot.leave()
    }
  }
}

function createSlot(in_flight: Record<'read' | 'write', number>, kind: 'read' | 'write'): RunningSlot {
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
