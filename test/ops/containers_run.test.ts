/** The programs of the containers, with the environment, secrets and scripts of the containers. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { expectStatus } from '../support/api.ts'
import { startBalancer } from '../support/balancer.ts'
import { openApi } from '../support/client.ts'
import { environmentOf, inContainer, makeSecrets, moveSecrets, serviceOf } from '../support/compose.ts'
import { openEmptyDatabase } from '../support/database.ts'
import { dropRoles } from '../support/database_roles.ts'
import { findProgram, requires } from '../support/requirements.ts'
import { spawnApi } from '../support/server.ts'
import { findFreePort } from '../support/simulated_payments.ts'
import { sharedElasticsearch } from '../support/stores/elasticsearch.ts'

// Elasticsearch alone takes two minutes to start on a busy machine.
setDefaultTimeout(300_000)

const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends.reverse()) await end()
}, 60_000)

if (requires('redis-server') && requires('elasticsearch') && requires('haproxy') && requires('postgresql-15')) {
  const secrets = makeSecrets()
  const pictures = mkdtempSync(join(tmpdir(), 'stallwright-pictures-'))
  ends.push(secrets.remove, () => rmSync(pictures, { recursive: true }))

  test('migrate, two APIs and a worker, behind the load balancer', async () => {
    const database = await openEmptyDatabase()
    ends.push(() => dropRoles(database.url), database.close)
    initPostgres(database.url, secrets.folder)
    const { host, pathname } = new URL(database.url)
    const addresses = { 'postgres:5432/stallwright': host + pathname, 'redis:6379': await runRedis(secrets.folder) }
    moveSecrets(secrets.folder, ['migrate', 'api', 'worker'], addresses)
    const elsewhere = {
      ELASTICSEARCH_URL: (await sharedElasticsearch()).url,
      // The server is shared with other suites.
      SEARCH_INDEX: `containers-${crypto.randomUUID()}`,
      PICTURES_DIR: pictures,
    }
    const spawn = async (role: string) => {
      const api = await spawnApi({ NODE_ENV: 'production', ...environmentOf(role, secrets.folder), ...elsewhere }, role)
      ends.push(() => api.stop())
      return api
    }

    runOnce(serviceOf('migrate').command ?? [], environmentOf('migrate', secrets.folder))
    const [worker, ...apis] = await Promise.all([spawn('worker'), spawn('api'), spawn('api')])
    expect((await openApi(worker.url)('GET', '/readyz?verbose')).body).toMatchObject({
      cache: 'redis',
      checks: { redis: 'ok' },
    })

    const balancer = await startBalancer(apis.map(({ url }) => new URL(url).host))
    ends.push(balancer.stop)
    const balanced = openApi(balancer.url, { ca: balancer.ca })
    while ((await balanced('GET', '/readyz')).status !== 200) await Bun.sleep(20)
    expect((await balanced<{ items: object[] }>('GET', '/v1/search?q=heart')).body.items).not.toEqual([])
    expect((await balanced('GET', '/metrics')).status).toBe(404)
    const who = { email: 'ann@example.com', password: 'correct horse battery' }
    expectStatus(await balanced('POST', '/v1/users', { body: { ...who, display_name: 'Ann' } }), 201)
    expectStatus(await balanced('POST', '/v1/sessions', { body: who }), 201)
  })

  test('Redis refuses a client without its password', async () => {
    const address = await runRedis(secrets.folder)
    const ping = Bun.spawnSync(['redis-cli', '-p', address.split(':')[1] as string, 'get', 'anything'])
    expect(ping.stdout.toString()).toContain('NOAUTH')
  })
}

/** Runs the scripts that PostgreSQL's container runs at its first start, also by psql. */
function initPostgres(url: string, secrets: string): void {
  const volumes = serviceOf('postgres').volumes ?? []
  const psql = join(dirname(findProgram('postgresql-15') as string), 'psql')
  for (const [script = '', target = ''] of volumes.map((volume) => volume.split(':'))) {
    if (!target.startsWith('/docker-entrypoint-initdb.d/')) continue
    const text = inContainer(readFileSync(join(projectRoot, script), 'utf8'), 'postgres', secrets)
    runOnce([psql, '--dbname', url, '--set', 'ON_ERROR_STOP=1', '--quiet', '--file', '-'], {}, text)
  }
}

/** Runs Redis by its container's command on a free port. Returns its address when its health check passes. */
async function runRedis(secrets: string): Promise<string> {
  const { command = [], healthcheck } = serviceOf('redis')
  const port = String(await findFreePort())
  const data = mkdtempSync(join(tmpdir(), 'stallwright-redis-'))
  const words = command.map((word) => inContainer(word, 'redis', secrets))
  const child = Bun.spawn([...words, '--port', port, '--bind', '127.0.0.1', '--dir', data], { stdout: 'ignore' })
  ends.push(async () => {
    child.kill()
    await child.exited
    rmSync(data, { recursive: true })
  })
  // The compose file doubles each `$` of the shell.
  const shell = (healthcheck?.test?.[1] ?? '').replaceAll('$$', '$')
  const check = inContainer(shell, 'redis', secrets).replace('redis-cli', `redis-cli -p ${port}`)
  while (Bun.spawnSync(['sh', '-c', check]).exitCode !== 0) {
    if (child.exitCode !== null) throw new Error('Redis ended.')
    await Bun.sleep(20)
  }
  return `127.0.0.1:${port}`
}

/** Runs a command to its end. Throws its output if it fails. */
function runOnce(command: string[], environment: Record<string, string>, input = ''): void {
  const ended = Bun.spawnSync(command, {
    cwd: projectRoot,
    env: { ...process.env, ...environment },
    stdin: Buffer.from(input),
  })
  if (ended.exitCode !== 0) throw new Error(`${command[0]}: ${ended.stdout}${ended.stderr}`)
}
