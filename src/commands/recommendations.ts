/** `bun run recommendations`: how good the recommendations are, on the shipped baskets, in a database of its own. */
import { loadShippedCatalog } from '../catalog/load_shipped.ts'
import { evaluateRecommendations } from '../recommendations/evaluate.ts'
import { openTestDatabase } from '../test/database.ts'

const database = await openTestDatabase()
try {
  await loadShippedCatalog(database.url, database.sql, console.log)
  await database.sql`set statement_timeout = 0`
  const { customers, ndcg_popularity, ndcg_recommendations, ratio } = await evaluateRecommendations(database.sql, console.log)
  console.log(`NDCG@20 over ${customers} held-out customers, one favorite each`)
  console.log(`  popularity       ${ndcg_popularity.toFixed(3)}`)
  console.log(`  recommendations  ${ndcg_recommendations.toFixed(3)}  (${ratio.toFixed(2)} times popularity)`)
  process.exitCode = ratio >= 1.3 ? 0 : 1
} finally {
  await database.close()
}
