import { createTransport } from 'nodemailer'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { inClientSpan } from './tracing/trace.ts'

/** `to` is one address, whatever characters it has. */
export type Mail = { to: string; subject: string; text: string /** The same for a second try of one mail. */; message_id: string }
export type Mailer = {
  send: (mail: Mail) => Promise<void>
  /** The URL of a path of this service, for a mail's text. */
  link: (path: string) => string
  close: () => void
}
/** `from` is the address that mails come from, `link_base` what their links begin with. */
export type MailSettings = { smtp_url: string | undefined; from: string | undefined; link_base: string }

/** A job has minutes; nodemailer itself would wait for ten. */
const TIMEOUTS = { connectionTimeout: 5000, greetingTimeout: 5000, dnsTimeout: 5000, socketTimeout: 10_000 }
/** A domain that is nobody's (RFC 2606): good for a mail server that catches everything, and for no other. */
const NOBODY = 'no-reply@stallwright.invalid'

/** The mailer that the configuration names. Its links never lead to the Host of a call, which the caller writes. */
export function openConfiguredMailer({ SMTP_URL, MAIL_FROM, PUBLIC_URL, PORT }: Config, log: Logger): Mailer {
  const link_base = PUBLIC_URL?.replace(/\/+$/, '') ?? `http://localhost:${PORT}`
  return openMailer({ smtp_url: SMTP_URL, from: MAIL_FROM, link_base }, log)
}

/** Sends mail by SMTP; without an SMTP server each mail is a line in the log instead, which has its address at `debug` alone. */
export function openMailer({ smtp_url, from = NOBODY, link_base }: MailSettings, log: Logger): Mailer {
  const link = (path: string) => link_base + path
  if (!smtp_url) return { send: async (mail) => logMail(mail, log), link, close: () => {} }
  const transport = createTransport({ url: smtp_url, ...TIMEOUTS }, { from: { name: 'Stallwright', address: from } })
  return {
    link,
    send: async ({ message_id, to, ...mail }) => {
      // As an object: nodemailer reads a text as a list, and "a,b@c.example" is no letter to b.
      const letter = { ...mail, to: { name: '', address: to }, messageId: message_id }
      await inClientSpan('send mail', {}, () => transport.sendMail(letter))
    },
    close: () => transport.close(),
  }
}

function logMail({ to, ...mail }: Mail, log: Logger): void {
  log.info({ mail }, 'mail')
  log.debug({ mail: { to, message_id: mail.message_id } }, 'address of a mail')
}
