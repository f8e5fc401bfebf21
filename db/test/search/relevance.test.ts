import { expect, test } from 'bun:test'
import { rankByPostgres } from '../../../bench/relevance/baseline.ts'
import { rankBy } from '../../../bench/relevance/rate_relevance.ts'
import { openPostgresBackend } from '../../../src/domains/search/postgres_backend.ts'
import { catalogDatabase, qualityOf } from './catalog.ts'

const db = await catalogDatabase()

// The floors are a little below what `bun run relevance` prints, so only a change that costs more than noise fails.
test('search stays as good as it was on the judged queries', async () => {
  const quality = await qualityOf(rankBy(openPostgresBackend(db.sql)))
  expect(quality.get('clean, all')?.ndcg_at_10).toBeGreaterThan(0.89)
  expect(quality.get('misspelled, all')?.ndcg_at_10).toBeGreaterThan(0.86)
  expect(quality.get('clean, all')?.zero_results).toBe(0)
  expect(quality.get('misspelled, all')?.zero_results).toBeLessThanOrEqual(0.01)
}, 120_000)

test('search finds more relevant listings than the baseline', async () => {
  const quality = await qualityOf(rankByPostgres(db.sql))
  expect(quality.get('clean, all')?.ndcg_at_10).toBeCloseTo(0.862, 2)
  expect(quality.get('misspelled, all')?.ndcg_at_10).toBeCloseTo(0.55, 2)
}, 120_000)
