import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../test/support/api.ts'
import type { ApiProcess } from '../../test/support/api_process.ts'
import { type Api, openApi } from '../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { spawnApi, startServer } from '../../test/support/server.ts'

const SHOP = 'https://shop.example'
const preflight = (origin: string) => ({
  headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' },
})

describe('CORS_ORIGINS', () => {
  let db: TestDatabase
  let server: ApiProcess
  let api: Api
  beforeAll(async () => {
    db = await openTestDatabase()
    server = await spawnApi({ DATABASE_URL: db.url, CORS_ORIGINS: `${SHOP}, http://localhost:5173` })
    api = openApi(server.url)
  })
  afterAll(async () => {
    await server.stop()
    await db.close()
  })

  test('a preflight of a listed origin lists what it can send', async () => {
    const answer = await api('OPTIONS', '/v1/checkout', preflight(SHOP))
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(SHOP)
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST')
    for (const name of ['Authorization', 'Idempotency-Key', 'If-Match'])
      expect(answer.headers.get('access-control-allow-headers')).toContain(name)
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  })

  test('a listed origin can read responses and problems, with their headers', async () => {
    for (const path of ['/v1/categories', '/v1/me', '/v1/nothing']) {
      const { headers } = await api('GET', path, { headers: { Origin: SHOP } })
      expect(headers.get('access-control-allow-origin')).toBe(SHOP)
      expect(headers.get('vary')?.match(/origin/gi)).toHaveLength(1)
      for (const name of ['ETag', 'Link', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'])
        expect(headers.get('access-control-expose-headers')).toContain(name)
    }
  })

  test('another origin gets no CORS header', async () => {
    for (const origin of ['https://evil.example', `${SHOP}.evil.example`, 'http://shop.example', 'null']) {
      const { headers } = await api('GET', '/v1/categories', { headers: { Origin: origin } })
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('vary')).toContain('Origin')
      expectProblem(await api('OPTIONS', '/v1/checkout', preflight(origin)), 405, 'method_not_allowed')
    }
  })
})

describe('every response', () => {
  test('cannot run or be framed; the reference page can run its own scripts', async () => {
    const { api } = await startServer()
    for (const path of ['/v1/categories', '/v1/nothing', '/livez']) {
      const { headers } = await api('GET', path)
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
    expect((await api('GET', '/docs')).headers.get('content-security-policy')).toStartWith("default-src 'self'")
  })

  test('to HEAD has the headers of GET and no body', async () => {
    const { api } = await startServer()
    for (const path of ['/v1/categories', '/openapi.json', '/docs', '/demo']) {
      const [get, head] = [await api('GET', path), await api('HEAD', path)]
      expectStatus(head, 200)
      expect(head.text).toBe('')
      expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(get.text)))
      for (const name of ['content-type', 'etag', 'cache-control']) expect(head.headers.get(name)).toBe(get.headers.get(name))
    }
  })

  test('to a method that a page does not support is 405', async () => {
    const { api } = await startServer()
    for (const path of ['/docs', '/docs/start.js']) {
      const answer = await api('POST', path)
      expectProblem(answer, 405, 'method_not_allowed')
      expect(answer.headers.get('allow')).toBe('GET, HEAD')
    }
  })
})
