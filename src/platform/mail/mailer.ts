import { createTransport } from 'nodemailer'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { inClientSpan } from '../tracing/trace.ts'

/** `to` is one address, even if it contains a comma. */
export type Mail = {
  to: string
  subject: string
  text: string
  /** The same for each attempt to send one mail. */
  message_id: string
}
export type Mailer = {
  send: (mail: Mail) => Promise<void>
  /** Returns the URL of a path of this service, for the text of a mail. */
  link: (path: string) => string
  close: () => void
}
/** `from` is the sender of all mails. `link_base` is the beginning of their links. */
export type MailSettings = { smtp_url: string | undefined; from: string | undefined; link_base: string }

/** Without these timeouts, nodemailer waits for ten minutes. */
const TIMEOUTS = { connectionTimeout: 5000, greetingTimeout: 5000, dnsTimeout: 5000, socketTimeout: 10_000 }
/** A domain that cannot exist (RFC 2606). It works only with a mail server that catches all mail. */
const NO_REPLY = 'no-reply@stallwright.invalid'

/** Opens the configured mailer. Its links do not use the Host of a call, because the caller controls it. */
export function openConfiguredMailer({ SMTP_URL, MAIL_FROM, PUBLIC_URL, PORT }: Config, log: Logger): Mailer {
  const link_base = PUBLIC_URL?.replace(/\/+$/, '') ?? `http://localhost:${PORT}`
  return openMailer({ smtp_url: SMTP_URL, from: MAIL_FROM, link_base }, log)
}

/**
 * Opens a mailer that sends by SMTP. Without an SMTP server, each mail is a line in the log. Its address is logged at `debug`.
 */
export function openMailer({ smtp_url, from = NO_REPLY, link_base }: MailSettings, log: Logger): Mailer {
  const link = (path: string) => link_base + path
  if (!smtp_url) return { send: async (mail) => logMail(mail, log), link, close: () => {} }
  const transport = createTransport({ url: smtp_url, ...TIMEOUTS }, { from: { name: 'Stallwright', address: from } })
  return {
    link,
    send: async ({ message_id, to, ...mail }) => {
      // An object, because nodemailer reads a string as a list of addresses: "a,b@c.example" would go to b.
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
