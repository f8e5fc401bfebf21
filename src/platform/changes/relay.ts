/**
 * Invalidates the cache for the rows of `changes`: for changes by a job, an import or psql, and by a call that died between its
 * commit and its response. One process at a time does this work.
 *
 * A relay looks every 0.2 s while this process reads cached texts. Otherwise no reader can see a stale text, and the relay rests:
 * it looks if a heartbeat finds changes. The first reader after a rest waits for a look, so it sees the same as any other reader.
 *
 *                 3 s without a cached read
 *     awake ──────────────────────────────────▶ resting
 *       ▲                                          │ a cached read
 *       └───── a look that began since ◀── waking ◀┘
 */
import { Type } from '@sinclair/typebox'
import type { Logger } from 'pino'
import type { Cache, IsAwake } from '../cache/cache.ts'
import type { Sql } from '../db/client.ts'
import { routine } from '../db/statement.ts'
import { Uuid } from '../db/types.ts'
import { inTime } from '../in_time.ts'
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
const REST_AFTER_MS = 3000
/** A heartbeat ends the rest much sooner. */
const REST_MS = 60_000
/** A reader that waits longer for the first look reads the database. */
const LOOK_TIMEOUT_MS = 150

export type Relay = {
  /** Keeps the relay awake. Resolves to false if the first look after a rest takes longer than 150 ms. */
  isAwake: IsAwake
  /** Makes a resting relay look for changes. */
  wake: () => void
  stop: () => Promise<void>
}

type RelayOptions = {
  /** Names this process. */
  id: string
  cache: Pick<Cache, 'invalidate'>
  log: Logger
  /** False for a process without a heartbeat that wakes its relay. */
  rests?: boolean
}

/** Runs until `stop`. */
export function openRelay(sql: Sql, { id, cache, log, rests = false }: RelayOptions): Relay {
  const lease = { name: 'relay', holder: id }
  let state: 'awake' | 'resting' | 'waking' = rests ? 'resting' : 'awake'
  let read_at_ms = Number.NEGATIVE_INFINITY
  let looked = Promise.withResolvers<true>()

  /** Delivers one batch. Returns whether there can be more. */
  const deliver = async (): Promise<boolean> => {
    const changes = await readChanges.many(sql, { holder: id, batch_size: BATCH_SIZE })
    if (changes.length === 0) return false
    const keys = new Set(changes.flatMap((change) => change.keys))
    const is_cache_told = keys.size === 0 || (await cache.invalidate([...keys]))
    await acknowledgeChanges.one(sql, { ids: changes.map((change) => change.id), is_cache_told })
    return changes.length === BATCH_SIZE
  }
  /** Returns the pause in milliseconds before the next look. */
  const work = async (): Promise<number> => {
    const is_wanted = state === 'waking'
    if (await deliver()) return 0
    if (is_wanted) {
      state = 'awake'
      looked.resolve(true)
    }
    if (rests && state === 'awake' && performance.now() - read_at_ms > REST_AFTER_MS) {
      state = 'resting'
      looked = Promise.withResolvers()
    }
    if (state !== 'resting') return EVERY_MS
    // A reader in another process must not depend on a relay that rests.
    await releaseLease.one(sql, lease)
    return REST_MS
  }
  const worked = repeat(work, (err) => {
    log.warn({ err }, 'the relay cannot deliver changes')
    return EVERY_MS
  })
  return {
    isAwake: () => {
      read_at_ms = performance.now()
      if (state === 'awake') return true
      if (state === 'resting') {
        state = 'waking'
        worked.wake()
      }
      return inTime(looked.promise, LOOK_TIMEOUT_MS).catch(() => false)
    },
    wake: () => {
      if (state === 'resting') worked.wake()
    },
    stop: async () => {
      await worked.stop()
      await releaseLease.one(sql, lease).catch(() => {})
    },
  }
}
