import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig, redactConfig, variables } from './config.ts'
import { renderConfiguration, renderExample } from './config_reference.ts'
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
  test('returns the defaults for an empty environment', () => {
    expect(readConfig({})).toMatchObject({ PORT: 3000, LOG_LEVEL: 'info', RATE_LIMIT_SCALE: 1, TRUSTED_PROXIES: 0 })
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toEqual(readConfig({}))
  })

  test('names every bad variable in one error and shows no value', () => {
    const bad = { PORT: '1e3', DATABASE_URL: 'mysql://ann:hunter22@db', LOG_LEVEL: 'loud', CHECK_ANSWERS: 'yes' }
    expect(() => readConfig(bad)).toThrow(
      'Bad configuration: PORT must be a port number from 0 to 65535; ' +
        'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent; ' +
        'DATABASE_URL must be a postgres:// URL; CHECK_ANSWERS must be true or false.',
    )
  })

  test('accepts several nodes of Elasticsearch, each as a full URL', () => {
    const nodes = 'https://elastic:pw@one:9200, https://elastic:pw@two:9200'
    expect(readConfig({ ELASTICSEARCH_URL: nodes }).ELASTICSEARCH_URL).toBe(nodes)
    expect(() => readConfig({ ELASTICSEARCH_URL: 'http://one:9200,two:9200' })).toThrow('ELASTICSEARCH_URL must be')
  })

  test('PAYOUT_MINIMUM stays text, because money is no float', () => {
    expect(readConfig({})).toMatchObject({ PAYOUT_MINIMUM: '25.00', PAYOUT_PROVIDER: 'manual' })
    expect(readConfig({ PAYOUT_MINIMUM: '0.10', PAYOUT_HOLD_DAYS: '0' })).toMatchObject({
      PAYOUT_MINIMUM: '0.10',
      PAYOUT_HOLD_DAYS: 0,
    })
    const bad = { PAYOUT_MINIMUM: '1.005', PAYOUT_HOLD_DAYS: '-1', PAYOUT_PROVIDER: 'paypal' }
    expect(() => readConfig(bad)).toThrow(
      'Bad configuration: PAYOUT_PROVIDER must be one of manual, simulated, stripe; PAYOUT_MINIMUM must be an amount in US ' +
        'dollars with at most two decimals, such as 25.00; PAYOUT_HOLD_DAYS must be a whole number of days from 0 to 365.',
    )
  })

  test('every variable has a description, and its valid form if a value can be bad', () => {
    for (const [name, { description, must_be, type }] of Object.entries(variables)) {
      expect({ name, described: description.length > 5 }).toEqual({ name, described: true })
      if (type !== 'string') expect({ name, must_be }).toEqual({ name, must_be: expect.any(String) })
    }
  })
})

describe('secrets from files', () => {
  test('the content of the file is the value, without its last line break', () => {
    const file = writeSecret('database', 'postgres://ann:s3cret@db/shop\n')
    expect(readConfig({ DATABASE_URL_FILE: file }).DATABASE_URL).toBe('postgres://ann:s3cret@db/shop')
    expect(readConfig({ STRIPE_SECRET_KEY_FILE: writeSecret('stripe', 'sk_test_1\r\n') }).STRIPE_SECRET_KEY).toBe('sk_test_1')
  })

  test('every secret can come from a file, and no other variable can', () => {
    expect(secrets).toContain('OPERATOR_TOKEN')
    for (const name of secrets) expect(() => readConfig({ [`${name}_FILE`]: join(folder, 'none') })).toThrow(`${name}_FILE`)
    expect(readConfig({ PORT_FILE: join(folder, 'none') }).PORT).toBe(3000)
  })

  test('one error names a variable set twice and an unreadable, an empty and a bad file', () => {
    const [empty, bad] = [writeSecret('empty', '\n'), writeSecret('bad', 'hunter22')]
    const environment = {
      DATABASE_URL: 'postgres://db/shop',
      DATABASE_URL_FILE: bad,
      REDIS_URL_FILE: bad,
      SMTP_URL_FILE: empty,
      OPERATOR_TOKEN_FILE: folder,
    }
    expect(() => readConfig(environment)).toThrow(
      `Bad configuration: OPERATOR_TOKEN_FILE names ${folder}, which cannot be read (EISDIR); ` +
        'DATABASE_URL and DATABASE_URL_FILE are both set, keep one; ' +
        `SMTP_URL_FILE names ${empty}, which is empty; REDIS_URL must be a redis:// URL.`,
    )
  })
})

test('redactConfig keeps the addresses of secret URLs and no secret', () => {
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
    ['docs/CONFIGURATION.md', renderConfiguration],
    ['.env.example', renderExample],
  ]

  // `UPDATE_DOCS=1 bun run test src/platform/config.test.ts` writes these files.
  test.each(files)('%s matches the schema', (name, render) => {
    const rendered = render()
    if (process.env.UPDATE_DOCS) writeFileSync(join(projectRoot, name), rendered)
    expect(read(name)).toBe(rendered)
  })
})

function read(name: string): string {
  return readFileSync(join(projectRoot, name), 'utf8')
}
