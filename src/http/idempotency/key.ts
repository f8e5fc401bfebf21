import { createHash } from 'node:crypto'
import { Problem } from '../../platform/problem.ts'

/** How long the first call with a key counts as running: longer than a payment can take (5 s), shorter than a person waits. */
export const LEASE_S = 8

/** The schema of a key, for the document. Quotes around a key are not part of it. */
export const IDEMPOTENCY_KEY = { minLength: 1, maxLength: 255, pattern: '^(?!""$)[!-~]([ -~]*[!-~])?$' }

/**
 * Returns the key in an `Idempotency-Key` header, quoted or bare, or null if the header is missing. Throws 400 for an invalid
 * key.
 */
export function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined || header.trim() === '') return null
  const trimmed = header.trim()
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(trimmed)
  const key = quoted?.[1] === undefined ? trimmed : quoted[1].replace(/\\(["\\])/g, '$1')
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw invalidKey()
  return key
}

/** Like readIdempotencyKey for a call that needs a key. Throws 400 if it is missing. */
export function readRequiredKey(header: string | undefined): string {
  const key = readIdempotencyKey(header)
  if (!key) throw new Problem('idempotency_key_missing', 'Send an Idempotency-Key. With it, a retry never pays twice.')
  return key
}

/** Like readIdempotencyKey for an optional key. An empty header is 400, because the client meant to send a key. */
export function readOptionalKey(header: string | undefined): string | null {
  const key = readIdempotencyKey(header)
  if (key === null && header !== undefined) throw invalidKey()
  return key
}

function invalidKey(): Problem {
  return new Problem('idempotency_key_invalid', 'The Idempotency-Key must be 1 to 255 printable ASCII characters.', {
    errors: [{ pointer: '#/Idempotency-Key', detail: 'must be 1 to 255 printable ASCII characters' }],
  })
}

/** Returns a body without its nulls, for fingerprints of bodies in which null means a missing field. */
export function withoutNulls(body: unknown): unknown {
  return body === undefined ? body : JSON.parse(JSON.stringify(body), (_name, value) => value ?? undefined)
}

/** Returns the SHA-256 of a validated body with sorted keys, because another order of keys is the same request. */
export function fingerprintOf(body: unknown): Uint8Array {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(body)))
    .digest()
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sortKeys(member)]))
}
