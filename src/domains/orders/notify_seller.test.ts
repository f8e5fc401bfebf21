import { afterAll, beforeAll, expect, test } from 'bun:test'
import pino from 'pino'
import { SMTPServer } from 'smtp-server'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { makeSale } from '../../../test/support/factory.ts'
import type { JobContext } from '../../platform/jobs/job.ts'
import { type Mailer, openMailer } from '../../platform/mail/mailer.ts'
import { notifySeller } from './notify_seller.ts'

const log = pino({ level: 'silent' })
const received: string[] = []
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _session, done) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk) => chunks.push(chunk))
    stream.on('end', () => {
      received.push(Buffer.concat(chunks).toString())
      done()
    })
  },
})

let db: TestDatabase
let context: JobContext & { mailer: Mailer }

beforeAll(async () => {
  db = await openTestDatabase()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.server.address() as { port: number }
  context = {
    sql: db.sql,
    mailer: openMailer({ smtp_url: `smtp://127.0.0.1:${port}`, from: undefined, link_base: 'https://market.example' }, log),
    log,
  }
})
afterAll(async () => {
  context.mailer.close()
  await new Promise<void>((closed) => server.close(closed))
  await db.close()
})

test('the seller gets a mail with the bought items, and a second attempt sends the same mail', async () => {
  const { order_id, seller_id } = await makeSale(db.sql)
  const [seller] = await db.sql`select email from users where id = ${seller_id}`
  await notifySeller({ order_id }, context)
  await notifySeller({ order_id }, context)
  const [first, second] = received
  expect(first).toContain(`To: ${seller?.email}`)
  expect(first).toContain(`New order ${order_id}`)
  expect(first).toContain('2 x ')
  expect(first).toContain(`https://market.example/v1/orders/${order_id}`)
  const idOf = (mail: string | undefined) => /^Message-ID: (.*)$/im.exec(mail ?? '')?.[1]
  expect(idOf(first)).toBe(`<order-${order_id}@stallwright.invalid>`)
  expect(idOf(second)).toBe(idOf(first))
})

test('a missing order sends nothing', async () => {
  const before = received.length
  await notifySeller({ order_id: 999_999 }, context)
  expect(received).toHaveLength(before)
})
