import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import pino from 'pino'
import { SMTPServer } from 'smtp-server'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { makeSale, waitingJobs } from '../../../test/support/factory.ts'
import type { JobContext } from '../../platform/jobs/job.ts'
import { type Mailer, openMailer } from '../../platform/mail/mailer.ts'
import { notifySellers } from './notify_sellers.ts'

const log = pino({ level: 'silent' })
const received: string[] = []
/** The address whose mailbox is full. */
let full: string | undefined
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo: ({ address }, _session, done) => done(address === full ? new Error('mailbox full') : null),
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

const emailOf = async (id: number) => (await db.sql`select email from users where id = ${id}`)[0]?.email as string

test('the seller gets a mail with the bought items, and a second attempt sends the same mail', async () => {
  const { order_id, seller_id } = await makeSale(db.sql)
  await notifySellers({ order_ids: [order_id] }, context)
  await notifySellers({ order_ids: [order_id] }, context)
  const [first, second] = received
  expect(first).toContain(`To: ${await emailOf(seller_id)}`)
  expect(first).toContain(`New order ${order_id}`)
  expect(first).toContain('2 x ')
  expect(first).toContain(`https://market.example/v1/orders/${order_id}`)
  const idOf = (mail: string | undefined) => /^Message-ID: (.*)$/im.exec(mail ?? '')?.[1]
  expect(idOf(first)).toBe(`<order-${order_id}@stallwright.invalid>`)
  expect(idOf(second)).toBe(idOf(first))
})

test('the seller gets a mail about a refund that failed, and about no other', async () => {
  const { order_id, seller_id } = await makeSale(db.sql)
  await db.sql`select * from refund_order(${order_id}, ${seller_id})`
  const [refund] = await db.sql`select id from refunds where order_id = ${order_id}`
  const before = received.length
  await notifySellers({ refund_id: refund?.id }, context)
  expect(received).toHaveLength(before)
  await db.sql`select settle_refund(${refund?.id}, 'failed', 're_1', 'lost_card')`
  await notifySellers({ refund_id: refund?.id }, context)
  const mail = received[before]
  expect(mail).toContain(`To: ${await emailOf(seller_id)}`)
  expect(mail).toContain(`A refund of order ${order_id} failed: $23.00`)
  expect(mail).toContain('lost_card')
  expect(mail).toContain(`https://market.example/v1/orders/${order_id}`)
})

test('a missing order sends nothing', async () => {
  const before = received.length
  await notifySellers({ order_ids: [999_999] }, context)
  expect(received).toHaveLength(before)
})

describe('a mailbox that is full', () => {
  test('is tried again by a new job, which leaves out the mails that were sent', async () => {
    const [sale, other] = [await makeSale(db.sql), await makeSale(db.sql)]
    const order_ids = [sale.order_id, other.order_id]
    full = await emailOf(sale.seller_id)
    await db.sql`delete from pgboss.job`
    const before = received.length
    await notifySellers({ order_ids }, context)
    expect(received.slice(before)).toEqual([expect.stringContaining(`New order ${other.order_id}`)])
    expect(await waitingJobs(db.sql, 'notify_sellers')).toEqual([{ order_ids: [sale.order_id] }])
  })

  test('fails the job if it is the only one', async () => {
    const { order_id, seller_id } = await makeSale(db.sql)
    full = await emailOf(seller_id)
    await expect(notifySellers({ order_ids: [order_id] }, context)).rejects.toThrow('mailbox full')
  })
})
