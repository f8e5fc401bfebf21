import { afterAll, beforeAll, expect, test } from 'bun:test'
import pino from 'pino'
import { SMTPServer } from 'smtp-server'
import { readConfig } from '../config.ts'
import { openConfiguredMailer } from './mailer.ts'

const silent = pino({ level: 'silent' })
type Received = { from: string; to: string[]; text: string }
const received: Received[] = []
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, { envelope }, done) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk) => chunks.push(chunk))
    stream.on('end', () => {
      const from = envelope.mailFrom ? envelope.mailFrom.address : ''
      received.push({ from, to: envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString() })
      done()
    })
  },
})
let smtp_url: string
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  smtp_url = `smtp://127.0.0.1:${(server.server.address() as { port: number }).port}`
})
afterAll(() => new Promise<void>((closed) => server.close(closed)))

const mail = (to: string) => ({
  mail_id: 7,
  kind: 'order_sold',
  to,
  subject: 'Hello',
  text: 'Hello.',
  html: '<p>Hello.</p>',
  unsubscribe: null,
})

/** Sends one mail and returns what the server received, if anything. */
async function send(
  environment: Record<string, string>,
  to: string,
  unsubscribe: string | null = null,
): Promise<Received | undefined> {
  const mailer = openConfiguredMailer(readConfig({ SMTP_URL: smtp_url, ...environment }), silent)
  received.length = 0
  await mailer.send({ ...mail(to), unsubscribe }).catch(() => {})
  mailer.close()
  return received[0]
}

test('comes from MAIL_FROM, or without it from a fixed address', async () => {
  const sent = await send({ MAIL_FROM: 'shop@market.example' }, 'ann@example.com')
  expect(sent).toMatchObject({ from: 'shop@market.example', to: ['ann@example.com'] })
  expect(sent?.text).toContain('From: Stallwright <shop@market.example>')
  expect(await send({}, 'ann@example.com')).toMatchObject({ from: 'no-reply@stallwright.invalid' })
})

test.each([
  ['x,victim@example.net'],
  ['a<victim@example.net>@example.com'],
  ['a;victim@example.net'],
  ['Ann <victim@example.net>'],
])('to %s goes to that address or to none, never to a part of it', async (to) => {
  const sent = await send({}, to)
  expect(sent?.to ?? []).not.toContain('victim@example.net')
  expect(sent?.to.length ?? 0).toBeLessThanOrEqual(1)
})

test('its links begin with PUBLIC_URL, or without it with localhost', () => {
  const link = (environment: Record<string, string>) => openConfiguredMailer(readConfig(environment), silent).link('/v1/orders/1')
  expect(link({ PUBLIC_URL: 'https://market.example/' })).toBe('https://market.example/v1/orders/1')
  expect(link({ PORT: '3005' })).toBe('http://localhost:3005/v1/orders/1')
})

test('has a text, HTML, and a Message-ID at the domain of MAIL_FROM', async () => {
  const { text = '' } = (await send({ MAIL_FROM: 'shop@market.example' }, 'ann@example.com')) ?? {}
  expect(text).toContain('Message-ID: <mail-7@market.example>')
  expect(text).toContain('Content-Type: multipart/alternative')
  expect(text).toContain('Hello.\r\n')
  expect(text).toContain('<p>Hello.</p>')
})

test('says that a program sent it, and how to unsubscribe with one click if that is possible', async () => {
  const plain = await send({}, 'ann@example.com')
  expect(plain?.text).toContain('Auto-Submitted: auto-generated')
  expect(plain?.text).not.toContain('List-Unsubscribe')
  const notice = await send({}, 'ann@example.com', 'https://market.example/unsubscribe/abc')
  expect(notice?.text).toContain('List-Unsubscribe: <https://market.example/unsubscribe/abc>')
  expect(notice?.text).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
})

test('without a mail server it is a log line, which has neither the address nor the text at any level', async () => {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  await openConfiguredMailer(readConfig({}), log).send(mail('ann@example.com'))
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] as string)).toMatchObject({ mail_id: 7, kind: 'order_sold' })
  expect(lines[0]).not.toMatch(/ann@example.com|Hello/)
})
