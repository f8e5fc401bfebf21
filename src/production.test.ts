import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { openTestDatabase } from '../test/support/database.ts'
import { readConfig } from './platform/config.ts'
import { projectRoot } from './platform/project.ts'
import { describeStandIns, refuseUnsafeProduction } from './production.ts'

const production = { NODE_ENV: 'production' }
const TOKEN = 'x'.repeat(32)
const SMTP = { SMTP_URL: 'smtp://mail' }

function refusalOf(environment: Record<string, string>): string {
  try {
    refuseUnsafeProduction(readConfig(environment))
    return 'none'
  } catch (error) {
    return (error as Error).message
  }
}

describe('a start in production', () => {
  test('is rejected by one line that names every missing variable', () => {
    expect(refusalOf({ ...production, ...SMTP, OPERATOR_TOKEN: 'x'.repeat(31) })).toBe(
      'Bad configuration for NODE_ENV=production: set STRIPE_SECRET_KEY to take money, or PAYMENTS=simulated to take none; ' +
        'OPERATOR_TOKEN must have at least 32 characters; SMTP_URL needs MAIL_FROM and PUBLIC_URL.',
    )
  })

  const paid = { ...production, STRIPE_SECRET_KEY: 'sk_test_1' }
  const from = { MAIL_FROM: 'shop@market.example' }
  const url = { PUBLIC_URL: 'https://market.example' }
  test.each([
    [{ ...paid }, 'none'],
    [{ ...production, PAYMENTS: 'simulated' }, 'none'],
    [{ ...production, SIMULATED_PAYMENTS_URL: 'http://localhost:4000' }, 'none'],
    [{ ...production }, 'PAYMENTS=simulated'],
    [{ ...paid, PASSWORD_MEMORY_KIB: '65536' }, 'none'],
    [{ ...paid, PASSWORD_MEMORY_KIB: '19455' }, 'PASSWORD_MEMORY_KIB must be at least 19456'],
    [{ ...paid, OPERATOR_TOKEN: TOKEN }, 'none'],
    [{ ...paid, OPERATOR_TOKEN: TOKEN.slice(1) }, '32 characters'],
    [{ ...paid, ...SMTP, ...from, ...url }, 'none'],
    [{ ...paid, ...SMTP, ...url }, 'SMTP_URL needs MAIL_FROM.'],
    [{ ...paid, ...SMTP, ...from }, 'SMTP_URL needs PUBLIC_URL.'],
  ])('with %j: %s', (environment, refusal) => {
    expect(refusalOf(environment)).toContain(refusal)
  })

  test('other environments are not checked', () => {
    expect(refusalOf({})).toBe('none')
    expect(refusalOf({ ...SMTP, OPERATOR_TOKEN: 'x'.repeat(16) })).toBe('none')
    expect(() => readConfig({ OPERATOR_TOKEN: 'x'.repeat(15) })).toThrow('OPERATOR_TOKEN must be')
  })
})

test('MAIL_FROM is one address, and PAYMENTS has one value', () => {
  expect(readConfig({ MAIL_FROM: "o'neil+shop@mail.market.example" }).MAIL_FROM).toBe("o'neil+shop@mail.market.example")
  for (const bad of ['shop', 'a@b', 'a@b.c, d@e.f', 'Shop <a@b.c>', 'a@b.c\r\nBcc: d@e.f', 'a b@c.de', '.a@b.c', 'a@b..c'])
    expect(() => readConfig({ MAIL_FROM: bad })).toThrow('MAIL_FROM must be one e-mail address')
  expect(() => readConfig({ PAYMENTS: 'real' })).toThrow('PAYMENTS must be simulated, or unset')
})

describe('a start prints its simulated parts:', () => {
  test('payments and mail, unless they are real', () => {
    const lines = describeStandIns(readConfig({})).join('\n')
    expect(lines).toContain('Payments: SIMULATED, no money moves')
    expect(lines).toContain('Mail: SIMULATED')
    const real = { STRIPE_SECRET_KEY: 'sk_test_1', ...SMTP, REDIS_URL: 'redis://r', ELASTICSEARCH_URL: 'http://e:9200' }
    expect(describeStandIns(readConfig(real))).toEqual([])
  })

  test.each([['all'], ['api'], ['worker']])('as %s, in production only if it is configured to simulate', async (role) => {
    const database = await openTestDatabase()
    try {
      const variables = { DATABASE_URL: database.url, NODE_ENV: 'production', PORT: '0', LOG_LEVEL: 'info' }
      const refused = await start(role, variables)
      expect(refused.said).toMatch(/^Bad configuration for NODE_ENV=production: set STRIPE_SECRET_KEY [^\n]*\n$/)
      expect(refused.code).toBe(1)
      const started = await start(role, { ...variables, PAYMENTS: 'simulated' })
      expect(started.said).toContain('Payments: SIMULATED')
      expect(started.said).toContain('Mail: SIMULATED')
      expect(started.code).toBe(0)
    } finally {
      await database.close()
    }
  })
})

/** Starts a process, ends it when it serves, and returns its output. */
async function start(role: string, variables: Record<string, string>): Promise<{ said: string; code: number }> {
  const child = Bun.spawn([process.execPath, join(projectRoot, 'src', 'main.ts'), role], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DRAIN_MS: '0', ...variables },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const errors = new Response(child.stderr).text()
  const decoder = new TextDecoder()
  let said = ''
  for await (const chunk of child.stdout) {
    said += decoder.decode(chunk, { stream: true })
    if (said.includes('serves on')) child.kill('SIGTERM')
  }
  return { said: said + (await errors), code: await child.exited }
}
