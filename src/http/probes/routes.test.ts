import { describe, expect, test } from 'bun:test'
import { expectStatus } from '../../../test/support/api.ts'
import { scrape } from '../../../test/support/metrics.ts'
import { findProgram, requires } from '../../../test/support/requirements.ts'
import { startServer } from '../../../test/support/server.ts'
import { declarations } from '../../platform/metrics/declarations.ts'
import { processMetrics } from '../../platform/metrics/process_metrics.ts'

const { api } = await startServer()

describe('probes', () => {
  test('/livez reports that the process runs', async () => {
    expect(expectStatus(await api('GET', '/livez'), 200)).toEqual({ status: 'ok' })
  })

  test('/readyz reports that PostgreSQL responds, and what else is in use', async () => {
    const body = expectStatus(await api<Record<string, string>>('GET', '/readyz'), 200)
    expect(body.status).toBe('ready')
    expect(['postgres', 'elasticsearch']).toContain(body.search as string)
    expect(['in_process', 'redis']).toContain(body.cache as string)
  })

  test('are neither cached nor counted under a rate limit, and accept HEAD', async () => {
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect((await api('GET', path)).headers.has('ratelimit')).toBe(false)
      expect((await api('GET', path)).headers.get('cache-control')).toBe('no-store')
      expect((await api('HEAD', path)).status).toBe(200)
    }
  })
})

describe('/metrics', () => {
  test('is in the text format of Prometheus and has every metric as declared', async () => {
    const answer = await api('GET', '/metrics')
    expectStatus(answer, 200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const types = Object.fromEntries([...answer.text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]))
    const declared = Object.entries(declarations).map(([name, { type }]) => [name, type])
    expect(types).toMatchObject(Object.fromEntries(declared))
    const names = [...Object.keys(declarations), ...Object.keys(processMetrics)]
    expect(Object.keys(types).filter((name) => !names.includes(name))).toEqual([])
    if (process.platform === 'linux') expect(Object.keys(types).toSorted()).toEqual(names.toSorted())
  })

  test('shows versions and runtime', async () => {
    await api('GET', '/livez')
    const now = await scrape(api)
    expect(now).toMatchObject({
      'db_pool_connections_max{pool="api"}': 10,
      'db_pool_waiting{pool="api"}': 0,
      'circuit_breaker_state{breaker="payments",state="closed"}': 1,
      'circuit_breaker_state{breaker="payments",state="open"}': 0,
      'jobs_total{queue="send_mails",outcome="dead"}': 0,
    })
    expect(now.http_requests_in_flight).toBeGreaterThanOrEqual(1)
    expect(Object.keys(now).filter((name) => name.startsWith('stallwright_build_info{version="'))).toHaveLength(1)
    const route = 'http_request_duration_seconds_count{method="GET",route="/livez",status="200"}'
    await api('GET', '/livez')
    expect((await scrape(api))[route]).toBe((now[route] as number) + 1)
  })

  test('has only declared paths as labels', async () => {
    const invented = `/v1/${crypto.randomUUID()}`
    await api('GET', invented)
    await api('PROPFIND', '/v1/cart')
    const { text } = await api('GET', '/metrics')
    expect(text).not.toContain(invented)
    expect(text).not.toContain('PROPFIND')
  })

  if (requires('promtool')) {
    test('passes promtool', async () => {
      const { text } = await api('GET', '/metrics')
      const promtool = findProgram('promtool') as string
      const child = Bun.spawn([promtool, 'check', 'metrics'], { stdin: new Blob([text]), stdout: 'pipe', stderr: 'pipe' })
      const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
      expect({ said: said.join(''), code: await child.exited }).toEqual({ said: '', code: 0 })
    })
  }
})
