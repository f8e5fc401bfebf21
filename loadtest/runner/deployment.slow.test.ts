/** Load on a given service. The run checks that DATABASE_URL is its database, and cleans up at the end. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'
import type { ApiProcess } from '../../test/support/api_process.ts'
import { type Ended, runScript, runToEnd } from '../../test/support/commands.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { listItems, openShops } from '../../test/support/people.ts'
import { requires } from '../../test/support/requirements.ts'
import { spawnApi } from '../../test/support/server.ts'
import { findK6 } from './k6.ts'
import type { LoadResult } from './results.ts'
import { prepareStage } from './stage.ts'

let database: TestDatabase
let service: ApiProcess
/** The only listing before the runs. */
let original: number

beforeAll(async () => {
  database = await openTestDatabase()
  service = await spawnApi({ DATABASE_URL: database.url }, 'api')
  const { sql } = database
  const [category] = await sql<{ id: number }[]>`insert into categories (name, slug) values ('Bowls', 'bowls') returning id`
  const [shop] = await openShops(sql, 1)
  if (!category || !shop) throw new Error('no row')
  await sql`update users set email = 'potter@example.com'`
  const [listing] = await listItems(sql, [shop], [5])
  original = listing?.id ?? 0
  await sql`update products set title = 'Stoneware bowl', category_id = ${category.id}`
})
afterAll(async () => {
  await service.stop()
  await database.close()
})

describe('a load test of a given service', () => {
  test('is refused in one line if DATABASE_URL is another database, and leaves no user there', async () => {
    const other = await openTestDatabase()
    const { code, errors } = await runLoadTest({ DATABASE_URL: other.url }, 'cart')
    const people = await other.sql`select from users`
    await other.close()
    expect({ code, errors, people: people.count }).toEqual({
      code: 1,
      errors: expect.stringMatching(/^DATABASE_URL is not the database of the service on .* the run wrote there\.$/),
      people: 0,
    })
  })

  test('is refused in one line if DATABASE_URL is no database of Stallwright', async () => {
    const url = new URL(database.url)
    url.pathname = '/postgres'
    const { code, errors } = await runLoadTest({ DATABASE_URL: url.href }, 'cart')
    expect({ code, errors }).toEqual({
      code: 1,
      errors: `DATABASE_URL is not the database of the service on ${service.url}: it has no tables of Stallwright.`,
    })
  })

  test('names the login that it needs if its own may not write', async () => {
    const login = `stallwright_test_${crypto.randomUUID().slice(0, 8)}`
    await database.sql.unsafe(`create role ${login} login password 'x'`)
    const url = new URL(database.url)
    ;[url.username, url.password] = [login, 'x']
    const { code, errors } = await runLoadTest({ DATABASE_URL: url.href }, 'cart')
    await database.sql.unsafe(`drop role ${login}`)
    expect(code).toBe(1)
    expect(errors).toContain('use that of stallwright_migrator')
    expect(errors.split('\n')).toHaveLength(1)
  })

  test('that was killed: a command removes its data', async () => {
    const pool = openPool(database.url, { max: 2, name: 'killed', statement_timeout_ms: 0 })
    await prepareStage(pool, { crowd: 0 }, 'load-killed-')
    await pool.end({ timeout: 5 })
    const { code, errors } = await runLoadTest({}, '--clean-up')
    expect({ code, errors }).toEqual({
      code: 0,
      errors: expect.stringContaining('Archived 2201 listings and deleted 2000 people'),
    })
    expect(await onTheShelf()).toEqual([original])
  })

  if (requires('k6')) {
    test('removes its listings and people at the end, prints what stays, and measures only its own process', async () => {
      const { output, errors } = await runLoadTest({}, 'checkout', 'smoke', '--seconds', '3')
      const result = keptResult(output, errors)
      expect(await onTheShelf()).toEqual([original])
      const orders = await database.sql`select from orders`
      expect(orders.count).toBeGreaterThan(0)
      expect(errors).toMatch(
        new RegExp(`Archived 2201 listings and deleted \\d+ people.* people with ${orders.count} orders, stay\\.`),
      )
      const [{ sessions } = { sessions: 0 }] = await database.sql<{ sessions: number }[]>`
          select count(*)::integer as sessions from sessions s join users u on u.id = s.user_id where u.email like 'load-%'`
      expect(sessions).toBe(0)
      expect(result.processes.map(({ name }) => name)).toEqual(['k6'])
      expect(result.target).toBe(service.url)
      expect(output).toContain('not measured  http_req_duration{name:GET /v1/search} p(95)<200')
      expect(output).not.toContain('>=0')
      // The output has no progress lines of k6, because it goes to a pipe.
      expect(output).not.toMatch(/running \(/)
    })

    test('by k6 alone makes its data over the API, and archives it', async () => {
      const script = join(projectRoot, 'loadtest', 'checkout.ts')
      const variables = { BASE_URL: service.url, DURATION_S: '2' }
      const given = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`])
      const file = join(tmpdir(), `stallwright-by-hand-${crypto.randomUUID()}.json`)
      const options = ['--no-usage-report', '--quiet', '--summary-export', file]
      const { output, errors } = await runToEnd([findK6() ?? '', 'run', ...options, ...given, script])
      const printed = output + errors
      const { metrics } = JSON.parse(readFileSync(file, 'utf8'))
      rmSync(file)
      expect({ failed: metrics.http_req_failed.value, printed: printed.match(/level=(error|warning).*/g) }).toEqual({
        failed: 0,
        printed: null,
      })
      expect(metrics['http_reqs{name:POST /v1/checkout}'].count).toBeGreaterThan(0)
      expect(await onTheShelf()).toEqual([original])
    })
  }
})

function runLoadTest(variables: Record<string, string>, ...words: string[]): Promise<Ended> {
  return runScript('loadtest', words, { BASE_URL: service.url, DATABASE_URL: database.url, ...variables })
}

/** Reads the figures of a run and removes its files. */
function keptResult(output: string, errors: string): LoadResult {
  const path = /^Report: (.+)\.html$/m.exec(output)?.[1]
  if (!path) throw new Error(output + errors)
  const result = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as LoadResult
  for (const end of ['json', 'html']) rmSync(`${path}.${end}`)
  return result
}

async function onTheShelf(): Promise<number[]> {
  const rows = await database.sql<{ id: number }[]>`select id from products where archived_at is null order by id`
  return rows.map(({ id }) => id)
}
