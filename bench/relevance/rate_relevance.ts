import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EVERYTHING, type SearchBackend } from '../../src/domains/search/backend.ts'
import { projectRoot } from '../../src/platform/project.ts'
import {
  type JudgedQuery,
  type Judgements,
  meanQuality,
  measure,
  parseJudgements,
  parseQueries,
  type Quality,
} from './relevance.ts'

/** One query of the set, with the quality of its results. */
export type RatedQuery = JudgedQuery & { quality: Quality }

const FOLDER = join(projectRoot, 'search', 'relevance')

/** Reads the shipped queries and their judgments over the shipped catalog. */
export function readRelevanceSet(): { queries: JudgedQuery[]; judgements: Judgements } {
  const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
  return { queries: parseQueries(read('queries.tsv')), judgements: parseJudgements(read('qrels.txt')) }
}

/** Returns the skus that a query finds, the best first, at most 100. */
export type Rank = (q: string) => Promise<string[]>

/** Returns the ranking of a search engine. */
export function rankBy(backend: SearchBackend): Rank {
  return async (q) => skusOf((await backend.search({ ...EVERYTHING, q, limit: 100 })).items)
}

/** Returns the skus of a page of listings. `items` is JSON text. */
export function skusOf(items: string): string[] {
  return (JSON.parse(items) as { sku: string }[]).map(({ sku }) => sku)
}

/** Rates a ranking by every query of the set. The database must hold the whole shipped catalog, in stock. */
export async function rateRelevance(rank: Rank): Promise<RatedQuery[]> {
  const { queries, judgements } = readRelevanceSet()
  const rated: RatedQuery[] = []
  for (const query of queries) {
    rated.push({ ...query, quality: measure(await rank(query.text), judgements.get(query.id) ?? new Map()) })
  }
  return rated
}

/** Returns the lines of the report: clean and misspelled, over all queries and each half. Weights are chosen on the even half. */
export function summarizeRelevance(rated: RatedQuery[]): { name: string; quality: Quality }[] {
  const halves = { all: () => true, even: (id: string) => halfOf(id) === 0, odd: (id: string) => halfOf(id) === 1 }
  const variants = { clean: (variant: string) => variant === 'clean', misspelled: (variant: string) => variant !== 'clean' }
  return Object.entries(variants).flatMap(([variant, isOf]) =>
    Object.entries(halves).map(([half, isIn]) => ({
      name: `${variant}, ${half}`,
      quality: meanQuality(rated.filter((query) => isOf(query.variant) && isIn(query.id)).map((query) => query.quality)),
    })),
  )
}

/** Returns 0 or 1. The ids of the set are all even, so a half is every second id. */
function halfOf(id: string): number {
  return (Number(id.slice(1)) / 2) % 2
}
