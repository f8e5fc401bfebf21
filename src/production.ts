/** The warnings and refusals of a start, so that no operator takes a simulation for the real thing. */

import { ARGON2ID } from './platform/argon2id.ts'
import type { Config } from './platform/config.ts'

/** OWASP ASVS 5.0, 11.5.1: 128 bits, as 32 characters of hexadecimal digits have them. */
const MIN_TOKEN_LENGTH = 32

/** With NODE_ENV=production throws one line that names all that is missing; elsewhere everything may be. */
export function refuseUnsafeProduction(config: Config): void {
  if (config.NODE_ENV !== 'production') return
  const complaints = [
    ...complainOfPayments(config),
    ...complainOfToken(config),
    ...complainOfMail(config),
    ...complainOfPasswords(config),
  ]
  if (complaints.length > 0) throw new Error(`Bad configuration for NODE_ENV=production: ${complaints.join('; ')}.`)
}

function complainOfPayments({ STRIPE_SECRET_KEY, SIMULATED_PAYMENTS_URL, PAYMENTS }: Config): string[] {
  if (STRIPE_SECRET_KEY || SIMULATED_PAYMENTS_URL || PAYMENTS) return []
  return ['set STRIPE_SECRET_KEY to take money, or PAYMENTS=simulated to take none']
}

function complainOfToken({ OPERATOR_TOKEN }: Config): string[] {
  if (OPERATOR_TOKEN === undefined || OPERATOR_TOKEN.length >= MIN_TOKEN_LENGTH) return []
  return [`OPERATOR_TOKEN must have at least ${MIN_TOKEN_LENGTH} characters`]
}

function complainOfMail({ SMTP_URL, MAIL_FROM, PUBLIC_URL }: Config): string[] {
  if (!SMTP_URL) return []
  const missing = Object.entries({ MAIL_FROM, PUBLIC_URL }).flatMap(([name, value]) => (value ? [] : [name]))
  return missing.length > 0 ? [`SMTP_URL needs ${missing.join(' and ')}`] : []
}

function complainOfPasswords({ PASSWORD_MEMORY_KIB }: Config): string[] {
  if (PASSWORD_MEMORY_KIB >= ARGON2ID.memory_kib) return []
  return [`PASSWORD_MEMORY_KIB must be at least ${ARGON2ID.memory_kib}`]
}

/** Returns a line for each part that is simulated or replaces another part. Every start prints these lines. */
export function describeStandIns(config: Config): string[] {
  const { STRIPE_SECRET_KEY, SIMULATED_PAYMENTS_URL, SMTP_URL, REDIS_URL, ELASTICSEARCH_URL } = config
  return [
    ...(STRIPE_SECRET_KEY
      ? []
      : [
          `Payments: SIMULATED${SIMULATED_PAYMENTS_URL ? ' by SIMULATED_PAYMENTS_URL' : ''}, no money moves ` +
            '(set STRIPE_SECRET_KEY to charge cards).',
        ]),
    ...(SMTP_URL ? [] : ['Mail: SIMULATED, none is sent (set SMTP_URL to send it).']),
    ...(REDIS_URL ? [] : ['Cache and rate limits: in this process (set REDIS_URL to share them).']),
    ...(ELASTICSEARCH_URL ? [] : ['Search: PostgreSQL (set ELASTICSEARCH_URL to use Elasticsearch).']),
  ]
}
