/** An index for one test suite, in the Elasticsearch that the test run shares. */

import { type Client, openElasticsearch } from '../../src/domains/search/elasticsearch/client.ts'
import { searchDocuments } from '../../src/domains/search/elasticsearch/documents.ts'
import {
  createIndex,
  dropIndices,
  listIndices,
  openToSearches,
  swapAlias,
} from '../../src/domains/search/elasticsearch/indices.ts'
import { sendSynonyms } from '../../src/domains/search/elasticsearch/synonyms.ts'
import type { Sql } from '../../src/platform/db/client.ts'
import { sharedElasticsearch } from './stores/elasticsearch.ts'

/** `fill` indexes every listing of the database. The listings are searchable when it returns. */
export type TestIndex = { client: Client; url: string; alias: string; fill: () => Promise<number>; close: () => Promise<void> }

const BATCH = 1000

/** Creates an empty index with a new alias and the synonyms of the database. */
export async function openTestIndex(sql: Sql): Promise<TestIndex> {
  const { url } = await sharedElasticsearch()
  const client = openElasticsearch(url)
  const alias = `test_${crypto.randomUUID().slice(0, 8)}`
  await sendSynonyms(sql, client, alias)
  await createIndex(client, alias, `${alias}_v1`)
  await openToSearches(client, alias, `${alias}_v1`)
  await swapAlias(client, alias, `${alias}_v1`)
  const close = async () => {
    await dropIndices(client, await listIndices(client, alias))
    await client.close()
  }
  return { client, url, alias, fill: () => fillIndex(sql, client, alias), close }
}

async function fillIndex(sql: Sql, client: Client, alias: string): Promise<number> {
  const rows = await sql<{ id: number }[]>`select id from products where archived_at is null order by id`
  for (let from = 0; from < rows.length; from += BATCH) {
    const product_ids = rows.slice(from, from + BATCH).map((row) => row.id)
    const documents = await searchDocuments.many(sql, { product_ids })
    const lines = documents.map(({ id, document }) => `{"index":{"_id":"${id}"}}\n${document}\n`)
    const { errors } = await client.bulk(
      { index: alias, operations: lines.map((line) => line.trimEnd()) },
      { requestTimeout: 30_000 },
    )
    if (errors) throw new Error('a document was refused')
  }
  await client.indices.refresh({ index: alias })
  return rows.length
}
