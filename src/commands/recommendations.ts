/** `bun run recommendations`: measures the quality of the recommendations on the shipped baskets, in a scratch database. */

import { migrate } from '../deploy/migrate.ts'
import { createScratchDatabase } from '../deploy/scratch_database.ts'
import { loadShippedCatalog } from '../domains/catalog/load_shipped.ts'
import { type Evaluation, evaluateRecommendations } from '../domains/recommendations/evaluate.ts'
import { readArguments, runCommand } from '../platform/arguments.ts'
import { readConfig } from '../platform/config.ts'
import { openPool } from '../platform/db/client.ts'

/** The least ratio of the recommendations' NDCG@20 to that of popular items. */
const WANTED_RATIO = 1.3

const usage = `Usage: bun run recommendations

Holds out a fifth of the customers of the shipped baskets, with one product each as their only favorite, and prints NDCG@20 of
the recommendations and of popular items. Fails below ${WANTED_RATIO} times popularity.`

await runCommand(usage, async () => {
  readArguments({})
  const scratch = await createScratchDatabase(readConfig(process.env).DATABASE_URL)
  try {
    await migrate(scratch.url)
    const { customers, ndcg_popularity, ndcg_recommendations, ratio } = await evaluate(scratch.url)
    console.log(`NDCG@20 over ${customers} held-out customers, one favorite each`)
    console.log(`  popularity       ${ndcg_popularity.toFixed(3)}`)
    console.log(`  recommendations  ${ndcg_recommendations.toFixed(3)}  (${ratio.toFixed(2)} times popularity)`)
    return ratio >= WANTED_RATIO ? 0 : 1
  } finally {
    await scratch.drop()
  }
})

async function evaluate(url: string): Promise<Evaluation> {
  const sql = openPool(url, { max: 1, name: 'stallwright recommendations', statement_timeout_ms: 0 })
  try {
    await loadShippedCatalog(url, sql)
    return await evaluateRecommendations(sql, console.log)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
