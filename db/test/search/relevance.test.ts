import { afterAll, beforeAll, expect, test } from 'bun:test'
import { rankByPostgres } from '../../../bench/relevance/baseline.ts'
import { rankBy, rateRelevance, summarizeRelevance } from '../../../bench/relevance/rate_relevance.ts'
import { openPostgresBackend } from '../../../src/domains/search/postgres_backend.ts'
import type { TestDatabase } from '../../../test/support/database.ts'
import { openCatalogDatabase } from './catalog.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openCatalogDatabase()
}, 120_000)
afterAll(() => database.close())

// Floors a little below what `bun run relevance` prints: a change that costs more than noise goes red.
test('search stays as good as it was on the judged queries', async () => {
  const summary = new Map(
    summarizeRelevance(await rateRelevance(rankBy(openPostgresBackend(database.sql)))).map((line) => [line.name, line.quality]),
  )
  expect(summary.get('clean, all')?.ndcg_at_10).toBeGreaterThan(0.89)
  expect(summary.get('misspelled, all')?.ndcg_at_10).toBeGreaterThan(0.86)
  expect(summary.get('clean, all')?.zero_results).toBe(0)
  expect(summary.get('misspelled, all')?.zero_results).toBeLessThanOrEqual(0.01)
}, 120_000)

test('search finds more of what is meant than the baseline', async () => {
  const summary = new Map(
    summarizeRelevance(await rateRelevance(rankByPostgres(database.sql))).map((line) => [line.name, line.quality]),
  )
  expect(summary.get('clean, all')?.ndcg_at_10).toBeCloseTo(0.862, 2)
  expect(summary.get('misspelled, all')?.ndcg_at_10).toBeCloseTo(0.542, 2)
}, 120_000)
