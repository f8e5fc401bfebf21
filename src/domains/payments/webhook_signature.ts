/**
 * Signed webhooks by Standard Webhooks: `webhook-signature` has, for each secret, `v1,` and the base64
 * HMAC-SHA256 of `id.timestamp.body` over the raw bytes. A secret's key is its UTF-8 text.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { Problem } from '../../platform/problem.ts'

/** The maximum age of a signature, and its maximum lead over our clock. */
export const SIGNATURE_TOLERANCE_S = 300

/** The three signature headers. `timestamp_s` is seconds since 1970. */
export function signWebhook(secret: string, id: string, timestamp_s: number, body: string): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp_s),
    'webhook-signature': signatureOf(secret, id, timestamp_s, body),
  }
}

/** Throws a Problem `invalid_signature` unless one of the secrets signed this body, under this id, in the last 5 minutes. */
export function verifyWebhook(secrets: string[], headers: Headers, body: string, now_s: number): void {
  const id = headers.get('webhook-id') ?? ''
  const timestamp = headers.get('webhook-timestamp') ?? ''
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now_s - Number(timestamp)) > SIGNATURE_TOLERANCE_S) throw refusal()
  const given = (headers.get('webhook-signature') ?? '').split(' ')
  const expected = secrets.map((secret) => signatureOf(secret, id, Number(timestamp), body))
  if (!given.some((signature) => expected.some((own) => isSame(signature, own)))) throw refusal()
}

function signatureOf(secret: string, id: string, timestamp_s: number, body: string): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp_s}.${body}`).digest('base64')}`
}

/** Compares in constant time. */
function isSame(given: string, own: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(own)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function refusal(): Problem {
  return new Problem('invalid_signature', 'The signature is not from the provider, or is too old.')
}
