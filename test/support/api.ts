/** Assertions that hold for every response of the API. */
import { expect } from 'bun:test'
import type { ProblemBody as Body } from '../../src/platform/problem.ts'
import type { Answer } from './client.ts'

/** The body of a problem, with the members that tests read. */
export type ProblemBody = Body & {
  success?: boolean
  reserved_until?: string
  total?: string
  available?: number
  product_id?: number
  quantity?: number
  shop_id?: number
}

/** Asserts that a response has this status, and returns its body. */
export function expectStatus<T>(answer: Answer<T>, status: number): T {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text.slice(0, 600)}`)
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/)
  return answer.body
}

/** A response must never contain a stack, SQL or paths of the machine. */
const LEAK = /\bat .+:\d+:\d+|node_modules|\.ts\b|select .+ from|insert into|violates|syntax error|sqlstate|postgres/i

/** The header that a response of this status must have (RFC 9110; RFC 6585 for 429). */
const REQUIRED_HEADERS: Record<number, string> = { 401: 'www-authenticate', 405: 'allow', 429: 'retry-after', 503: 'retry-after' }

/** Asserts that a response is a complete problem of this status and code, and returns the problem. */
export function expectProblem(answer: Answer<unknown>, status: number, code?: string): ProblemBody {
  const problem = answer.body as ProblemBody | undefined
  if (!problem || answer.status !== status || (code && problem.code !== code)) {
    throw new Error(`expected ${status} ${code ?? ''}, got ${answer.status}: ${answer.text.slice(0, 600)}`)
  }
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(problem.type).toBe(`/problems/${problem.code}`)
  expect(problem.status).toBe(status)
  const required = REQUIRED_HEADERS[status]
  if (required) expect([required, answer.headers.has(required)]).toEqual([required, true])
  expect(problem.title).toMatch(/./)
  expect(problem.detail).toMatch(/./)
  expect(problem.request_id).toMatch(/^[\w-]{1,64}$/)
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/)
  if (!answer.headers.has('idempotency-replayed')) expect(answer.headers.get('x-request-id')).toBe(problem.request_id)
  expect(answer.text).not.toMatch(LEAK)
  for (const { pointer, detail } of problem.errors ?? []) {
    expect(pointer).toMatch(/^#/)
    expect(detail).not.toBe('')
  }
  return problem
}

/** The fields that a problem names. */
export function fieldsOf(problem: ProblemBody): string[] {
  return (problem.errors ?? []).map((error) => error.pointer)
}
