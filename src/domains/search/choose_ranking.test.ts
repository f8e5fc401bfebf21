import { expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf, openApi } from '../../../test/support/api.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { spawnApi, startServer } from '../../../test/support/server.ts'

const OPERATOR_TOKEN = 'an-operators-own-token'

test('only an operator chooses the ranking of a search', async () => {
  const database = await openTestDatabase()
  const server = await spawnApi({ DATABASE_URL: database.url, OPERATOR_TOKEN })
  const search = (headers: Record<string, string>) => openApi(server.url)('GET', '/v1/search?q=mug', { headers })
  try {
    for (const ranking of ['tiered', 'brief'])
      expectStatus(await search({ 'X-Search-Ranking': ranking, 'X-Operator-Token': OPERATOR_TOKEN }), 200)
    expectProblem(await search({ 'X-Search-Ranking': 'brief' }), 401, 'unauthorized')
    expectProblem(await search({ 'X-Search-Ranking': 'brief', 'X-Operator-Token': `${OPERATOR_TOKEN}.` }), 401, 'unauthorized')
    const wrong = await search({ 'X-Search-Ranking': 'best', 'X-Operator-Token': OPERATOR_TOKEN })
    expect(fieldsOf(expectProblem(wrong, 422, 'invalid_input'))).toEqual(['#/X-Search-Ranking'])
  } finally {
    await server.end('SIGTERM')
    await database.close()
  }
}, 60_000)

test('where there is no operator token nobody does', async () => {
  const { api } = await startServer()
  expectProblem(await api('GET', '/v1/search?q=mug', { headers: { 'X-Search-Ranking': 'brief' } }), 401, 'unauthorized')
  const headers = { 'X-Search-Ranking': 'brief', 'X-Operator-Token': '' }
  expectProblem(await api('GET', '/v1/search?q=mug', { headers }), 401, 'unauthorized')
}, 60_000)
