import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../support/api.ts'
import type { Answer, Input } from '../support/client.ts'
import { named, type Operation, operationsOf, pathToNothing, readOpenApi } from '../support/openapi.ts'
import { startServer } from '../support/server.ts'
import { signUp } from '../support/shopper.ts'

const { api } = await startServer()
const operations = operationsOf(await readOpenApi())
const paths = [...new Set(operations.map((operation) => operation.path))]

const MAX_BODY_BYTES = 256 * 1024

/** The writing methods of HTTP. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

describe('404', () => {
  test.each([
    '/v1',
    '/v1/nothing',
    '/v1/products',
    '/v1/shops/1/nothing',
    '/v2/cart',
    '/v1/cart/../../etc',
    '/%00',
    '/v1/%F0%9F%A7%B5',
    '/v1//cart',
  ])('nothing at %s', async (path) => {
    expectProblem(await api('GET', path), 404, 'not_found')
  })

  test('an additional slash makes another path', async () => {
    for (const path of ['/v1/categories/', '/livez/', '/v1/search/']) expectProblem(await api('GET', path), 404, 'not_found')
  })
})

describe('405', () => {
  test.each(paths)('lists the methods of %s in Allow', async (path) => {
    const here = operations.filter((one) => one.path === path)
    const operation = here[0] as Operation
    const taken = here.map((one) => one.method)
    const allowed = [...taken, ...(taken.includes('GET') ? ['HEAD'] : [])].sort()
    for (const method of METHODS.filter((one) => !taken.includes(one))) {
      const answer = await api(method, pathToNothing(operation))
      expectProblem(answer, 405, 'method_not_allowed')
      expect((answer.headers.get('allow') ?? '').split(', ').sort()).toEqual(allowed)
    }
  })
})

describe('401 before anything else', () => {
  test.each(named(operations.filter((one) => one.needs_sign_in)))('%s', async (_, operation) => {
    const { method, path } = operation
    const bad = { headers: { 'Content-Type': 'text/plain' }, ...(method === 'GET' || method === 'DELETE' ? {} : { raw: '{' }) }
    for (const target of [pathToNothing(operation), `${path.replace(/\{\w+\}/g, 'x')}?nonsense=1`]) {
      const answer = await api(method, target, bad)
      expectProblem(answer, 401, 'unauthorized')
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })
})

describe('query', () => {
  test.each(named(operations))('%s: an unknown parameter is 400 and named', async (_, operation) => {
    for (const name of ['nonsense', '__proto__', 'constructor', 'Limit']) {
      const problem = expectProblem(await send(operation, {}, `?${name}=1`), 400, 'invalid_query')
      expect(problem.detail).toContain(name)
    }
  })

  test('a repeated parameter is invalid', async () => {
    expect(fieldsOf(expectProblem(await api('GET', '/v1/search?q=a&q=b'), 422, 'invalid_input'))).toEqual(['#/q'])
  })
})

describe('bodies', () => {
  const withBody = operations.filter((one) => one.body)

  test.each(named(withBody))('%s: 415 for another media type', async (_, operation) => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
      'application/xml',
      'json',
    ]
    for (const type of types) {
      expectProblem(await send(operation, { raw: '{}', headers: { 'Content-Type': type } }), 415, 'unsupported_media_type')
    }
    expectProblem(await send(operation, { raw: new Uint8Array([123, 125]) }), 415, 'unsupported_media_type')
  })

  test.each(named(withBody))('%s: 400 for invalid JSON', async (_, operation) => {
    const headers = { 'Content-Type': 'application/json; charset=utf-8' }
    const texts = [
      '',
      ' ',
      '{',
      '{"a":1}}',
      "{'a':1}",
      '{"a":}',
      'NaN',
      'undefined',
      '\0',
      '{"a":"\n"}',
      '[1,]',
      '\u{1f9f5}',
      new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
    ]
    // A call with an optional body accepts an empty one.
    const wrong = texts.filter((text) => operation.requestBody?.required || typeof text !== 'string' || text.trim() !== '')
    for (const raw of wrong) expectProblem(await send(operation, { raw, headers }), 400, 'malformed_json')
  })

  test.each(named(withBody))('%s: 422 for other JSON than an object', async (_, operation) => {
    for (const body of [[], null, 'text', 7, true, [{}]]) {
      expect(fieldsOf(expectProblem(await send(operation, { body }), 422, 'invalid_input'))[0]).toStartWith('#')
    }
  })

  test.each(named(withBody))('%s: 413 above 256 KiB, with Content-Length or without', async (_, operation) => {
    const headers = { 'Content-Type': 'application/json' }
    const big = JSON.stringify({ title: 'x'.repeat(6 * 1024 * 1024) })
    const just = `"${'x'.repeat(MAX_BODY_BYTES - 1)}"`
    expectProblem(await send(operation, { raw: big, headers }), 413, 'payload_too_large')
    expectProblem(await send(operation, { raw: just, headers }), 413, 'payload_too_large')
    expectProblem(await send(operation, { raw: inChunks(big), headers }), 413, 'payload_too_large')
    expectProblem(await send(operation, { raw: just.slice(0, -2).concat('"'), headers }), 422, 'invalid_input')
  })

  test.each(named(withBody))('%s: at any depth', async (_, operation) => {
    const headers = { 'Content-Type': 'application/json' }
    for (const depth of [5_000, 30_000]) {
      const arrays = '['.repeat(depth) + ']'.repeat(depth)
      for (const raw of [arrays, `{"title":${arrays}}`, `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`]) {
        const answer = await send(operation, { raw, headers })
        expectProblem(answer, answer.status === 400 ? 400 : 422)
      }
    }
  })
})

describe('every response', () => {
  test('keeps the caller’s request id if it is valid', async () => {
    for (const id of ['abc-123_X', 'a'.repeat(64)]) {
      expect((await api('GET', '/livez', { headers: { 'X-Request-Id': id } })).headers.get('x-request-id')).toBe(id)
      expect(expectProblem(await api('GET', '/v1/nothing', { headers: { 'X-Request-Id': id } }), 404).request_id).toBe(id)
    }
    for (const id of ['', ' ', 'a'.repeat(65), 'a b', '<script>', '../x', 'é', '{"x":1}']) {
      const own = (await api('GET', '/livez', { headers: { 'X-Request-Id': id } })).headers.get('x-request-id')
      expect(own).toMatch(/^[\w-]{1,64}$/)
      expect(own).not.toBe(id)
    }
  })

  test('has its own id and forbids sniffing', async () => {
    const answers = await Promise.all(['/livez', '/v1/categories', '/v1/nothing', '/docs'].map((path) => api('GET', path)))
    expect(new Set(answers.map((answer) => answer.headers.get('x-request-id'))).size).toBe(4)
    for (const answer of answers) expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('ignores Accept, Accept-Language and Range', async () => {
    const answer = await api('GET', '/v1/categories', {
      headers: { Accept: 'text/html', 'Accept-Language': 'xx', Range: 'bytes=0-1' },
    })
    expectStatus(answer, 200)
  })
})

let person: ReturnType<typeof signUp> | undefined
/** Returns the account for all tests of this file. */
function someone() {
  person ??= signUp()
  return person
}

/** Sends a call to a missing resource, signed in if the call accepts a token. */
async function send(operation: Operation, input: Input, query = ''): Promise<Answer<unknown>> {
  const token = operation.signed_in ? (await someone()).token : undefined
  return api(operation.method, pathToNothing(operation) + query, { token, ...input })
}

/** Returns a body of unknown length. */
function inChunks(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  let sent = 0
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(sent, sent + 65_536))
      sent += 65_536
    },
  })
}
