import { createHash } from 'node:crypto'
import { Problem } from '../problem.ts'

/** The key in an `Idempotency-Key` header, quoted or bare; null without the header. 400 for what is no key. */
export function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined || header.trim() === '') return null
  const trimmed = header.trim()
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(trimmed)
  const key = quoted?.[1] === undefined ? trimmed : quoted[1].replace(/\\(["\\])/g, '$1')
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new Problem('idempotency_key_invalid', 'The Idempotency-Key must be 1 to 255 printable ASCII characters.', {
      errors: [{ pointer: '#/Idempotency-Key', detail: 'must be 1 to 255 printable ASCII characters' }],
    })
  }
  return key
}

/** SHA-256 of a validated body whose keys are sorted: spelling it another way is the same request. */
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
