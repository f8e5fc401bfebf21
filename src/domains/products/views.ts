import type { Pool } from '../../platform/db/client.ts'
import { recordViews } from './statements.ts'

declare module '../../http/env.ts' {
  interface Services {
    views: ViewCounter
  }
}

/** Counts page views in memory and writes them in batches. A crash can lose some views, which is acceptable. */
export type ViewCounter = { count: (product_id: number) => void; flush: () => Promise<void>; stop: () => Promise<void> }

const FLUSH_EVERY_MS = 5000

export function openViewCounter(sql: Pool): ViewCounter {
  let counts = new Map<number, number>()
  const flush = async () => {
    if (counts.size === 0) return
    const batch = counts
    counts = new Map()
    // Drops a batch that cannot be written, because keeping it would grow without bound.
    await recordViews.one(sql, { product_ids: [...batch.keys()], counts: [...batch.values()] }).catch(() => {})
  }
  const timer = setInterval(flush, FLUSH_EVERY_MS)
  const stop = async () => {
    clearInterval(timer)
    await flush()
  }
  return { count: (product_id) => void counts.set(product_id, (counts.get(product_id) ?? 0) + 1), flush, stop }
}
