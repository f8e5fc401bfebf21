/** Compares PostgreSQL's record of the search index with the index in Elasticsearch. */
import { Type } from '@sinclair/typebox'
import type { Logger } from 'pino'
import type { Sql } from '../../../platform/db/client.ts'
import { routine } from '../../../platform/db/statement.ts'
import { Nullable } from '../../../platform/db/types.ts'
import { clearDeadBuild } from './build_index.ts'
import type { Client } from './client.ts'
import { findIndex, fitReplicas, INDEX_FORMAT, type Layout, PLAIN_LAYOUT } from './indices.ts'
import type { Taken } from './write_changes.ts'

const checkSearchIndex = routine(
  'check_search_index',
  {
    alias: Type.String(),
    followed_index_name: Type.String(),
    index_name: Nullable(Type.String()),
    index_uuid: Nullable(Type.String()),
    last_revision: Nullable(Type.Integer()),
  },
  { check_search_index: Type.Boolean() },
)

/** Short, so a check that hangs does not outlast an outage by much. */
const TIMEOUT_MS = 10_000

type Checked = { sql: Sql; client: Client; alias: string; log: Logger; layout?: Layout }

/**
 * Returns whether an index must be built: no index is followed, its format is old, or Elasticsearch has lost or replaced it.
 * Removes a build whose process is gone. `is_building` means that this process runs the build.
 */
export async function checkIndex(options: Checked, taken: Taken, is_building: boolean): Promise<boolean> {
  const { index_name, next_index_name, format } = taken
  const is_due = index_name === null || (format ?? 0) < INDEX_FORMAT || !(await isFollowed(options, index_name))
  if (next_index_name === null) return is_due
  if (!is_building) await clearDeadBuild({ ...options, index: next_index_name })
  return false
}

async function isFollowed({ sql, client, alias, log }: Checked, index_name: string): Promise<boolean> {
  const found = await findIndex(client, alias, TIMEOUT_MS).catch(async (error) => {
    await retryShards(client, error)
    throw error
  })
  const { name = null, uuid = null, last_revision = null } = found ?? {}
  const same = await checkSearchIndex.one(sql, {
    alias,
    followed_index_name: index_name,
    index_name: name,
    index_uuid: uuid,
    last_revision,
  })
  if (!same.check_search_index) log.warn({ index_name, found }, 'the search index is not the followed one: it is built again')
  return same.check_search_index
}

/**
 * An index whose analyzer reads a set of synonyms cannot start before the index that holds the set. On a slow start Elasticsearch
 * gives up after five tries, and does not try again by itself.
 */
async function retryShards(client: Client, error: { statusCode?: number }): Promise<void> {
  if (error.statusCode !== 503) return
  await client.cluster.reroute({ retry_failed: true, metric: 'none' }, { requestTimeout: TIMEOUT_MS }).catch(() => {})
}

/** Changes the number of replicas at once. Another number of shards needs another index, which only an operator starts. */
export async function fitLayout({ client, log, layout = PLAIN_LAYOUT }: Checked, { index_name }: Taken): Promise<void> {
  if (index_name === null) return
  const shards = await fitReplicas(client, index_name, layout)
  if (shards !== layout.shards)
    log.warn({ index_name, shards, configured: layout.shards }, 'the search index has another number of shards: run reindex')
}
