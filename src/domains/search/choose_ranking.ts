import { Type } from '@sinclair/typebox'
import type { Context } from 'hono'
import type { Env } from '../../http/env.ts'
import { isOperator } from '../../http/operator.ts'
import { OneOf, Strict } from '../../http/schemas.ts'
import { invalidInput, Problem } from '../../platform/problem.ts'
import type { SearchRanking } from './backend.ts'

export const RankingHeaders = Strict({
  'X-Search-Ranking': Type.Optional(OneOf(['tiered', 'brief'])),
  'X-Operator-Token': Type.Optional(
    Type.String({ description: 'The OPERATOR_TOKEN of the server. `X-Search-Ranking` requires it.' }),
  ),
})

/** The ranking that an operator asks for, or the service's own. 401 for who asks and is no operator, 429 after many wrong tokens, 422 for no ranking. */
export async function chooseRanking(c: Context<Env>): Promise<SearchRanking> {
  const wanted = c.req.header('x-search-ranking')
  if (wanted === undefined) return c.get('ranking').usual
  if (!(await isOperator(c, c.req.header('x-operator-token') ?? '')))
    throw new Problem(
      'unauthorized',
      'Only an operator may choose the ranking. Send X-Operator-Token.',
      {},
      { 'WWW-Authenticate': 'X-Operator-Token' },
    )
  if (wanted === 'tiered' || wanted === 'brief') return wanted
  throw invalidInput([{ pointer: '#/X-Search-Ranking', detail: 'must be tiered or brief' }])
}
