import { describe, expect, test } from 'bun:test'
import { expectStatus } from '../test/api.ts'
import { startServer } from '../test/server.ts'

const { api } = await startServer()

describe('probes', () => {
  test('/livez says that the process runs', async () => {
    expect(expectStatus(await api('GET', '/livez'), 200)).toEqual({ status: 'ok' })
  })

  test('/readyz says that PostgreSQL answers, and what else is in use', async () => {
    const body = expectStatus(await api<Record<string, string>>('GET', '/readyz'), 200)
    expect(body.status).toBe('ready')
    expect(['postgres', 'elasticsearch']).toContain(body.search as string)
    expect(['in_process', 'redis']).toContain(body.cache as string)
  })

  test('neither is cached, and HEAD will do', async () => {
    for (const path of ['/livez', '/readyz']) {
      expect((await api('GET', path)).headers.get('cache-control')).toBe('no-store')
      expect((await api('HEAD', path)).status).toBe(200)
    }
  })
})
