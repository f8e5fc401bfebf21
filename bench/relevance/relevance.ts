/** Measures a ranking by graded judgments, with the measures of information retrieval. The files have TREC's format. */

/** Grades 0-3 by query and sku. The grade of a missing pair is 0. */
export type Judgements = Map<string, Map<string, number>>
/** A query of the set. `variant` is `clean` or a kind of misspelling. */
export type JudgedQuery = { id: string; variant: string; text: string }
/** `queries` is the number of queries. The others are means over queries, from 0 to 1. */
export type Quality = { queries: number; ndcg_at_10: number; mrr: number; recall_at_100: number; zero_results: number }

const RELEVANT_GRADE = 2

/** Reads `query_id 0 sku grade` lines. Throws on a line with another shape. */
export function parseJudgements(text: string): Judgements {
  const judgements: Judgements = new Map()
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const [id, , sku, grade] = line.trim().split(/\s+/)
    if (id === undefined || sku === undefined || grade === undefined) throw new Error(`not a judgement: ${line}`)
    const ofQuery = judgements.get(id) ?? new Map<string, number>()
    ofQuery.set(sku, Number(grade))
    judgements.set(id, ofQuery)
  }
  return judgements
}

/** Reads `query_id<tab>variant<tab>query` lines under a header. */
export function parseQueries(text: string): JudgedQuery[] {
  const lines = text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
  return lines.map((line) => {
    const [id = '', variant = '', query = ''] = line.split('\t')
    return { id, variant, text: query }
  })
}

/**
 * Returns the measures of one ranking (skus, best first). The gain is 2^grade - 1. The discount is log2 of the rank + 1. The
 * ideal ranking is over all judged skus.
 */
export function measure(ranking: string[], grades: Map<string, number>): Quality {
  const relevant = [...grades].filter(([, grade]) => grade >= RELEVANT_GRADE).map(([sku]) => sku)
  const gradeOf = (sku: string) => grades.get(sku) ?? 0
  const ideal = discountedGain([...grades.values()].sort((a, b) => b - a))
  const first = ranking.findIndex((sku) => gradeOf(sku) >= RELEVANT_GRADE)
  const top = new Set(ranking.slice(0, 100))
  return {
    queries: 1,
    ndcg_at_10: ideal > 0 ? discountedGain(ranking.map(gradeOf)) / ideal : 0,
    mrr: first < 0 ? 0 : 1 / (first + 1),
    recall_at_100: relevant.length > 0 ? relevant.filter((sku) => top.has(sku)).length / relevant.length : 0,
    zero_results: ranking.length === 0 ? 1 : 0,
  }
}

/** Returns the mean of several measures. Returns zeros if there are no measures. */
export function meanQuality(all: Quality[]): Quality {
  const mean = (pick: (one: Quality) => number) => all.reduce((sum, one) => sum + pick(one), 0) / Math.max(1, all.length)
  return {
    queries: all.length,
    ndcg_at_10: mean((one) => one.ndcg_at_10),
    mrr: mean((one) => one.mrr),
    recall_at_100: mean((one) => one.recall_at_100),
    zero_results: mean((one) => one.zero_results),
  }
}

function discountedGain(grades: number[]): number {
  return grades.slice(0, 10).reduce((sum, grade, rank) => sum + (2 ** grade - 1) / Math.log2(rank + 2), 0)
}
