/** Calls the API as any client does, and asserts what every answer has in common. */
import { expect } from 'bun:test'
import type { ProblemBody as Body } from '../../src/platform/problem.ts'

/** A call's answer; `text` is the body byte for byte, `body` what it parses to (undefined where it is empty or no JSON). */
export type Answer<T> = { status: number; headers: Headers; text: string; body: T }

/** `body` is sent as JSON; `raw` as it is, under the Content-Type of `headers` or none. */
export type Input = { body?: unknown; raw?: BodyInit; headers?: Record<string, string>; token?: string | undefined }

export type Api = <T = unknown>(method: string, path: string, input?: Input) => Promise<Answer<T>>

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

/** A client of the server at this address; `ca` is the certificate that it trusts, where no authority signed the server's. */
export function openApi(url: string, ca?: string): Api {
  return async <T>(method: string, path: string, input: Input = {}): Promise<Answer<T>> => {
    const headers = new Headers(input.headers)
    if (input.token) headers.set('Authorization', `Bearer ${input.token}`)
    if (input.body !== undefined && !headers.has('Content-Type')) headers.set('Content-Type', 'application/json')
    const body = input.raw ?? (input.body === undefined ? undefined : JSON.stringify(input.body))
    const init = { method, headers, redirect: 'manual' as const, ...(ca && { tls: { ca } }), ...(body !== undefined && { body }) }
    const response = await fetch(url + path, init)
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
    return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : undefined) as T }
  }
}

/** Asserts a success of this status and answers its body. */
export function expectStatus<T>(answer: Answer<T>, status: number): T {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text.slice(0, 600)}`)
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/)
  return answer.body
}

/** What an answer must never show: a stack, SQL, the shape of the machine. */
const LEAK = /\bat .+:\d+:\d+|node_modules|\.ts\b|select .+ from|insert into|violates|syntax error|sqlstate|postgres/i

/** What else an answer of this status must say (RFC 9110; RFC 6585 for 429). */
const OWED: Record<number, string> = { 401: 'www-authenticate', 405: 'allow', 429: 'retry-after', 503: 'retry-after' }

/** Asserts that an answer is a whole problem of this status and code, and answers it. */
export function expectProblem(answer: Answer<unknown>, status: number, code?: string): ProblemBody {
  const problem = answer.body as ProblemBody | undefined
  if (!problem || answer.status !== status || (code && problem.code !== code)) {
    throw new Error(`expected ${status} ${code ?? ''}, got ${answer.status}: ${answer.text.slice(0, 600)}`)
  }
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(problem.type).toBe(`/problems/${problem.code}`)
  expect(problem.status).toBe(status)
  const owed = OWED[status]
  if (owed) expect([owed, answer.headers.has(owed)]).toEqual([owed, true])
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
