import type { JobContext, JobHandler } from '../../platform/jobs/job.ts'
import type { Mailer } from '../../platform/mail/mailer.ts'
import { hashToken, makeToken } from '../../platform/token.ts'
import { render } from './render.ts'
import { finishMail, takeMail } from './statements.ts'

type Needs = {
  mailer: Mailer
  /** RATE_LIMIT_SCALE as a decimal. It multiplies the limits of mails to an address. */
  quota_scale: string
}
type Context = JobContext & Needs

/**
 * Sends the mails of `mail_ids`, all at once. If one fails, the job fails and is tried again; mails that were sent are not sent
 * again. A worker that dies between the mail server's answer and the commit sends the mail again, with the same Message-ID.
 */
export const sendMails: JobHandler<Needs> = async ({ mail_ids }, context) => {
  const sent = await Promise.allSettled((mail_ids as number[]).map((mail_id) => sendMail(mail_id, context)))
  const failed = sent.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}

/** The token of the link exists only here and in the mail. */
async function sendMail(mail_id: number, { sql, mailer, log, quota_scale: limit_scale }: Context): Promise<void> {
  const token = makeToken()
  const mail = await takeMail.maybe(sql, { mail_id, token_hash: hashToken(token), limit_scale })
  if (!mail) return
  const { kind, email, locale, token_purpose, facts } = mail
  const link = token_purpose && mailer.link(`/${token_purpose.replaceAll('_', '-')}/${token}`)
  const letter = render({ kind, locale, facts: JSON.parse(facts), link })
  try {
    await mailer.send({ mail_id, kind, to: email, unsubscribe: token_purpose === 'unsubscribe' ? link : null, ...letter })
  } catch (error) {
    if (!isRejection(error)) throw withoutWords(error)
    log.warn({ mail_id, kind }, 'a mail server rejected the address of a mail for good')
    await finishMail.one(sql, { mail_id, outcome: 'rejected', failure: String((error as Error).message) })
    return
  }
  await finishMail.one(sql, { mail_id, outcome: mailer.is_real ? 'sent' : 'dropped', failure: null })
}

/** Whether the mail server will never accept this mail (RFC 5321, 4.2.1: 5yz), so that no try helps. */
function isRejection(error: unknown): boolean {
  const { responseCode, command } = error as { responseCode?: number; command?: string }
  return command === 'RCPT TO' && responseCode !== undefined && responseCode >= 500
}

/** Returns the error for the log and the job, without the words of the mail server, which can quote the address. */
function withoutWords(error: unknown): Error {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number }
  return new Error(`The mail was not sent: ${[code, command, responseCode].filter(Boolean).join(' ') || 'unknown error'}`)
}
