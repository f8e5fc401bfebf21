/** The indices of listings: `products_v<N>` behind the alias `products`, made from search/index.json. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../project.ts'
import type { Client } from './client.ts'

/** What the API asks. A test suite has an alias of its own, and with it its own indices and synonyms. */
export const PRODUCTS = 'products'

type IndexFile = {
  settings: {
    refresh_interval: string
    auto_expand_replicas: string
    analysis: { filter: { synonym_filter: { synonyms_set: string } } }
  }
  mappings: { _meta: { format: number } }
}

/** Settings and mapping of an index behind this alias. The set of synonyms has the alias's name. */
export function readIndexFile(alias: string = PRODUCTS): IndexFile {
  const file = JSON.parse(readFileSync(join(projectRoot, 'search', 'index.json'), 'utf8')) as IndexFile
  file.settings.analysis.filter.synonym_filter.synonyms_set = alias
  return file
}

/** The number of the mapping that this version writes and searches: an index of a lower one must be built anew. */
export const INDEX_FORMAT = readIndexFile().mappings._meta.format

/** What is written into an index goes by this name: Elasticsearch would make a missing index of a name that is none's alias. */
export const writtenAs = (index: string) => `write_${index}`

/** Creates an empty index that no search reads yet, without refreshes and replicas until openToSearches. Its synonyms must have been sent before. */
export async function createIndex(client: Client, alias: string, index: string): Promise<void> {
  const file = readIndexFile(alias)
  const settings = { ...file.settings, refresh_interval: '-1', auto_expand_replicas: false, number_of_replicas: 0 }
  await client.indices.create({
    index,
    settings: settings as object,
    mappings: file.mappings as object,
    aliases: { [writtenAs(index)]: {} },
  })
}

/** Gives an index the settings of search/index.json and shows what is in it. */
export async function openToSearches(client: Client, alias: string, index: string): Promise<void> {
  const { refresh_interval, auto_expand_replicas } = readIndexFile(alias).settings
  await client.indices.putSettings({ index, settings: { refresh_interval, auto_expand_replicas } })
  await client.indices.refresh({ index })
}

/** Puts the alias on this index and takes it off any other, in one step. */
export async function swapAlias(client: Client, alias: string, index: string): Promise<void> {
  await client.indices.updateAliases({
    actions: [{ remove: { index: `${alias}_v*`, alias, must_exist: false } }, { add: { index, alias } }],
  })
}

/** An index as Elasticsearch knows it: `uuid` is no other's, whatever the name; `last_revision` is the highest in it. */
export type FoundIndex = { name: string; uuid: string; last_revision: number }

/** The index behind an alias, or null. */
export async function findIndex(client: Client, alias: string, timeout_ms?: number): Promise<FoundIndex | null> {
  const options = timeout_ms === undefined ? {} : { requestTimeout: timeout_ms }
  const found = await client.indices.getSettings({ index: alias, name: 'index.uuid' }, { ...options, ignore: [404] })
  const [first] = Object.entries(found as Record<string, { settings?: { index?: { uuid?: string } } }>)
  const uuid = first?.[1].settings?.index?.uuid
  if (!first || uuid === undefined) return null
  const aggs = { last: { max: { field: 'revision' } } }
  const { aggregations } = await client.search({ index: first[0], size: 0, aggs }, options)
  const last = (aggregations?.last as { value: number | null } | undefined)?.value
  return { name: first[0], uuid, last_revision: last ?? 0 }
}

/** The names of all indices of an alias, whether it points at them or not. */
export async function listIndices(client: Client, alias: string): Promise<string[]> {
  const found = await client.indices.getSettings({ index: `${alias}_v*`, name: 'index.uuid' }, { ignore: [404] })
  return Object.keys(found).filter((name) => numberOf(alias, name) > 0)
}

/** N of `<alias>_v<N>`; 0 for any other name. */
export function numberOf(alias: string, index: string): number {
  return Number(index.startsWith(`${alias}_v`) && /_v(\d+)$/.exec(index)?.[1])
}

/** Deletes indices that nobody reads any more; those that are gone already are no error. */
export async function dropIndices(client: Client, indices: string[]): Promise<void> {
  for (const index of indices) await client.indices.delete({ index }, { ignore: [404] })
}
