import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import pino from 'pino'
import { startRedis } from '../../../test/faults/servers/redis_process.ts'
import type { ProblemBody } from '../../../test/support/api.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { openApi } from '../../../test/support/client.ts'
import { openEmptyDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { type FaultyNetwork, openFaultyNetwork } from '../../../test/support/faulty_network.ts'
import { requires } from '../../../test/support/requirements.ts'
import { spawnApi } from '../../../test/support/server.ts'
import { connectRedis, guardRedis } from '../../platform/kv/redis.ts'
import { openReadiness, type Readiness, type Report } from './readiness.ts'

let database: TestDatabase
let network: FaultyNetwork
let url: string

beforeAll(async () => {
  database = await openTestDatabase()
  network = await openFaultyNetwork(database.url)
  url = Object.assign(new URL(database.url), { host: new URL(network.url).host }).href
})
afterAll(async () => {
  await network.stop()
  await database.close()
})

/** On a busy machine even a healthy database can take longer than a probe waits. */
async function until(readiness: Readiness, is_so: (report: Report) => boolean): Promise<Report> {
  for (;;) {
    const report = await readiness.check()
    if (is_so(report)) return report
    await Bun.sleep(20)
  }
}
const untilReady = (readiness: Readiness, ready: boolean) => until(readiness, (report) => report.ready === ready)
const untilAnswered = (readiness: Readiness) => until(readiness, ({ checks }) => checks.database === 'ok')

describe('readiness', () => {
  test('follows a database that freezes, recovers, rejects and recovers', async () => {
    const readiness = openReadiness(url, null)
    expect(await untilReady(readiness, true)).toEqual({
      ready: true,
      detail: '',
      checks: { process: 'ok', database: 'ok', migrations: 'ok', redis: 'unused' },
    })
    for (const kind of ['black_hole', 'refuse'] as const) {
      network.inject({ kind })
      // Would wait forever without its own deadline.
      expect(await untilReady(readiness, false)).toMatchObject({ detail: 'The database does not respond.' })
      network.inject({ kind: 'none' })
      await untilReady(readiness, true)
    }
    await readiness.stop()
  })

  test('needs the migrations of this version, and ignores later ones', async () => {
    const readiness = openReadiness(url, null)
    const [last] = await database.sql<{ version: string }[]>`
      delete from schema_migrations where version = (select max(version) from schema_migrations) returning version`
    expect(await untilAnswered(readiness)).toMatchObject({
      ready: false,
      detail: 'The database lacks migrations of this version. Run "bun run migrate".',
      checks: { database: 'ok', migrations: 'failed' },
    })
    await database.sql`insert into schema_migrations (version) values (${last?.version ?? ''}), ('99990101000000')`
    expect(await untilAnswered(readiness)).toMatchObject({ ready: true })
    await readiness.stop()
  })

  test('an ending process is not ready, whatever the state of its stores', async () => {
    const readiness = openReadiness(url, null)
    readiness.drain()
    expect(await untilAnswered(readiness)).toMatchObject({
      ready: false,
      detail: 'This process is ending.',
      checks: { database: 'ok' },
    })
    await readiness.stop()
  })

  if (requires('redis-server'))
    test('is ready without its Redis', async () => {
      const redis = await startRedis()
      const guard = guardRedis(connectRedis(redis.url, pino({ level: 'silent' })))
      const readiness = openReadiness(url, guard)
      while ((await readiness.check()).checks.redis !== 'ok') await Bun.sleep(20)
      await redis.kill()
      expect(await untilAnswered(readiness)).toMatchObject({ ready: true, checks: { redis: 'degraded' } })
      await guard.close()
      await readiness.stop()
    })
})

describe('/readyz of a process', () => {
  let running: ApiProcess
  beforeAll(async () => {
    running = await spawnApi({ DATABASE_URL: url, REDIS_URL: '', LOG_LEVEL: 'silent' })
  })
  afterAll(() => running.kill())

  test('is 503 with Retry-After while PostgreSQL is frozen, and the process lives', async () => {
    const api = openApi(running.url)
    while ((await api('GET', '/readyz')).status !== 200) await Bun.sleep(20)
    expect((await api('GET', '/readyz?verbose')).body).toMatchObject({ status: 'ready', checks: { database: 'ok' } })
    expect((await api<object>('GET', '/readyz')).body).not.toHaveProperty('checks')
    network.inject({ kind: 'black_hole' })
    const answer = await api<ProblemBody & { checks: object }>('GET', '/readyz?verbose')
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', checks: { database: 'failed' } } })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect((await api('GET', '/livez')).status).toBe(200)
    // A call stops waiting too, although PostgreSQL ends none of its statements.
    const call = await api<ProblemBody>('GET', '/v1/search?q=frozen')
    expect(call).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(call.headers.get('retry-after')).toBe('1')
    network.inject({ kind: 'none' })
    while ((await api('GET', '/readyz')).status !== 200) await Bun.sleep(20)
    while ((await api('GET', '/v1/search?q=frozen')).status !== 200) await Bun.sleep(20)
  })
})

test('SIGTERM gives clients time to move on, serves them meanwhile, and ends with 0', async () => {
  const running = await spawnApi({ DATABASE_URL: database.url, DRAIN_MS: '5000', LOG_LEVEL: 'silent' })
  const api = openApi(running.url)
  expect((await api('GET', '/v1/categories')).headers.get('connection')).not.toBe('close')
  const ended = running.stop()
  let answer = await api<ProblemBody>('GET', '/readyz')
  while (answer.body.detail !== 'This process is ending.') answer = await api<ProblemBody>('GET', '/readyz')
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  const served = await api('GET', '/v1/categories')
  expect(served.status).toBe(200)
  expect(served.headers.get('connection')).toBe('close')
  await ended
  expect(await running.exited).toBe(0)
})

describe('a process of one role', () => {
  test('does not start on a database that is not migrated', async () => {
    const empty = await openEmptyDatabase()
    await expect(spawnApi({ DATABASE_URL: empty.url }, 'api')).rejects.toThrow('ended before it served')
    await empty.close()
  })

  test('a worker serves its probes and metrics, and no calls', async () => {
    const worker = await spawnApi({ DATABASE_URL: database.url }, 'worker')
    const api = openApi(worker.url)
    const answers = ['/livez', '/readyz', '/metrics', '/v1/categories', '/demo'].map(
      async (path) => (await api('GET', path)).status,
    )
    expect(await Promise.all(answers)).toEqual([200, 200, 200, 404, 404])
    // At its start each worker looks for work that others left.
    const done = async () =>
      await database.sql`select from pgboss.job where name = 'reconcile_payments' and state = 'completed' limit 1`
    while ((await done()).length === 0) await Bun.sleep(50)
    await worker.stop()
  })

  test('an API runs no jobs', async () => {
    await database.sql`delete from pgboss.job`
    const running = await spawnApi({ DATABASE_URL: database.url }, 'api')
    expect((await openApi(running.url)('GET', '/v1/categories')).status).toBe(200)
    const asked = await database.sql`
        select from pg_stat_activity where datname = current_database() and application_name = 'stallwright worker'`
    expect(asked).toHaveLength(0)
    await running.stop()
  })
})
