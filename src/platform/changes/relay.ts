/**
 * Invalidates the cache for the rows of `changes`: for changes by a job, an import or psql, and by a call that died between its
 * commit and its response. One process at a time does this work.
 */
import { Type } from '@sinclair/typebox'
import type { Logger } from 'pino'
import type { Cache } from '../cache/cache.ts'
import type { Sql } from '../db/client.ts'
import { routine } from '../db/statement.ts'
import { Uuid } from '../db/types.ts'
import { releaseLease } from '../jobs/lease.ts'
import { repeat } from '../jobs/repeat.ts'

const readChanges = routine(
  'read_changes',
  { holder: Uuid, batch_size: Type.Integer() },
  { id: Type.Integer(), keys: Type.Array(Type.String()) },
)
const acknowledgeChanges = routine(
  'acknowledge_changes',
  { ids: Type.Array(Type.Integer()), is_cache_told: Type.Boolean() },
  { acknowledge_changes: Type.Integer() },
)

const EVERY_MS = 200
const BATCH_SIZE = 2000

export type Relay = { stop: () => Promise<void> }

/** Runs until `stop`. `id` names this process. */
export function openRelay(sql: Sql, { id, cache, log }: { id: string; cache: Pick<Cache, 'invalidate'>; log: Logger }): Relay {
  /** Returns the pause in milliseconds before the next look, or 0 if there can be more rows. */
  const work = async (): Promise<number> => {
    const changes = await readChanges.many(sql, { holder: id, batch_size: BATCH_SIZE })
    if (changes.length === 0) return EVERY_MS
    const keys = new Set(changes.flatMap((change) => change.keys))
    const is_cache_told = keys.size === 0 || (await cache.invalidate([...keys]))
    await acknowledgeChanges.one(sql, { ids: changes.map((change) => change.id), is_cache_told })
    return changes.length === BATCH_SIZE ? 0 : EVERY_MS
  }
  const worked = repeat(work, (err) => {
    log.warn({ err }, 'the relay cannot deliver changes')
    return EVERY_MS
  })
  const stop = async () => {
    await worked.stop()
    await releaseLease.one(sql, { name: 'relay', holder: id }).catch(() => {})
  }
  return { stop }
}
