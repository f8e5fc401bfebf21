import { createHash, randomBytes } from 'node:crypto'

/** Returns a new token of 256 random bits, as 43 characters that need no escape in a URL. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * Returns the SHA-256 of a token, which the database stores instead of the token. A token has 256 random bits, so a slow hash
 * would add nothing.
 */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}
