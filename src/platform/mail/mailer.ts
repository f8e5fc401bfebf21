import { createTransport } from 'nodemailer'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { inClientSpan } from '../tracing/trace.ts'

export type Mail = {
  mail_id: number
  kind: string
  /** One address, even if it contains a comma. */
  to: string
  subject: string
  text: string
  html: string
  /** The URL whose POST ends the mails of this kind (RFC 8058); null for a mail that is not optional. */
  unsubscribe: string | null
}
export type Mailer = {
  /** Whether there is a mail server. Without one, `send` only writes a line to the log. */
  is_real: boolean
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
 * Opens a mailer that sends by SMTP. Without an SMTP server, each mail is a line in the log.
 */
export function openMailer({ smtp_url, from = NO_REPLY, link_base }: MailSettings, log: Logger): Mailer {
  const link = (path: string) => link_base + path
  if (!smtp_url) return { is_real: false, send: async (mail) => logMail(mail, log), link, close: () => {} }
  const transport = createTransport({ url: smtp_url, ...TIMEOUTS }, { from: { name: 'Stallwright', address: from } })
  return {
    is_real: true,
    link,
    send: async ({ mail_id, to, subject, text, html, unsubscribe }) => {
      // An object, because nodemailer reads a string as a list of addresses: "a,b@c.example" would go to b.
      // The Message-ID is the same for each attempt to send one mail.
      const messageId = `<mail-${mail_id}@${from.split('@')[1]}>`
      const letter = { subject, text, html, to: { name: '', address: to }, messageId, headers: headersOf(unsubscribe) }
      await inClientSpan('send mail', {}, () => transport.sendMail(letter))
    },
    close: () => transport.close(),
  }
}

/** The log has no address and no text: both can name people, and the text can have a token. */
function logMail({ mail_id, kind }: Mail, log: Logger): void {
  log.info({ mail_id, kind }, 'mail not sent, because SMTP_URL is not set')
}

/** Auto-Submitted prevents automatic replies (RFC 3834). */
const headersOf = (unsubscribe: string | null): Record<string, string> => ({
  'Auto-Submitted': 'auto-generated',
  ...(unsubscribe && { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
})
