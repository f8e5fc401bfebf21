/**
 * Heartbeats of the API processes on one database. They show each process which other processes make changes without an
 * invalidation that it would see: a process with its own cache, or one that cannot reach Redis. Cached entries count only while
 * there is no such process.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { Type } from '@sinclair/typebox'
import type { Sql } from '../db/client.ts'
import { routine } from '../db/statement.ts'
import { Uuid, Void } from '../db/types.ts'
import { createWaitingWork, type WaitingWork } from '../jobs/waiting_work.ts'
import { type CacheStore, NOTICED_AFTER_MS } from './store.ts'

const recordHeartbeat = routine(
  'record_heartbeat',
  { id: Uuid, has_own_cache: Type.Boolean(), has_lost_invalidations: Type.Boolean(), kinds: Type.Array(Type.String()) },
  { others: Type.Integer(), others_not_invalidating: Type.Integer(), work: Type.Array(Type.String()) },
)
const removeProcess = routine('remove_process', { id: Uuid }, { remove_process: Void })

/** Each heartbeat is one statement, and the only frequent one of an idle process. */
const BEAT_EVERY_MS = 500
/** The interval while another process has disabled the shared cache. */
const BEAT_WHILE_DISABLED_MS = 100
/** How often a process checks its own status. It reports a change at once, because other processes wait for it. */
const LOOK_EVERY_MS = 50

export type HeartbeatLoop = { stop: () => Promise<void> }

/**
 * Sends heartbeats until `stop`. Returns when this process can serve. If the caches of the other processes must not count beside
 * this one, it first waits until each of them has seen this process. Each heartbeat also finds `waiting` work.
 */
export async function startHeartbeat(
  sql: Sql,
  id: string,
  store: CacheStore,
  { waiting = createWaitingWork(), usual_ms = BEAT_EVERY_MS }: { waiting?: WaitingWork; usual_ms?: number } = {},
): Promise<HeartbeatLoop> {
  const has_own_cache = !store.shared
  let asked_at_ms = 0
  let every_ms = usual_ms
  let has_lost_invalidations = false
  const beat = async () => {
    asked_at_ms = performance.now()
    has_lost_invalidations = store.hasLostInvalidations()
    const reported = { has_lost_invalidations, asked_at_ms }
    const args = { id, has_own_cache, has_lost_invalidations, kinds: waiting.kinds() }
    const { work, ...others } = await recordHeartbeat.one(sql, args)
    store.onHeartbeat({ ...others, ...reported })
    waiting.found(work)
    every_ms = store.shared && others.others_not_invalidating > 0 ? BEAT_WHILE_DISABLED_MS : usual_ms
    return others
  }
  const { others, others_not_invalidating } = await beat()
  let beating: Promise<unknown> | null = null
  const timer = setInterval(() => {
    const is_due = performance.now() - asked_at_ms >= every_ms || store.hasLostInvalidations() !== has_lost_invalidations
    if (beating || !is_due) return
    // After a failed heartbeat the cache becomes invalid by itself.
    beating = beat()
      .catch(() => {})
      .finally(() => {
        beating = null
      })
  }, LOOK_EVERY_MS)
  if (others_not_invalidating > 0 || (has_own_cache && others > 0)) await wait(NOTICED_AFTER_MS)
  const stop = async () => {
    clearInterval(timer)
    await beating
    await removeProcess.one(sql, { id }).catch(() => {})
  }
  return { stop }
}
