/** With OPERATIONS_PORT, the paths for operators are on that port and on no other, however a request spells them. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { type Api, openApi } from '../../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { getRaw, sendRaw } from '../../../test/support/raw_http.ts'
import { spawnApi, startServer } from '../../../test/support/server.ts'
import { findFreePort } from '../../../test/support/simulated_payments.ts'
import { isOfOperations, NO_HOSTS, ODD_HOSTS, OPERATIONS, spellingsOf } from '../../../test/support/spellings.ts'

const TOKEN = 'an-operators-own-token-of-32-letters'
/** Behind a balancer, with the default limits. */
const asInProduction = { TRUSTED_PROXIES: '1', RATE_LIMIT_SCALE: '1' }
const credentials = { Authorization: `Basic ${btoa(`ann:${TOKEN}`)}` }

/** A process with a separate port for its operators. */
type Apart = { api: Api; url: string; operations: Api; process: ApiProcess }

let database: TestDatabase
let api: Apart
let worker: Apart
beforeAll(async () => {
  database = await openTestDatabase()
  ;[api, worker] = await Promise.all([startApart('api'), startApart('worker')])
})
afterAll(async () => {
  await Promise.all([api, worker].map((one) => one?.process.stop()))
  await database.close()
})

async function startApart(role: string): Promise<Apart> {
  const port = await findFreePort()
  const variables = { DATABASE_URL: database.url, OPERATOR_TOKEN: TOKEN, OPERATIONS_PORT: String(port), ...asInProduction }
  const process = await spawnApi(variables, role)
  const url = process.url.replace('localhost', '127.0.0.1')
  return { api: openApi(url), url, operations: openApi(`http://127.0.0.1:${port}`), process }
}

describe('OPERATIONS_PORT of an API process', () => {
  test('serves metrics, checks and the job queues, and neither calls nor pages', async () => {
    expect((await api.operations('GET', '/metrics')).text).toContain('# HELP etsy_orders_total')
    expect(expectStatus(await api.operations<object>('GET', '/readyz?verbose'), 200)).toHaveProperty('checks')
    expectStatus(await api.operations('GET', '/livez'), 200)
    expectProblem(await api.operations('GET', '/admin/queues'), 401, 'unauthorized')
    expect((await api.operations('GET', '/admin/queues', { headers: credentials })).status).toBe(200)
    for (const path of ['/v1/categories', '/demo', '/docs', '/openapi.json'])
      expectProblem(await api.operations('GET', path), 404, 'not_found')
  })

  test('leaves the probes on the public port, without checks', async () => {
    expectStatus(await api.api('GET', '/livez'), 200)
    expect(expectStatus(await api.api<object>('GET', '/readyz'), 200)).not.toHaveProperty('checks')
    expectStatus(await api.api('GET', '/v1/categories'), 200)
    for (const path of ['/metrics', '/admin/queues', '/readyz?verbose', '/readyz?verbose=1', '/readyz?%76erbose'])
      expectProblem(await api.api('GET', path, { headers: credentials }), 404, 'not_found')
    expect(Object.keys((await api.api<{ paths: object }>('GET', '/openapi.json')).body.paths)).not.toContain('/metrics')
  })

  test.each(OPERATIONS.map((path) => [path]))('no spelling of %s on the public port leads there', async (path) => {
    for (const target of spellingsOf(path)) {
      const answer = await getRaw(api.url, target)
      expect({ target, opened: isOfOperations(answer) }).toEqual({ target, opened: false })
      if (!target.startsWith('/livez')) expect([target, [400, 404].includes(answer.status)]).toEqual([target, true])
    }
  })

  test('no Host on the public port leads there', async () => {
    for (const host of ODD_HOSTS)
      for (const path of ['/readyz', '/', '/v1/categories']) {
        const answer = await getRaw(api.url, path, host)
        expect({ host, path, opened: isOfOperations(answer) }).toEqual({ host, path, opened: false })
      }
  })
})

test('of a worker serves its metrics and checks, and its own port the probes alone', async () => {
  expect((await worker.operations('GET', '/metrics')).text).toContain('# HELP jobs_total')
  expect(expectStatus(await worker.operations<object>('GET', '/readyz?verbose'), 200)).toHaveProperty('checks')
  expectProblem(await worker.operations('GET', '/admin/queues', { headers: credentials }), 404, 'not_found')
  expect(expectStatus(await worker.api<object>('GET', '/readyz'), 200)).not.toHaveProperty('checks')
  for (const path of ['/metrics', '/readyz?verbose', '/v1/categories'])
    expectProblem(await worker.api('GET', path), 404, 'not_found')
})

test('without it everything stays on the port of the API', async () => {
  const shared = await startServer()
  expect((await shared.api('GET', '/metrics')).text).toContain('# HELP')
  expect(expectStatus(await shared.api<object>('GET', '/readyz?verbose'), 200)).toHaveProperty('checks')
})

describe('a probe', () => {
  test.each([['/livez'], ['/readyz']])('%s responds to HTTP/1.0 without a Host, and to any Host', async (path) => {
    expect(await sendRaw(api.url, `GET ${path} HTTP/1.0\r\n\r\n`)).toMatchObject({ status: 200 })
    for (const host of ['', 'localhost', '10.0.0.7:3000', '[::1]:3000', 'shop.example', 'a_b', 'a:', 'xn--a', ...NO_HOSTS])
      expect({ host, ...(await getRaw(api.url, path, host)) }).toMatchObject({ host, status: 200 })
  })
})

test('an invalid Host is 404 except for the probes', async () => {
  for (const host of NO_HOSTS)
    for (const path of ['/v1/categories', '/v1/categories?nonsense=1', '/demo', '/docs/', '/metrics']) {
      const { status, body } = await getRaw(api.url, path, host)
      expect({ host, path, status, body }).toMatchObject({ status: 404, body: expect.stringContaining('"code":"not_found"') })
    }
  // The request target can be a whole URL.
  const { status } = await getRaw(api.url, 'http://[zz]/v1/categories')
  expect([200, 400, 404]).toContain(status)
})

test('a path that is not in its normal form is 404 where the runtime shows it', async () => {
  const { url } = await startServer()
  const base = url.replace('localhost', '127.0.0.1')
  for (const target of [
    '//livez',
    '/%6civez',
    '/%6Civez',
    '/v1//categories',
    '/..%2flivez',
    '/v1/%2e%2e%2flivez',
    '/v1%5ccategories',
  ])
    expect({ target, status: (await getRaw(base, target)).status }).toEqual({ target, status: 404 })
  // Characters that must be encoded in a path are allowed in encoded form.
  expect((await getRaw(base, '/v1/products/%20')).status).toBe(422)
  expect((await getRaw(base, '/livez')).status).toBe(200)
})

// This test is the last, because after it the API refuses every token.
test('OPERATIONS_PORT has no proxy: wrong tokens are counted whatever X-Forwarded-For contains', async () => {
  const statuses: number[] = []
  for (let n = 0; n < 12; n++) {
    const headers = { Authorization: `Basic ${btoa(`ann:a wrong token ${n}`)}`, 'X-Forwarded-For': `192.0.2.${n}` }
    statuses.push((await api.operations('GET', '/admin/queues', { headers })).status)
  }
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
})
