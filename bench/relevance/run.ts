/** `bun run relevance`: measures the quality of search on the judged queries, over the shipped catalog in a new database. */
import { migrate } from '../../src/deploy/migrate.ts'
import { createScratchDatabase } from '../../src/deploy/scratch_database.ts'
import { loadShippedCatalog } from '../../src/domains/catalog/load_shipped.ts'
import { openElasticsearchBackend } from '../../src/domains/search/elasticsearch/backend.ts'
import { openPostgresBackend } from '../../src/domains/search/postgres_backend.ts'
import { refreshVocabulary } from '../../src/domains/search/vocabulary.ts'
import { readArguments, runCommand } from '../../src/platform/arguments.ts'
import { readConfig } from '../../src/platform/config.ts'
import { openPool, type Pool } from '../../src/platform/db/client.ts'
import { openTestIndex } from '../../test/support/elasticsearch.ts'
import {
  ELASTICSEARCH_HINT,
  findOrInstallElasticsearch,
  stopSharedElasticsearch,
} from '../../test/support/stores/elasticsearch.ts'
import { rankByElasticsearch, rankByPostgres } from './baseline.ts'
import { type Rank, type RatedQuery, rankBy, rateRelevance, summarizeRelevance } from './rate_relevance.ts'

const usage = `Usage: bun run relevance [--worst N]

Prints NDCG@10, MRR, recall@100 and the share of queries without a result over search/relevance, clean and misspelled, on
PostgreSQL and on Elasticsearch, for search and for a plain baseline, and with --worst the N queries that each did worst on.
Weights are chosen on the even half of the queries and reported on the odd one. Starts an Elasticsearch where it can.`

await runCommand(usage, async () => {
  const { values } = readArguments({ worst: { type: 'string' } })
  const scratch = await createScratchDatabase(readConfig(process.env).DATABASE_URL)
  try {
    await migrate(scratch.url)
    await compare(scratch.url, Number(values.worst ?? 0))
    return 0
  } finally {
    await stopSharedElasticsearch()
    await scratch.drop()
  }
})

async function compare(url: string, worst: number): Promise<void> {
  const sql = openPool(url, { max: 1, name: 'stallwright relevance', statement_timeout_ms: 0 })
  try {
    await loadShippedCatalog(url, sql)
    await refreshVocabulary(sql)
    console.log(`${'engine, ranking, queries'.padEnd(40)} queries  NDCG@10      MRR  rec@100     zero`)
    await report('postgres, baseline', rankByPostgres(sql), worst)
    await report('postgres, search', rankBy(openPostgresBackend(sql)), worst)
    await reportElasticsearch(sql, worst)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function reportElasticsearch(sql: Pool, worst: number): Promise<void> {
  if (!findOrInstallElasticsearch()) return console.log(`Not measured: elasticsearch (${ELASTICSEARCH_HINT})`)
  const index = await openTestIndex(sql)
  try {
    await index.fill()
    await report('elasticsearch, baseline', rankByElasticsearch(sql, index.client, index.alias), worst)
    await report('elasticsearch, search', rankBy(openElasticsearchBackend(sql, index.client, index.alias)), worst)
  } finally {
    await index.close()
  }
}

async function report(title: string, rank: Rank, worst: number): Promise<void> {
  const rated: RatedQuery[] = await rateRelevance(rank)
  const figure = (value: number) => value.toFixed(4).padStart(9)
  for (const { name, quality } of summarizeRelevance(rated)) {
    const { queries, ndcg_at_10, mrr, recall_at_100, zero_results } = quality
    const figures = [ndcg_at_10, mrr, recall_at_100, zero_results].map(figure).join('')
    console.log(`${`${title}, ${name}`.padEnd(40)}${String(queries).padStart(8)}${figures}`)
  }
  const ascending = rated.toSorted((a, b) => a.quality.ndcg_at_10 - b.quality.ndcg_at_10)
  for (const { quality, variant, text } of ascending.slice(0, worst)) {
    console.log(`${figure(quality.ndcg_at_10)}  ${text} (${variant})`)
  }
}
