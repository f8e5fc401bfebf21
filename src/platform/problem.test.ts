import { describe, expect, test } from 'bun:test'
import { Problem, problemKinds, problemOfSqlstate, renderProblem, toProblem } from './problem.ts'

const SECRET = 'relation "users" in /srv/db/functions/secret.sql'

/** An error in the form of the driver. */
const databaseError = (code: string, more: Record<string, unknown> = {}) => Object.assign(new Error(SECRET), { code, ...more })

const said = async (error: unknown) => {
  const response = renderProblem(toProblem(error), 'request-1')
  return { status: response.status, text: await response.text(), headers: response.headers }
}

describe('an unexpected error', () => {
  test.each<[string, unknown]>([
    ['an error', new Error(SECRET)],
    ['a bug', new TypeError(SECRET)],
    ["PostgreSQL's own trouble", databaseError('XX000', { detail: SECRET, where: SECRET })],
    ['a statement that is wrong', databaseError('42P01')],
    ['an invariant that held', databaseError('SWSUM', { detail: SECRET })],
    ['a string', SECRET],
    ['an object', { message: SECRET }],
    ['nothing', undefined],
  ])('%s is a 500 without its message', async (_, error) => {
    const { status, text } = await said(error)
    expect(status).toBe(500)
    expect(JSON.parse(text)).toEqual({
      type: '/problems/internal_error',
      title: 'Something went wrong',
      status: 500,
      detail: 'Something went wrong',
      code: 'internal_error',
      request_id: 'request-1',
    })
  })
})

describe("PostgreSQL's own errors", () => {
  test.each([
    ['23505', 409, 'conflict'],
    ['23514', 422, 'invalid_input'],
    ['22003', 422, 'invalid_input'],
    ['40P01', 503, 'unavailable'],
    ['57014', 503, 'unavailable'],
    ['57P01', 503, 'unavailable'],
    ['53300', 503, 'unavailable'],
    ['CONNECTION_CLOSED', 503, 'unavailable'],
    ['ECONNREFUSED', 503, 'unavailable'],
  ])('%s is %i %s, without its message', async (code, status, problem) => {
    const answer = await said(databaseError(code, { detail: SECRET, constraint_name: 'secret_check' }))
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text).code).toBe(problem)
    expect(answer.text).not.toContain('secret')
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '1' : null)
  })
})

describe('an error of a business rule', () => {
  test.each(Object.entries(problemOfSqlstate))('%s is %s, with its message and members', async (sqlstate, code) => {
    const detail = JSON.stringify({ field: 'quantity', available: 2 })
    const answer = await said(Object.assign(new Error('Only 2 left.'), { code: sqlstate, detail }))
    expect(answer.status).toBe(problemKinds[code].status)
    expect(JSON.parse(answer.text)).toMatchObject({
      code,
      detail: 'Only 2 left.',
      available: 2,
      errors: [{ pointer: '#/quantity', detail: 'Only 2 left.' }],
    })
  })
})

test('each 401 has a challenge, its own or Bearer', () => {
  const challenge = (problem: Problem) => renderProblem(problem, 'request-1').headers.get('www-authenticate')
  expect(challenge(new Problem('invalid_credentials'))).toBe('Bearer')
  expect(challenge(new Problem('unauthorized', 'Operators only.', {}, { 'WWW-Authenticate': 'Basic' }))).toBe('Basic')
  expect(challenge(new Problem('not_found'))).toBeNull()
})
