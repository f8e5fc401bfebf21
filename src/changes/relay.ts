/**
 * Tells the cache what the tables wrote into `changes`: all that no call told it itself, because it came from a job, an import,
 * a hand at psql, or a call that died between its commit and its answer. One process of all does it at a time.
 */
import { Type } from '@sinclair/typebox'
import type { Logger } from 'pino'
import type { Cache } from '../cache/cache.ts'
import type { Sql } from '../db/client.ts'
import { routine } from '../db/statement.ts'
import { Uuid, Void } from '../db/types.ts'

const readChanges = routine(
  'read_changes',
  { holder: Uuid, batch_size: Type.Integer() },
  { id: Type.Integer(), keys: Type.Array(Type.String()) },
)
const settleChanges = routine(
  'settle_changes',
  { ids: Type.Array(Type.Integer()), is_cache_told: Type.Boolean() },
  { settle_changes: Type.Integer() },
)
const releaseLease = routine('release_lease', { name: Type.String(), holder: Uuid }, { release_lease: Void })

const EVERY_MS = 200
const BATCH_SIZE = 2000

export type Relay = { stop: () => Promise<void> }

/** Works until it is stopped. `id` names this process. */
export function openRelay(sql: Sql, { id, cache, log }: { id: string; cache: Cache; log: Logger }): Relay {
  /** Answers whether there may be more at once. */
  const work = async (): Promise<boolean> => {
    const changes = await readChanges.many(sql, { holder: id, batch_size: BATCH_SIZE })
    if (changes.length === 0) return false
    const keys = new Set(changes.flatMap((change) => change.keys))
    const is_cache_told = keys.size === 0 || (await cache.forget([...keys]))
    await settleChanges.one(sql, { ids: changes.map((change) => change.id), is_cache_told })
    return changes.length === BATCH_SIZE
  }
  const worked = repeat(work, EVERY_MS, (err) => log.warn({ err }, 'changes are not passed on'))
  const stop = async () => {
    await worked.stop()
    await releaseLease.one(sql, { name: 'relay', holder: id }).catch(() => {})
  }
  return { stop }
}

/** Runs `work` again at once while it answers true, and every `every_ms` otherwise. `stop` waits for the run under way. */
function repeat(
  work: () => Promise<boolean>,
  every_ms: number,
  onError: (error: unknown) => void,
): { stop: () => Promise<void> } {
  let is_stopped = false
  let wake = () => {}
  const running = (async () => {
    while (!is_stopped) {
      const has_more = await work().catch((error) => {
        onError(error)
        return false
      })
      if (has_more || is_stopped) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, every_ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  const stop = async () => {
    is_stopped = true
    wake()
    await running
  }
  return { stop }
}
