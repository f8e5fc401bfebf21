import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startRedis } from '../../../test/faults/servers/redis_process.ts'
import { expectProblem, fieldsOf } from '../../../test/support/api.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { expectNoneElsewhere, openBrowser, openPage } from '../../../test/support/browser.ts'
import { type Api, openApi } from '../../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { requires } from '../../../test/support/requirements.ts'
import { spawnApi } from '../../../test/support/server.ts'

const TOKEN = crypto.randomUUID()
const basic = (name: string, password: string) => ({ Authorization: `Basic ${btoa(`${name}:${password}`)}` })

let database: TestDatabase
let running: ApiProcess
let api: Api
beforeAll(async () => {
  database = await openTestDatabase()
  running = await spawnApi({ DATABASE_URL: database.url, OPERATOR_TOKEN: TOKEN }, 'api')
  api = openApi(running.url)
})
afterAll(async () => {
  await running.stop()
  await database.close()
})

describe('/admin/queues', () => {
  test('is for operators only', async () => {
    for (const headers of [
      {},
      basic('ann', ''),
      basic('ann', `${TOKEN}x`),
      basic(TOKEN, 'ann'),
      { Authorization: `Bearer ${TOKEN}` },
    ])
      for (const path of ['/admin/queues', '/admin/queues/', '/admin/queues/assets/x.js', '/admin/queues/queues/send_mails']) {
        const answer = await api('GET', path, { headers })
        expectProblem(answer, 401, 'unauthorized')
        expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Job queues"')
      }
    expectProblem(await api('POST', '/admin/queues/queues/send_mails'), 401, 'unauthorized')
  })

  test('is 404 without OPERATOR_TOKEN', async () => {
    const without = await spawnApi({ DATABASE_URL: database.url, OPERATOR_TOKEN: '' }, 'api')
    try {
      expectProblem(await openApi(without.url)('GET', '/admin/queues', { headers: basic('ann', '') }), 404, 'not_found')
    } finally {
      await without.stop()
    }
  })

  test('shows an operator the queues', async () => {
    const page = await api('GET', '/admin/queues', { headers: basic('ann', TOKEN) })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toStartWith('text/html')
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    const queues = await api('GET', '/admin/queues/queues', { headers: basic('ann', TOKEN) })
    for (const queue of ['send_mails', 'settle_checkout', 'dead_letters']) expect(queues.text).toContain(queue)
  })

  test('accepts a change only from its own page: without Origin or from another page it is rejected', async () => {
    const post = (origin: Record<string, string>) =>
      api('POST', '/admin/queues/queues/send_mails', { headers: { ...basic('ann', TOKEN), ...origin } })
    expect(fieldsOf(expectProblem(await post({}), 422, 'invalid_input'))).toEqual(['#/Origin'])
    for (const Origin of ['https://evil.example', 'null']) expect((await post({ Origin })).status).toBe(400)
  })

  /** Starts an API that counts guesses. Passes on a function that returns its response to an address with a password. */
  async function withGuesses(
    variables: Record<string, string>,
    check: (url: string, from: (address: string, password: string) => ReturnType<Api>) => Promise<void>,
  ): Promise<void> {
    const counts = { OPERATOR_TOKEN: TOKEN, RATE_LIMIT_SCALE: '1', TRUSTED_PROXIES: '1' }
    const { url, stop } = await spawnApi({ DATABASE_URL: database.url, ...counts, ...variables }, 'api')
    try {
      await check(url, (address, password) =>
        openApi(url)('GET', '/admin/queues', { headers: { ...basic('ann', password), 'X-Forwarded-For': address } }),
      )
    } finally {
      await stop()
    }
  }

  test('an address gets 429 after ten wrong tokens in five minutes, with the right one too; other addresses do not', () =>
    withGuesses({}, async (_url, from) => {
      // A browser first sends a request without a password, which is not a guess.
      for (let asked = 0; asked < 12; asked++) expectProblem(await from('203.0.113.1', ''), 401)
      for (let guess = 0; guess < 10; guess++) expectProblem(await from('203.0.113.1', `${TOKEN}${guess}`), 401)
      for (const password of [`${TOKEN}x`, TOKEN]) expectProblem(await from('203.0.113.1', password), 429, 'too_many_requests')
      // A page of the dashboard is many requests at once.
      const page = await Promise.all(Array.from({ length: 30 }, () => from('203.0.113.2', TOKEN)))
      expect(page.map(({ status }) => status)).toEqual(Array(30).fill(200))
    }))

  if (requires('redis-server'))
    test('ten of 30 concurrent wrong tokens are checked', async () => {
      const redis = await startRedis()
      try {
        await withGuesses({ REDIS_URL: redis.url }, async (_url, from) => {
          const guesses = await Promise.all(Array.from({ length: 30 }, (_, guess) => from('203.0.113.3', `${guess}`)))
          expect(guesses.filter(({ status }) => status === 401)).toHaveLength(10)
        })
      } finally {
        await redis.kill()
      }
    })

  if (requires('chromium'))
    test('works in a browser, from this server alone', async () => {
      const browser = await openBrowser()
      const watched = await openPage(browser, { httpCredentials: { username: 'ann', password: TOKEN } })
      await watched.page.goto(`${running.url}/admin/queues`)
      await watched.page.getByText('settle_checkout').first().waitFor()
      // The dashboard requests a font of Google, which our policy blocks.
      const fonts = watched.requests.filter((request) => new URL(request).host === 'fonts.googleapis.com')
      expectNoneElsewhere(watched, running.url, fonts)
      expect(
        watched.complaints.filter((complaint) => !complaint.includes('violates the following Content Security Policy')),
      ).toEqual([])
      expect(watched.complaints).toHaveLength(fonts.length)
      await browser.close()
    })
})
