/** `bun run reindex`: builds the search index again while searches continue. */
import { Type } from '@sinclair/typebox'
import { buildIndex } from '../domains/search/elasticsearch/build_index.ts'
import { openElasticsearch } from '../domains/search/elasticsearch/client.ts'
import { countListings } from '../domains/search/elasticsearch/documents.ts'
import { layoutOf } from '../domains/search/elasticsearch/indices.ts'
import { openIndexPool } from '../domains/search/open_search.ts'
import { refreshVocabulary } from '../domains/search/vocabulary.ts'
import { readArguments, runCommand, UsageError } from '../platform/arguments.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { openPool } from '../platform/db/client.ts'
import { routine } from '../platform/db/statement.ts'
import { Nullable } from '../platform/db/types.ts'
import { openProgress, type Progress } from './progress.ts'
import { withDatabase } from './with_database.ts'

const usage = `Usage: bun run reindex

Rebuilds the search index from the listings. With ELASTICSEARCH_URL it builds a new index beside the old one and then swaps them
in one step. Otherwise it rebuilds PostgreSQL's own index row by row. Searches continue, and no change is lost, with or without a
running server. A killed run changes nothing, and the next run deletes its leftovers.`

const reindexProducts = routine(
  'reindex_products',
  { after_id: Type.Integer(), page_size: Type.Integer() },
  { last_id: Nullable(Type.Integer()), listings: Type.Integer() },
)

/** The listings of a page are locked while it is indexed: for some tens of milliseconds. */
const PAGE_SIZE = 100

await runCommand(usage, async () => {
  if (readArguments({}).positionals.length > 0) throw new UsageError('reindex takes no arguments')
  const config = readConfig(process.env)
  return await withDatabase(async (url) => {
    const began = performance.now()
    const count = await (config.ELASTICSEARCH_URL
      ? rebuildElasticsearch(url, config.ELASTICSEARCH_URL, config)
      : rebuildPostgres(url))
    const took_s = (performance.now() - began) / 1000
    console.log(`${count} listings in ${took_s.toFixed(1)} s (${Math.round(count / took_s)}/s).`)
    return 0
  })
})

async function rebuildElasticsearch(url: string, elasticsearch_url: string, config: Config): Promise<number> {
  const sql = openIndexPool(url)
  const client = openElasticsearch(elasticsearch_url)
  let progress: Progress | undefined
  const onProgress = (done: number, total: number) => {
    progress ??= openProgress(total, 'Indexing')
    progress.update(done, `${done} of ${total} listings`)
  }
  try {
    const documents = await buildIndex({ sql, client, alias: config.SEARCH_INDEX, layout: layoutOf(config), onProgress })
    if (documents === null) throw new Error('Another process is building the index. Try again later.')
    return documents
  } finally {
    progress?.end()
    await client.close()
    await sql.end({ timeout: 5 })
  }
}

async function rebuildPostgres(url: string): Promise<number> {
  const sql = openPool(url, { max: 1, name: 'stallwright reindex', statement_timeout_ms: 60_000 })
  const { listings: total } = await countListings.one(sql, {})
  const progress = openProgress(total, 'Indexing')
  try {
    let done = 0
    for (let after_id: number | null = 0; after_id !== null; ) {
      const page: { last_id: number | null; listings: number } = await reindexProducts.one(sql, {
        after_id,
        page_size: PAGE_SIZE,
      })
      done += page.listings
      progress.update(done, `${done} of ${total} listings`)
      after_id = page.last_id
    }
    await refreshVocabulary(sql)
    return done
  } finally {
    progress.end()
    await sql.end({ timeout: 5 })
  }
}
