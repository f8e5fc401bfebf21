import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig, redactConfig, variables } from './config.ts'
import { renderExample, renderTable } from './config_reference.ts'
import { projectRoot } from './project.ts'

const folder = mkdtempSync(join(tmpdir(), 'stallwright-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function writeSecret(name: string, content: string): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

const secrets = Object.entries(variables).flatMap(([name, { secret }]) => (secret ? [name] : []))

describe('readConfig', () => {
  test('needs nothing, and knows the defaults', () => {
    expect(readConfig({})).toMatchObject({ PORT: 3000, LOG_LEVEL: 'info', RATE_LIMIT_SCALE: 1, TRUSTED_PROXIES: 0 })
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toEqual(readConfig({}))
  })

  test('names every bad variable at once, and shows no value', () => {
    const bad = { PORT: '1e3', DATABASE_URL: 'mysql://ann:hunter22@db', LOG_LEVEL: 'loud', CHECK_ANSWERS: 'yes' }
    expect(() => readConfig(bad)).toThrow(
      'Bad configuration: PORT must be a port number from 0 to 65535; DATABASE_URL must be a postgres:// URL; ' +
        'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent; CHECK_ANSWERS must be true or false.',
    )
  })

  test('takes several nodes of Elasticsearch, and each must be a whole URL', () => {
    const nodes = 'https://elastic:pw@one:9200, https://elastic:pw@two:9200'
    expect(readConfig({ ELASTICSEARCH_URL: nodes }).ELASTICSEARCH_URL).toBe(nodes)
    expect(() => readConfig({ ELASTICSEARCH_URL: 'http://one:9200,two:9200' })).toThrow('ELASTICSEARCH_URL must be')
  })

  test('says of each variable what it is, and of each that can be bad what it must be', () => {
    for (const [name, { description, must_be, type }] of Object.entries(variables)) {
      expect({ name, described: description.length > 5 }).toEqual({ name, described: true })
      if (type !== 'string') expect({ name, must_be }).toEqual({ name, must_be: expect.any(String) })
    }
  })
})

describe('secrets from files', () => {
  test('a file stands for its variable, without the line break at its end', () => {
    const file = writeSecret('database', 'postgres://ann:s3cret@db/shop\n')
    expect(readConfig({ DATABASE_URL_FILE: file }).DATABASE_URL).toBe('postgres://ann:s3cret@db/shop')
    expect(readConfig({ STRIPE_SECRET_KEY_FILE: writeSecret('stripe', 'sk_test_1\r\n') }).STRIPE_SECRET_KEY).toBe('sk_test_1')
  })

  test('every secret has one, and nothing else has', () => {
    expect(secrets).toContain('OPERATOR_TOKEN')
    for (const name of secrets) expect(() => readConfig({ [`${name}_FILE`]: join(folder, 'none') })).toThrow(`${name}_FILE`)
    expect(readConfig({ PORT_FILE: join(folder, 'none') }).PORT).toBe(3000)
  })

  test('both set, an unreadable, an empty and a bad one are refused, all in one line', () => {
    const [empty, bad] = [writeSecret('empty', '\n'), writeSecret('bad', 'hunter22')]
    const environment = {
      DATABASE_URL: 'postgres://db/shop',
      DATABASE_URL_FILE: bad,
      REDIS_URL_FILE: bad,
      SMTP_URL_FILE: empty,
      OPERATOR_TOKEN_FILE: folder,
    }
    expect(() => readConfig(environment)).toThrow(
      `Bad configuration: DATABASE_URL and DATABASE_URL_FILE are both set, keep one; SMTP_URL_FILE names ${empty}, which is empty; ` +
        `OPERATOR_TOKEN_FILE names ${folder}, which cannot be read (EISDIR); REDIS_URL must be a redis:// URL.`,
    )
  })
})

test('redactConfig shows where secrets lead, and none of them', () => {
  const config = readConfig({
    DATABASE_URL: 'postgres://ann:hunter22@db:5432/shop?password=hunter22',
    REDIS_URL: 'redis://:hunter22@cache:6379',
    ELASTICSEARCH_URL: 'https://elastic:hunter22@one:9200, https://elastic:hunter22@two:9200',
    STRIPE_SECRET_KEY: 'sk_live_hunter22',
    STRIPE_WEBHOOK_SECRETS: 'whsec_hunter22',
    SIMULATED_WEBHOOK_SECRETS: 'hunter22hunter22',
    SMTP_URL: 'smtp://ann:hunter22@mail',
    S3_SECRET_ACCESS_KEY: 'hunter22',
    OPERATOR_TOKEN: 'hunter22hunter22',
  })
  const shown = redactConfig(config)
  expect(JSON.stringify(shown)).not.toContain('hunter22')
  expect(shown).toMatchObject({
    PORT: 3000,
    DATABASE_URL: 'postgres://***@db:5432/shop',
    ELASTICSEARCH_URL: 'https://***@one:9200/,https://***@two:9200/',
    OPERATOR_TOKEN: '***',
  })
})

describe('documents', () => {
  const files: [string, () => string][] = [
    ['README.md', () => read('README.md').replace(/^\| variable \| default \| is \|\n(\|.*\n)*/m, () => `${renderTable()}\n`)],
    ['.env.example', renderExample],
  ]

  // Written by UPDATE_DOCS=1 bun test src/config.test.ts
  test.each(files)('%s says what the schema says', (name, render) => {
    const rendered = render()
    if (process.env.UPDATE_DOCS) writeFileSync(join(projectRoot, name), rendered)
    expect(read(name)).toBe(rendered)
  })
})

function read(name: string): string {
  return readFileSync(join(projectRoot, name), 'utf8')
}
