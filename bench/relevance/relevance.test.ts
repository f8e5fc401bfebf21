import { expect, test } from 'bun:test'
import { meanQuality, measure, parseJudgements, parseQueries } from './relevance.ts'

const grades = new Map([
  ['a', 3],
  ['b', 2],
  ['c', 1],
])

test('the ideal ranking scores 1', () => {
  expect(measure(['a', 'b', 'c'], grades)).toEqual({ queries: 1, ndcg_at_10: 1, mrr: 1, recall_at_100: 1, zero_results: 0 })
})

test('a worse order scores what the formula says', () => {
  // (3 / log2(2) + 7 / log2(4)), divided by the ideal 7 / log2(2) + 3 / log2(3) + 1 / log2(4)
  const { ndcg_at_10, mrr } = measure(['b', 'x', 'a'], grades)
  expect(ndcg_at_10).toBeCloseTo((3 + 7 / 2) / (7 + 3 / Math.log2(3) + 1 / 2), 10)
  expect(mrr).toBe(1)
})

test('the first relevant hit counts for mrr, a merely related one does not', () => {
  expect(measure(['c', 'x', 'b'], grades).mrr).toBeCloseTo(1 / 3, 10)
})

test('no result is zero throughout and counted as such', () => {
  expect(measure([], grades)).toEqual({ queries: 1, ndcg_at_10: 0, mrr: 0, recall_at_100: 0, zero_results: 1 })
  expect(meanQuality([measure([], grades), measure(['a', 'b', 'c'], grades)])).toMatchObject({
    ndcg_at_10: 0.5,
    zero_results: 0.5,
  })
})

test('reads the files, and refuses a line that is no judgement', () => {
  expect(parseJudgements('k1 0 u1 3\nk1 0 u2 0\n').get('k1')).toEqual(
    new Map([
      ['u1', 3],
      ['u2', 0],
    ]),
  )
  expect(() => parseJudgements('k1 0 u1')).toThrow('not a judgement: k1 0 u1')
  expect(parseQueries('query_id\tvariant\tquery\nk1\tclean\ttea light\n')).toEqual([
    { id: 'k1', variant: 'clean', text: 'tea light' },
  ])
})
