import { createTransport } from 'nodemailer'
import type { Logger } from 'pino'
import { inClientSpan } from '../tracing/trace.ts'

export type Mail = { to: string; subject: string; text: string /** The same for a second try of one mail. */; message_id: string }
export type Mailer = { send: (mail: Mail) => Promise<void>; close: () => void }

/** A job has minutes; nodemailer itself would wait for ten. */
const TIMEOUTS = { connectionTimeout: 5000, greetingTimeout: 5000, dnsTimeout: 5000, socketTimeout: 10_000 }
const FROM = 'Stallwright <no-reply@stallwright.invalid>'

/** Sends mail by SMTP; without an SMTP_URL each mail is a line in the log instead. */
export function openMailer(smtp_url: string | undefined, log: Logger): Mailer {
  if (!smtp_url) {
    return { send: async (mail) => log.info({ mail }, 'mail'), close: () => {} }
  }
  const transport = createTransport({ url: smtp_url, ...TIMEOUTS }, { from: FROM })
  return {
    send: async ({ message_id, ...mail }) =>
      void (await inClientSpan('send mail', {}, () => transport.sendMail({ ...mail, messageId: message_id }))),
    close: () => transport.close(),
  }
}
