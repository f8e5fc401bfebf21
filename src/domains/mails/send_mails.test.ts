import { afterAll, expect, test } from 'bun:test'
import pino from 'pino'
import { openTestDatabase } from '../../../test/support/database.ts'
import { makeUser } from '../../../test/support/factory.ts'
import { openMailbox } from '../../../test/support/mailbox.ts'
import { openMailer } from '../../platform/mail/mailer.ts'
import { sendMails } from './send_mails.ts'

const [db, mailbox] = [await openTestDatabase(), await openMailbox()]
afterAll(async () => {
  await mailbox.close()
  await db.close()
})

test('the error of a mail that can be tried again does not have the address', async () => {
  const email = 'full-mailbox@example.com'
  mailbox.refuses.set(email, 450)
  const user_id = await makeUser(db.sql, { email })
  await db.sql`select write_mail('verify_email', ${user_id})`
  const [mail] = await db.sql<{ id: number }[]>`select id from mails`
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const mailer = openMailer({ smtp_url: mailbox.smtp_url, from: undefined, link_base: 'http://localhost' }, log)
  const error = await sendMails({ mail_ids: [mail?.id] }, { sql: db.sql, mailer, log, quota_scale: '1' }).then(
    () => null,
    (reason) => reason as Error,
  )
  expect(error?.message).toBe('The mail was not sent: EENVELOPE RCPT TO 450')
  expect(`${error?.stack} ${lines.join(' ')}`).not.toContain(email)
  mailer.close()
})
