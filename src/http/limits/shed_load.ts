import type { Context, Next } from 'hono'
import { Overloaded } from '../../platform/database_errors.ts'
import type { Env } from '../env.ts'
import { isRead } from '../read_routing.ts'

declare module '../env.ts' {
  interface RequestFacts {
    /**
     * Takes a write's slot among the running writes, until the response. Throws `Overloaded` if no slot is left. A second call
     * does nothing. Set on writes under `shedLoad`.
     */
    takeSlot?: () => void
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

/** Refuses new calls at once with 503 while the service is overloaded. Not for probes. */
export function shedLoad(): (c: Context<Env>, next: Next) => Promise<void> {
  const in_flight = { read: 0, write: 0 }
  return async (c, next) => {
    const kind = isRead(c.req.method) ? 'read' : 'write'
    const waited_ms = c.get('sql').use.queue?.waitedMs() ?? 0
    if (waited_ms > MAX_WAITED_MS[kind] || in_flight[kind] >= MAX_IN_FLIGHT[kind]) throw new Overloaded()
    if (kind === 'write') return runWrite(c, next, in_flight)
    in_flight.read++
    try {
      await next()
    } finally {
      in_flight.read--
    }
  }
}

/** Runs a write, which counts from when it takes its slot. */
async function runWrite(c: Context<Env>, next: Next, in_flight: { write: number }): Promise<void> {
  let is_in = false
  c.set('takeSlot', () => {
    if (is_in) return
    if (in_flight.write >= MAX_IN_FLIGHT.write) throw new Overloaded()
    in_flight.write++
    is_in = true
  })
  try {
    await next()
  } finally {
    if (is_in) in_flight.write--
  }
}
