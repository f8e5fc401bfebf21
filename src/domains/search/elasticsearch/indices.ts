/** The indices of listings: `products_v<N>` behind the alias `products`, made from search/index.json. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errors } from '@elastic/elasticsearch'
import { projectRoot } from '../../../platform/project.ts'
import type { Client } from './client.ts'

/** The alias that the API searches. Each test suite has its own alias, indices and synonyms. */
export const PRODUCTS = 'products'

/** The shards of an index, and the replicas of each shard. Null `replicas` means one replica if there is a second node. */
export type Layout = { shards: number; replicas: number | null }
export const PLAIN_LAYOUT: Layout = { shards: 1, replicas: null }

/** The layout from the configuration. */
export function layoutOf({ SEARCH_SHARDS, SEARCH_REPLICAS }: { SEARCH_SHARDS: number; SEARCH_REPLICAS?: number }): Layout {
  return { shards: SEARCH_SHARDS, replicas: SEARCH_REPLICAS ?? null }
}

type IndexFile = {
  settings: {
    refresh_interval: string
    analysis: { filter: { synonym_filter: { synonyms_set: string } } }
  }
  mappings: { _meta: { format: number } }
}

/** Reads the settings and the mapping of an index behind this alias. The set of synonyms has the alias's name. */
export function readIndexFile(alias: string = PRODUCTS): IndexFile {
  const file = JSON.parse(readFileSync(join(projectRoot, 'search', 'index.json'), 'utf8')) as IndexFile
  file.settings.analysis.filter.synonym_filter.synonyms_set = alias
  return file
}

/** The number of the mapping that this version writes and searches. An index with a lower number must be built again. */
export const INDEX_FORMAT = readIndexFile().mappings._meta.format

/** The alias to write through. Elasticsearch would create a missing index for a write to a plain name. */
export const writtenAs = (index: string) => `write_${index}`

/**
 * Creates an empty index that no search reads yet, without refreshes until openToSearches. The index has its replicas from the
 * start, so a node can fail during the build. Send the synonyms first. Only this build uses the name. If the index exists
 * already, an earlier try of the same request created it: the client sends a request again when a node fails.
 */
export async function createIndex(client: Client, alias: string, index: string, layout = PLAIN_LAYOUT): Promise<void> {
  const file = readIndexFile(alias)
  const spread = { number_of_shards: layout.shards, ...replicasOf(layout) }
  const created = client.indices.create({
    index,
    settings: { ...file.settings, ...spread, refresh_interval: '-1' } as object,
    mappings: file.mappings as object,
    aliases: { [writtenAs(index)]: {} },
  })
  await created.catch((error) => {
    if (!(error instanceof errors.ResponseError && error.body?.error?.type === 'resource_already_exists_exception')) throw error
  })
}

function replicasOf({ replicas }: Layout): Record<string, string> {
  return replicas === null
    ? { auto_expand_replicas: '0-1' }
    : { auto_expand_replicas: 'false', number_of_replicas: String(replicas) }
}

/** Gives an index the replicas of the layout. It indexes no document again. Returns the number of shards. */
export async function fitReplicas(client: Client, index: string, layout: Layout): Promise<number> {
  const name = ['index.number_of_shards', 'index.number_of_replicas', 'index.auto_expand_replicas']
  const answer = await client.indices.getSettings({ index, name })
  const found: Record<string, unknown> = { auto_expand_replicas: 'false', ...answer[index]?.settings?.index }
  const wanted = replicasOf(layout)
  const differs = Object.entries(wanted).some(([key, value]) => found[key] !== value)
  if (differs) await client.indices.putSettings({ index, settings: wanted })
  return Number(found.number_of_shards)
}

/** Gives an index the refresh interval of search/index.json, and makes its documents visible. */
export async function openToSearches(client: Client, alias: string, index: string): Promise<void> {
  const { refresh_interval } = readIndexFile(alias).settings
  await client.indices.putSettings({ index, settings: { refresh_interval } })
  await client.indices.refresh({ index })
}

/** Moves the alias to this index from any other, in one step. */
export async function swapAlias(client: Client, alias: string, index: string): Promise<void> {
  await client.indices.updateAliases({
    actions: [{ remove: { index: `${alias}_v*`, alias, must_exist: false } }, { add: { index, alias } }],
  })
}

/**
 * An index in Elasticsearch. `uuid` is unique even if two indices had the same name. `last_revision` is the highest in the index.
 */
export type FoundIndex = { name: string; uuid: string; last_revision: number }

/** Returns the index behind an alias, or null if the alias names no index. */
export async function findIndex(client: Client, alias: string, timeout_ms?: number): Promise<FoundIndex | null> {
  const options = timeout_ms === undefined ? {} : { requestTimeout: timeout_ms }
  const found = await client.indices.getSettings({ index: alias, name: 'index.uuid' }, { ...options, ignore: [404] })
  const [first] = Object.entries(found as Record<string, { settings?: { index?: { uuid?: string } } }>)
  const uuid = first?.[1].settings?.index?.uuid
  if (!first || uuid === undefined) return null
  const aggs = { last: { max: { field: 'revision' } } }
  // A missing shard must be an error (see retryShards in check_index.ts).
  const { aggregations } = await client.search({ index: first[0], size: 0, aggs, allow_partial_search_results: false }, options)
  const last = (aggregations?.last as { value: number | null } | undefined)?.value
  return { name: first[0], uuid, last_revision: last ?? 0 }
}

/** Returns the names of all indices of an alias, including those that it does not point at. */
export async function listIndices(client: Client, alias: string): Promise<string[]> {
  const found = await client.indices.getSettings({ index: `${alias}_v*`, name: 'index.uuid' }, { ignore: [404] })
  return Object.keys(found).filter((name) => numberOf(alias, name) > 0)
}

/** Returns N of `<alias>_v<N>`, or 0 for any other name. */
export function numberOf(alias: string, index: string): number {
  return Number(index.startsWith(`${alias}_v`) && /_v(\d+)$/.exec(index)?.[1])
}

/** Deletes indices that no search reads. Ignores an index that is already gone. */
export async function dropIndices(client: Client, indices: string[]): Promise<void> {
  for (const index of indices) await client.indices.delete({ index }, { ignore: [404] })
}
