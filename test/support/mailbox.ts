/** A real SMTP server that keeps what arrives. */
import { afterAll } from 'bun:test'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { openApi } from './client.ts'
import { openTestDatabase } from './database.ts'
import { spawnApi } from './server.ts'
import { eventually } from './shopper.ts'

/**
 * A mail that arrived. `to` is the address of the envelope, `client` the name with which the client introduced itself, `arrived_ms`
 * the time of day.
 */
export type Letter = {
  to: string
  message_id: string
  subject: string
  text: string
  html: string
  headers: Email['headers']
  client: string
  arrived_ms: number
}

export type Mailbox = {
  smtp_url: string
  letters: Letter[]
  /** The addresses whose mails the server rejects, and the code of its response. */
  refuses: Map<string, number>
  close: () => Promise<void>
}

/** `refusal` returns the code with which the server refuses a mail now, or null. The server keeps a mail, then waits, then replies. */
export type MailServerFaults = { refusal: () => number | null; reply_after_ms: () => number }

const NO_FAULTS: MailServerFaults = { refusal: () => null, reply_after_ms: () => 0 }

/** Opens a mail server on a free port of this machine. */
export async function openMailbox(faults = NO_FAULTS): Promise<Mailbox> {
  const letters: Letter[] = []
  const refuses = new Map<string, number>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) => {
      const responseCode = refuses.get(address) ?? faults.refusal()
      done(responseCode ? Object.assign(new Error('refused'), { responseCode }) : null)
    },
    onData: (stream, { envelope, hostNameAppearsAs }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk) => chunks.push(chunk))
      stream.on('end', async () => {
        const arrived = { client: String(hostNameAppearsAs), arrived_ms: Date.now() }
        letters.push({ ...(await readLetter(Buffer.concat(chunks), envelope.rcptTo[0]?.address ?? '')), ...arrived })
        await Bun.sleep(faults.reply_after_ms())
        done()
      })
    },
  })
  // A killed client breaks its connection.
  server.on('error', () => {})
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.server.address() as { port: number }
  return {
    smtp_url: `smtp://127.0.0.1:${port}`,
    letters,
    refuses,
    close: () => new Promise<void>((closed) => server.close(closed)),
  }
}

async function readLetter(bytes: Buffer, to: string): Promise<Omit<Letter, 'client' | 'arrived_ms'>> {
  const { messageId = '', subject = '', text = '', html = '', headers } = await PostalMime.parse(bytes)
  return { to, message_id: messageId, subject, text, html, headers }
}

/** Returns the token of the letter's link: the last segment of a path. */
export function tokenOf(letter: Letter | undefined): string {
  const token = /https:\/\/market\.example\/[\w-]+\/([\w-]{43})/.exec(letter?.text ?? '')?.[1]
  if (!token) throw new Error(`The letter has no token: ${letter?.text}`)
  return token
}

/** Waits for a letter to the address whose subject matches. Letters of earlier calls count, too, newest first. */
export function untilLetter({ letters }: Mailbox, to: string, subject: RegExp): Promise<Letter> {
  const find = async () => letters.findLast((letter) => letter.to === to && subject.test(letter.subject))
  return eventually(20_000, find, (letter) => letter !== undefined) as Promise<Letter>
}

/** Starts a process that mails to a mailbox of its own, on a new database. Both end after the last test of the file. */
export async function startMailingServer() {
  const database = await openTestDatabase()
  const mailbox = await openMailbox()
  const server = await spawnApi({
    DATABASE_URL: database.url,
    SMTP_URL: mailbox.smtp_url,
    MAIL_FROM: 'shop@market.example',
    PUBLIC_URL: 'https://market.example',
    RATE_LIMIT_SCALE: '1000',
    LOG_LEVEL: 'trace',
  })
  afterAll(async () => {
    await server.stop()
    await mailbox.close()
    await database.close()
  })
  return { sql: database.sql, mailbox, server, api: openApi(server.url) }
}
