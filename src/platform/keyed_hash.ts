import { createHmac } from 'node:crypto'

/** The hashed values in logs and tables: a client's address, or the normal form of an e-mail. */
export type Hashed = 'address' | 'account'

/**
 * The HMAC-SHA256 of a value, 32 bytes: the same in every process of one database, and nobody without its key can tell the
 * value.
 */
export type KeyedHash = (what: Hashed, value: string) => Buffer

/** Returns the hash function with the key `keyed_hash` of the table service_secrets. */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  return (what, value) => createHmac('sha256', key).update(`${what} ${value}`).digest()
}
