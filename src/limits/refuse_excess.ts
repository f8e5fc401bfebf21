import type { MiddlewareHandler } from 'hono'
import { busy } from '../db/patience.ts'
import type { Env } from '../http/env.ts'

/**
 * How many calls are answered at a time, each kind by itself, so that no crowd of readers keeps a buyer out. Reads are quick, and
 * this many are more than a second's work. Writes may be waiting for the rest of their body or for a payment, which takes memory alone.
 */
const MAX_IN_FLIGHT = { read: 512, write: 1024 }
/**
 * When the next to get a connection has waited for it this long, there is more to do than can be done. Whoever comes now is
 * refused before any work is put into them: work for a call that is refused halfway is what makes a busy service slow.
 */
const MAX_WAITED_MS = { read: 2000, write: 4000 }

/** 503 at once for whoever comes when there is too much to do already. Probes are not asked. */
export function refuseExcess(): MiddlewareHandler<Env> {
  const in_flight = { read: 0, write: 0 }
  return async (c, next) => {
    const kind = c.req.method === 'GET' || c.req.method === 'HEAD' ? 'read' : 'write'
    const waited_ms = c.get('sql').use.turns?.waitedMs() ?? 0
    if (in_flight[kind] >= MAX_IN_FLIGHT[kind] || waited_ms > MAX_WAITED_MS[kind]) throw busy()
    in_flight[kind]++
    try {
      await next()
    } finally {
      in_flight[kind]--
    }
  }
}
