import { expect, test } from 'bun:test'
import { readRelevanceSet } from '../../bench/relevance/rate_relevance.ts'
import { readQueries } from './stage.ts'

test('queries are clean and misspelled alternately, until no clean one is left, and none is lost', () => {
  const { queries } = readRelevanceSet()
  const clean = queries.filter(({ variant }) => variant === 'clean').map(({ text }) => text)
  const read = readQueries()
  expect(read.filter((_, place) => place % 2 === 0 && place < 2 * clean.length)).toEqual(clean)
  expect(read.toSorted()).toEqual(queries.map(({ text }) => text).sort())
})
