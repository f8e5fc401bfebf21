/** Compares a search index with the listings in PostgreSQL. */

import type { Client } from '../../src/domains/search/elasticsearch/client.ts'
import { searchDocuments } from '../../src/domains/search/elasticsearch/documents.ts'
import type { Sql } from '../../src/platform/db/client.ts'

type Source = Record<string, unknown> & { id: number; quantity: number; revision?: number }

const PAGE = 2000

/** Compares each document. Returns a text for each one that is missing, differs, or should not be in the index. */
export async function findIndexDifferences(sql: Sql, client: Client, alias: string): Promise<string[]> {
  await client.indices.refresh({ index: alias })
  const [held, wanted] = [await readIndex(client, alias), await readDocuments(sql)]
  const differences: string[] = []
  for (const [id, document] of wanted) {
    const found = held.get(id)
    if (!found) {
      differences.push(`${id} is missing`)
      continue
    }
    const { revision: _, ...source } = found
    const fields = [...new Set([...Object.keys(document), ...Object.keys(source)])].filter(
      (field) => !Bun.deepEquals(document[field], source[field]),
    )
    for (const field of fields)
      differences.push(`${id} has ${field} ${JSON.stringify(source[field])}, not ${JSON.stringify(document[field])}`)
  }
  for (const [id, { quantity }] of held)
    if (!wanted.has(id) && quantity !== 0) differences.push(`${id} is not on the shelf and has quantity ${quantity}`)
  return differences
}

async function readIndex(client: Client, alias: string): Promise<Map<number, Source>> {
  const held = new Map<number, Source>()
  for (let after: number[] | null = [-1]; after; ) {
    const page: { hits: { hits: { _source?: Source }[] } } = await client.search<Source>({
      index: alias,
      size: PAGE,
      sort: [{ id: 'asc' }],
      search_after: after,
    })
    const sources = page.hits.hits.map((hit) => hit._source as Source)
    for (const source of sources) held.set(source.id, source)
    const last = sources.at(-1)
    after = last && sources.length === PAGE ? [last.id] : null
  }
  return held
}

async function readDocuments(sql: Sql): Promise<Map<number, Source>> {
  const ids = (await sql<{ id: number }[]>`select id from products where archived_at is null`).map((row) => row.id)
  const documents = new Map<number, Source>()
  for (let from = 0; from < ids.length; from += PAGE) {
    const rows = await searchDocuments.many(sql, { product_ids: ids.slice(from, from + PAGE) })
    for (const { id, document } of rows) documents.set(id, JSON.parse(document) as Source)
  }
  return documents
}
