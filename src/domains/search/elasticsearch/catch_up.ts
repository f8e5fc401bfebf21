/** For commands that import many listings and end when searches find them, with or without a running server. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from '@sinclair/typebox'
import pino from 'pino'
import { openRelay } from '../../../platform/changes/relay.ts'
import type { Pool } from '../../../platform/db/client.ts'
import { query, routine } from '../../../platform/db/statement.ts'
import { Nullable, Timestamptz, Void } from '../../../platform/db/types.ts'
import { type Client, openElasticsearch } from './client.ts'
import { openIndexer } from './indexer.ts'

const showBacklog = query(
  'search_index/show_backlog',
  { last_change_id: Nullable(Type.Integer()), moment: Nullable(Timestamptz), alias: Type.String() },
  {
    last_change_id: Nullable(Type.Integer()),
    moment: Timestamptz,
    is_followed: Type.Boolean(),
    noted: Type.Integer(),
    queued: Type.Integer(),
  },
)

const noteChanges = routine('note_changes', { keys: Type.Array(Type.String()) }, { note_changes: Void })

const LOOK_EVERY_MS = 200
/** A wait ends after 20 s without progress. */
const STUCK_AFTER_MS = 20_000

export type Follower = {
  /** Waits until the index shows every earlier change. If there is no progress, returns how many listings still wait. */
  catchUp: (onProgress?: (waiting: number) => void) => Promise<number>
  stop: () => Promise<void>
}

/** Follows changes beside a server's indexer, or instead of one. Commits of `sql` must reach the disk. */
export function openFollower(sql: Pool, elasticsearch_url: string, alias: string): Follower {
  const client = openElasticsearch(elasticsearch_url)
  const log = pino({ level: 'silent' })
  // The caches are in other processes, so the relay invalidates them, like for any other change.
  const onVisible = () => noteChanges.one(sql, { keys: ['searches'] })
  const indexer = openIndexer({ sql, client, alias, log, onVisible, may_build: false })
  // This relay works only if no server holds the relay's lease. It cannot reach caches, so the next server invalidates
  // everything.
  const relay = openRelay(sql, { id: crypto.randomUUID(), cache: { invalidate: async () => false }, log })
  return {
    catchUp: (onProgress) => waitForIndex(sql, client, alias, onProgress),
    stop: async () => {
      await relay.stop()
      await indexer.stop()
      await client.close()
    },
  }
}

async function waitForIndex(sql: Pool, client: Client, alias: string, onProgress?: (waiting: number) => void): Promise<number> {
  const { last_change_id, is_followed } = await showBacklog.one(sql, { last_change_id: null, moment: null, alias })
  if (!is_followed) return 0
  const untilNone = async (count: () => Promise<number>): Promise<number> => {
    let [least, moved_at_ms] = [Number.POSITIVE_INFINITY, performance.now()]
    for (;;) {
      const waiting = await count()
      onProgress?.(waiting)
      if (waiting === 0 || performance.now() - moved_at_ms > STUCK_AFTER_MS) return waiting
      if (waiting < least) [least, moved_at_ms] = [waiting, performance.now()]
      await sleep(LOOK_EVERY_MS)
    }
  }
  const noted = await untilNone(async () => (await showBacklog.one(sql, { last_change_id, moment: null, alias })).noted)
  if (noted > 0) return noted
  const { moment } = await showBacklog.one(sql, { last_change_id: null, moment: null, alias })
  const queued = await untilNone(async () => (await showBacklog.one(sql, { last_change_id: null, moment, alias })).queued)
  if (queued > 0) return queued
  await client.indices.refresh({ index: alias })
  await noteChanges.one(sql, { keys: ['searches'] })
  return 0
}
