/** `bun run relevance`: how well search answers the judged queries, over the shipped catalogue in a database of its own. */
import { loadShippedCatalog } from '../catalog/load_shipped.ts'
import { readConfig } from '../config.ts'
import { openPool } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { createScratchDatabase } from '../replay/scratch_database.ts'
import { openPostgresBackend } from '../search/postgres_backend.ts'
import { rateRelevance, summarizeRelevance } from '../search/rate_relevance.ts'
import { refreshVocabulary } from '../search/vocabulary.ts'
import { readArguments, runCommand } from './arguments.ts'

const usage = `Usage: bun run relevance [--worst N]

Prints NDCG@10, MRR, recall@100 and the share of queries without a result over search/relevance, clean and misspelt,
and with --worst the N queries that did worst.`

await runCommand(usage, async () => {
  const { values } = readArguments({ worst: { type: 'string' } })
  const scratch = await createScratchDatabase(readConfig(process.env).DATABASE_URL)
  try {
    await migrate(scratch.url)
    await report(scratch.url, Number(values.worst ?? 0))
    return 0
  } finally {
    await scratch.drop()
  }
})

async function report(url: string, worst: number): Promise<void> {
  const sql = openPool(url, { max: 1, name: 'stallwright relevance', statement_timeout_ms: 0 })
  try {
    await loadShippedCatalog(url, sql)
    await refreshVocabulary(sql)
    const rated = await rateRelevance(openPostgresBackend(sql))
    const figure = (value: number) => value.toFixed(4).padStart(9)
    console.log(`${'PostgreSQL'.padEnd(16)} queries  NDCG@10      MRR  rec@100     zero`)
    for (const { name, quality } of summarizeRelevance(rated)) {
      const { queries, ndcg_at_10, mrr, recall_at_100, zero_results } = quality
      console.log(
        `${name.padEnd(16)}${String(queries).padStart(8)}${[ndcg_at_10, mrr, recall_at_100, zero_results].map(figure).join('')}`,
      )
    }
    const ascending = rated.toSorted((a, b) => a.quality.ndcg_at_10 - b.quality.ndcg_at_10)
    for (const { quality, variant, text } of ascending.slice(0, worst)) {
      console.log(`${figure(quality.ndcg_at_10)}  ${text} (${variant})`)
    }
  } finally {
    await sql.end({ timeout: 5 })
  }
}
