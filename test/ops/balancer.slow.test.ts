/** The balancer as shipped, in front of two APIs, for longer than its checks need to find one unfit. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../support/api.ts'
import type { ApiProcess } from '../support/api_process.ts'
import { type Balancer, startBalancer } from '../support/balancer.ts'
import { openApi } from '../support/client.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { readSamples } from '../support/metrics.ts'
import { agreeOnTls, getRaw, openHttp2, sendRaw } from '../support/raw_http.ts'
import { requires } from '../support/requirements.ts'
import { spawnApi } from '../support/server.ts'
import { findFreePort } from '../support/simulated_payments.ts'
import { isOfOperations, ODD_HOSTS, OPERATIONS, spellingsOf } from '../support/spellings.ts'

const READYZ = 'http_request_duration_seconds_count{method="GET",route="/readyz",status="200"}'
type Running = { process: ApiProcess; port: number; countChecks: () => Promise<number> }

if (requires('haproxy')) {
  let database: TestDatabase
  let balancer: Balancer
  const apis: Running[] = []

  const start = async (port: number): Promise<Running> => {
    const operations = await findFreePort()
    const variables = {
      DATABASE_URL: database.url,
      PORT: String(port),
      OPERATIONS_PORT: String(operations),
      TRUSTED_PROXIES: '1',
    }
    const process = await spawnApi(variables, 'api')
    const countChecks = async () => {
      const { text } = await openApi(`http://127.0.0.1:${operations}`)('GET', '/metrics')
      return readSamples(text)[READYZ] || 0
    }
    return { process, port, countChecks }
  }
  const until = async (holds: () => boolean | Promise<boolean>) => {
    while (!(await holds())) await Bun.sleep(50)
  }

  beforeAll(async () => {
    database = await openTestDatabase()
    apis.push(await start(await findFreePort()), await start(await findFreePort()))
    balancer = await startBalancer(
      apis.map(({ port }) => `127.0.0.1:${port}`),
      { SOURCE_MAX_REQUESTS_IN_10_S: '5000' },
    )
  })
  afterAll(async () => {
    await balancer.stop()
    await Promise.all(apis.map(({ process }) => process.stop()))
    await database.close()
  })

  test('the health checks pass for both APIs; HAProxy leaves out one that ends, until it starts again', async () => {
    const api = openApi(balancer.url, { ca: balancer.ca })
    // Its second check may take an API out: six are more than it needs.
    const before = await Promise.all(apis.map(({ countChecks }) => countChecks()))
    await until(async () => {
      expectStatus(await api('GET', '/v1/categories'), 200)
      const now = await Promise.all(apis.map(({ countChecks }) => countChecks()))
      return now.every((count, index) => count >= (before[index] as number) + 6)
    })
    expect(balancer.said()).not.toContain('DOWN')
    const [first] = apis as [Running]
    await first.process.kill()
    await until(() => balancer.said().includes('Server api/api0 is DOWN'))
    for (let call = 0; call < 5; call++) expectStatus(await api('GET', '/v1/categories'), 200)
    apis[0] = await start(first.port)
    await until(() => balancer.said().includes('Server api/api0 is UP'))
    expectStatus(await api('GET', '/v1/categories'), 200)
  })

  test.each(OPERATIONS.map((path) => [path]))('no spelling of %s leads there', async (path) => {
    for (const target of spellingsOf(path)) {
      const answer = await getRaw(balancer.url, target)
      expect({ target, opened: isOfOperations(answer) }).toEqual({ target, opened: false })
      if (!target.startsWith('/livez')) expect([target, [400, 404].includes(answer.status)]).toEqual([target, true])
    }
    for (const host of ODD_HOSTS)
      expect([host, isOfOperations(await getRaw(balancer.url, '/livez', host))]).toEqual([host, false])
  })

  test('forwards public paths, and returns a 404 problem for others', async () => {
    const api = openApi(balancer.url, { ca: balancer.ca })
    for (const path of ['/livez', '/readyz', '/openapi.json', '/docs', '/demo', '/v1/categories', '/v1/search?q=a%2F..%2Fb'])
      expect({ path, status: (await api('GET', path)).status }).toEqual({ path, status: 200 })
    expectProblem(await api('GET', '/v1/products/%20'), 422)
    // The API answers these with a page. The balancer's own answer is a problem.
    const pages = ['/payment-actions/done', '/payout-accounts/done']
    for (const path of ['/verify-email/x', '/reset-password/x', '/order-access/x', '/unsubscribe/x', ...pages])
      expect({ path, type: (await api('GET', path)).headers.get('content-type') }).toEqual({
        path,
        type: expect.stringContaining('text/html'),
      })
    const { status, body } = await getRaw(balancer.url, '/metrics')
    expect({ status, ...JSON.parse(body) }).toMatchObject({ status: 404, code: 'not_found', type: '/problems/not_found' })
  })

  test('without TLS it sends a call to the same path with TLS, and to nothing else', async () => {
    const shop = await startBalancer([], { PUBLIC_URL: 'https://shop.example/' })
    try {
      for (const method of ['GET', 'POST']) {
        const { status, headers, text } = await openApi(shop.plain_url)(method, '/v1/search?q=heart')
        expect({ status, location: headers.get('location'), text }).toEqual({
          status: 308,
          location: 'https://shop.example/v1/search?q=heart',
          text: '',
        })
        expect(headers.has('strict-transport-security')).toBe(false)
      }
      expect((await getRaw(shop.plain_url, '//elsewhere.example/v1/')).status).toBe(404)
    } finally {
      await shop.stop()
    }
  })

  test('by TLS 1.2 or later, it sends HSTS, except on localhost', async () => {
    for (const target of ['/livez', '/metrics', '/v1/nothing'])
      expect((await getRaw(balancer.url, target)).head.toLowerCase()).toContain('strict-transport-security: max-age=31536000')
    for (const host of ['localhost', 'LOCALHOST:3443'])
      expect((await getRaw(balancer.url, '/livez', host)).head.toLowerCase()).not.toContain('strict-transport-security')
    const versions = await Promise.all(
      (['TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const).map((version) => agreeOnTls(balancer.url, version)),
    )
    expect(versions).toEqual([null, 'TLSv1.2', 'TLSv1.3'])
  })

  test('by HTTP/2 no spelling of /metrics reaches it', async () => {
    const get = openHttp2(balancer.url, balancer.ca)
    expect((await get('/livez')).status).toBe(200)
    for (const target of spellingsOf('/metrics')) {
      const answer = await get(target)
      expect({ target, opened: isOfOperations(answer) }).toEqual({ target, opened: false })
    }
    get.close()
  })

  test('forwards no incomplete body, and limits each source', async () => {
    const head = 'POST /v1/sessions HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nConnection: close\r\n'
    expect((await sendRaw(balancer.url, `${head}Content-Length: 100\r\n\r\n{`)).status).toBe(408)
    const strict = await startBalancer([`127.0.0.1:${(apis[0] as Running).port}`], { SOURCE_MAX_REQUESTS_IN_10_S: '20' })
    const statuses: number[] = []
    try {
      for (let call = 0; call < 30; call++) statuses.push((await openApi(strict.url, { ca: strict.ca })('GET', '/livez')).status)
    } finally {
      await strict.stop()
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(200))
    expect(statuses.at(-1)).toBe(429)
  }, 60_000)
}
