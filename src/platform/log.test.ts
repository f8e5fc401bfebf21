import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { openApi } from '../../test/support/client.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { ADDRESS } from '../../test/support/purchase.ts'
import { createLog } from './log.ts'
import { projectRoot } from './project.ts'

test('an error is logged without the fields that libraries add to it', () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const hung = {
    command: { args: ['hunter22'] },
    headers: { authorization: 'hunter22' },
    parameters: ['hunter22'],
    detail: 'hunter22',
  }
  const cause = Object.assign(new Error('refused'), hung, { code: 'ECONNREFUSED' })
  log.error(
    { err: Object.assign(new Error('failed', { cause }), hung, { code: '23505', constraint_name: 'users_email_key' }) },
    'oops',
  )
  log.child({ job_id: 1 }).error({ err: 'no error at all' }, 'oops')
  expect(lines.join('')).not.toContain('hunter22')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      err: {
        type: 'Error',
        message: 'failed',
        stack: expect.stringContaining('log.test.ts'),
        code: '23505',
        constraint_name: 'users_email_key',
        cause: { message: 'refused', code: 'ECONNREFUSED' },
      },
    },
    { job_id: 1, err: { message: 'no error at all' } },
  ])
})

test('a process at the lowest level logs one line a request, and no secret', async () => {
  const database = await openTestDatabase()
  const [password, operator_token, webhook_secret] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()]
  const child = Bun.spawn([process.execPath, join(projectRoot, 'src', 'main.ts'), 'api'], {
    cwd: projectRoot,
    env: {
      ...process.env,
      PORT: '0',
      DRAIN_MS: '0',
      LOG_LEVEL: 'trace',
      DATABASE_URL: database.url,
      REDIS_URL: '',
      ELASTICSEARCH_URL: '',
      OPERATOR_TOKEN: operator_token,
      SIMULATED_WEBHOOK_SECRETS: webhook_secret,
    },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [told, complained] = [new Response(child.stderr).text(), readAll(child.stdout)]
  const api = openApi(await complained.address)
  const email = `${crypto.randomUUID()}@example.com`
  const request_id = crypto.randomUUID()
  await api('POST', '/v1/users', { body: { email, password, display_name: 'Ann' }, headers: { 'X-Request-Id': request_id } })
  const { token } = (await api<{ token: string }>('POST', '/v1/sessions', { body: { email, password } })).body
  await api('POST', '/v1/sessions', { body: { email, password: `${password}x` } })
  const key = crypto.randomUUID()
  const body = { shipping_address: ADDRESS, payment_method: 'pm_card_visa' }
  await api('POST', '/v1/checkout', { token, body, headers: { 'Idempotency-Key': key } })
  await api('GET', '/admin/queues', { headers: { Authorization: `Basic ${btoa(`ann:${operator_token}`)}` } })
  child.kill('SIGTERM')
  await child.exited
  const text = (await told) + (await complained.text)
  for (const secret of [password, token, operator_token, webhook_secret, new URL(database.url).password])
    expect(text.includes(secret)).toBe(false)
  const lines = text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  expect(lines.filter((line) => line.request_id === request_id)).toEqual([
    expect.objectContaining({ msg: 'request', method: 'POST', route: '/v1/users', status: 201, duration_ms: expect.any(Number) }),
  ])
  expect(lines.find((line) => line.route === '/v1/checkout')).toMatchObject({
    status: 409,
    problem: 'cart_empty',
    user_id: expect.any(Number),
  })
  expect(lines.find((line) => line.msg === 'configuration')).toMatchObject({ config: { OPERATOR_TOKEN: '***' } })
  await database.close()
})

/** Returns the whole output, and the address in it as soon as that arrives. */
function readAll(stdout: ReadableStream<Uint8Array>): { address: Promise<string>; text: Promise<string> } {
  const { promise: address, resolve } = Promise.withResolvers<string>()
  const read = async () => {
    let text = ''
    for await (const chunk of stdout.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
      text += chunk
      const found = /serves on (\S+)/.exec(text)?.[1]
      if (found) resolve(found)
    }
    return text
  }
  return { address, text: read() }
}
