/**
 * Builds a new index beside the one that searches read, and swaps the alias. Before the build reads the first listing, the
 * indexer begins to write every change into both indices. So no change is lost, and the old index stays fresh. A killed build
 * leaves an index behind, which a later build or the indexer deletes.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { Type } from '@sinclair/typebox'
import type { Sql } from '../../../platform/db/client.ts'
import { routine } from '../../../platform/db/statement.ts'
import { Nullable, Uuid, Void } from '../../../platform/db/types.ts'
import { claimLease, releaseLease } from '../../../platform/jobs/lease.ts'
import type { Client } from './client.ts'
import { countListings, readSearchPage } from './documents.ts'
import {
  createIndex,
  dropIndices,
  findIndex,
  INDEX_FORMAT,
  type Layout,
  listIndices,
  numberOf,
  openToSearches,
  swapAlias,
} from './indices.ts'
import { sendSynonyms } from './synonyms.ts'
import { IndexGone, type Outcome, sendNew } from './writes.ts'

const text = Type.String()
const named = { alias: text, index_name: text }
const beginSearchBuild = routine(
  'begin_search_build',
  { alias: text, holder: Uuid, above: Type.Integer() },
  { index_name: text, live_index_name: Nullable(text) },
)
const followSearchBuild = routine('follow_search_build', { ...named, format: Type.Integer() }, { follow_search_build: Void })
const finishSearchBuild = routine(
  'finish_search_build',
  { ...named, index_uuid: text, format: Type.Integer(), refused_ids: Type.Array(Type.Integer()), reasons: Type.Array(text) },
  { finish_search_build: Type.Boolean() },
)
/** Stops the writing of changes into an unfinished index. */
export const abandonSearchBuild = routine('abandon_search_build', named, { abandon_search_build: Void })

const TAKEN = 'another build of the search index has taken over'
const LEASE = 'search build'
const LEASE_S = 15
const RENEW_EVERY_MS = 4000
const PAGE_SIZE = 1000
/** Pages in flight to Elasticsearch while the next page is read. They take a few megabytes, and keep two cores busy. */
const IN_FLIGHT = 3
/** Longer than the time limit of a search, so no search still reads the old index. */
const LINGER_MS = 3500

export type BuildOptions = {
  /** Connections whose commits reach the disk. */
  sql: Sql
  client: Client
  alias: string
  layout?: Layout
  onProgress?: (done: number, total: number) => void
  /** Aborts the build between two pages. */
  signal?: AbortSignal
  /** How long to keep the old index for searches that began on it. */
  linger_ms?: number
}

/** Returns the number of documents in the new index, or null if another process is building one. */
export async function buildIndex(options: BuildOptions): Promise<number | null> {
  const { sql, client, alias, layout, signal, linger_ms = LINGER_MS } = options
  const holder = crypto.randomUUID()
  await sendSynonyms(sql, client, alias)
  const old = await listIndices(client, alias)
  const above = Math.max(0, ...old.map((name) => numberOf(alias, name)))
  const begun = await beginSearchBuild.maybe(sql, { alias, holder, above })
  if (!begun) return null
  const lease = keepLease(sql, holder)
  const { index_name: index, live_index_name } = begun
  try {
    // Deletes the indices of killed builds. Searches can still read the live index. Until the swap they can also read one that is
    // no longer followed.
    const read = (await findIndex(client, alias))?.name
    await dropIndices(
      client,
      old.filter((name) => name !== live_index_name && name !== read),
    )
    await createIndex(client, alias, index, layout)
    await followSearchBuild.one(sql, { alias, index_name: index, format: INDEX_FORMAT })
    const { documents, refused } = await fillIndex(options, index, lease)
    await openToSearches(client, alias, index)
    if (!lease.isHeld()) throw new Error(TAKEN)
    await swapAlias(client, alias, index)
    await finish(options, index, refused)
    await linger(linger_ms, signal)
    if (lease.isHeld()) await dropIndices(client, old)
    return documents
  } catch (error) {
    await giveUp(options, index)
    throw error
  } finally {
    await lease.release()
  }
}

/** Ends a build whose process is gone. If searches already read its index, finishes the build. Otherwise deletes the index. */
export async function clearDeadBuild(options: BuildOptions & { index: string }): Promise<void> {
  const { sql, client, alias, index } = options
  const holder = crypto.randomUUID()
  const { claim_lease: is_dead } = await claimLease.one(sql, { name: LEASE, holder, ttl_s: LEASE_S })
  if (!is_dead) return
  try {
    const read = await findIndex(client, alias)
    if (read?.name === index) await finish(options, index, new Map())
    else await giveUp(options, index)
  } finally {
    await releaseLease.one(sql, { name: LEASE, holder })
  }
}

async function finish({ sql, client, alias }: BuildOptions, index: string, refused: Map<number, string>): Promise<void> {
  const found = await findIndex(client, alias)
  const { finish_search_build: finished } = await finishSearchBuild.one(sql, {
    alias,
    index_name: index,
    index_uuid: found?.name === index ? found.uuid : '',
    format: INDEX_FORMAT,
    refused_ids: [...refused.keys()],
    reasons: [...refused.values()],
  })
  if (!finished) throw new Error(TAKEN)
}

async function linger(for_ms: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(for_ms, undefined, signal ? { signal } : {}).catch(() => {})
}

/** Deletes the index if it can. Otherwise the next build deletes it. */
async function giveUp({ sql, client, alias }: BuildOptions, index: string): Promise<void> {
  await abandonSearchBuild.one(sql, { alias, index_name: index }).catch(() => {})
  const read = await findIndex(client, alias).catch(() => null)
  if (read?.name !== index) await dropIndices(client, [index]).catch(() => {})
}

type Filled = { documents: number; refused: Map<number, string> }

/** Reads page after page while earlier pages are in flight to Elasticsearch. */
async function fillIndex({ sql, client, onProgress, signal }: BuildOptions, index: string, lease: Lease): Promise<Filled> {
  const { listings } = await countListings.one(sql, {})
  const filled: Filled = { documents: 0, refused: new Map() }
  const under_way = new Set<Promise<void>>()
  let failure: { error: unknown } | null = null
  const send = async (page: { id: number; revision: number; document: string }[]) => {
    const outcomes = await sendAll(client, index, page)
    for (const [id, outcome] of outcomes) if (typeof outcome === 'object') filled.refused.set(id, outcome.refused)
    filled.documents += page.length
    onProgress?.(filled.documents, listings)
  }
  for (let after_id = 0; ; ) {
    signal?.throwIfAborted()
    if (!lease.isHeld()) throw new Error(TAKEN)
    const page = await readSearchPage.many(sql, { after_id, page_size: PAGE_SIZE })
    const last = page.at(-1)
    if (!last || failure) break
    after_id = last.id
    const sending = send(page)
      .catch((error) => {
        failure ??= { error }
      })
      .finally(() => under_way.delete(sending))
    under_way.add(sending)
    if (under_way.size >= IN_FLIGHT) await Promise.race(under_way)
  }
  await Promise.all(under_way)
  if (failure) throw (failure as { error: unknown }).error
  return filled
}

const RETRY_AFTER_MS = 500
const TRIES = 20

/**
 * Sends documents again that Elasticsearch could not take. After a broken connection it also resends documents that Elasticsearch
 * could have taken, which changes nothing.
 */
async function sendAll(
  client: Client,
  index: string,
  page: { id: number; revision: number; document: string }[],
): Promise<Map<number, Outcome>> {
  const outcomes = new Map<number, Outcome>()
  let waiting = page
  for (let tries = 1; waiting.length > 0; tries++) {
    const sent = await sendNew(client, index, waiting).catch((error) => {
      if (error instanceof IndexGone || tries >= TRIES) throw error
      return new Map<number, Outcome>()
    })
    for (const { id } of waiting) outcomes.set(id, sent.get(id) ?? 'retry')
    waiting = waiting.filter(({ id }) => outcomes.get(id) === 'retry')
    if (waiting.length > 0 && tries >= TRIES) throw new Error(`Elasticsearch does not take ${waiting.length} documents`)
    if (waiting.length > 0) await wait(RETRY_AFTER_MS)
  }
  return outcomes
}

type Lease = { isHeld: () => boolean; release: () => Promise<void> }

/** Renews the lease of a build. A lease that is not renewed in time is lost. */
function keepLease(sql: Sql, holder: string): Lease {
  let held_until_ms = performance.now() + LEASE_S * 1000
  const timer = setInterval(async () => {
    const asked_at_ms = performance.now()
    const held = await claimLease.one(sql, { name: LEASE, holder, ttl_s: LEASE_S }).catch(() => null)
    // claim_lease renews only in the second half of a lease, so a renewed lease counts for half its time.
    if (held?.claim_lease) held_until_ms = asked_at_ms + (LEASE_S * 1000) / 2
    else if (held) held_until_ms = 0
  }, RENEW_EVERY_MS)
  return {
    isHeld: () => performance.now() < held_until_ms,
    release: async () => {
      clearInterval(timer)
      await releaseLease.one(sql, { name: LEASE, holder }).catch(() => {})
    },
  }
}
