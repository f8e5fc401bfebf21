/** The indices of listings: `products_v<N>` behind the alias `products`, made from search/index.json. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../project.ts'
import type { Client } from './client.ts'

/** What the API asks. A test suite has an alias of its own, and with it its own indices and synonyms. */
export const PRODUCTS = 'products'

type IndexFile = {
  settings: { analysis: { filter: { synonym_filter: { synonyms_set: string } } } }
  mappings: Record<string, unknown>
}

/** Settings and mapping of an index behind this alias. The set of synonyms has the alias's name. */
export function readIndexFile(alias: string = PRODUCTS): IndexFile {
  const file = JSON.parse(readFileSync(join(projectRoot, 'search', 'index.json'), 'utf8')) as IndexFile
  file.settings.analysis.filter.synonym_filter.synonyms_set = alias
  return file
}

/** Creates `<alias>_v<version>`, empty and behind no alias yet, and answers its name. Its synonyms must have been sent before. */
export async function createIndex(client: Client, alias: string, version: number): Promise<string> {
  const index = `${alias}_v${version}`
  await client.indices.create({ index, ...(readIndexFile(alias) as object) })
  return index
}

/** The index behind an alias, or null. */
export async function findIndex(client: Client, alias: string): Promise<string | null> {
  const found = await client.indices.getAlias({ name: alias }, { ignore: [404] })
  return Object.keys(found).find((name) => name.startsWith(`${alias}_v`)) ?? null
}

/** Puts the alias on this index and takes it off any other, in one step. */
export async function swapAlias(client: Client, alias: string, index: string): Promise<void> {
  await client.indices.updateAliases({
    actions: [{ remove: { index: `${alias}_v*`, alias, must_exist: false } }, { add: { index, alias } }],
  })
}
