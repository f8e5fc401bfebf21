import { createHmac } from 'node:crypto'

/** The hashed values in logs and tables: a client's address, or the normal form of an e-mail. */
export type Hashed = 'address' | 'account'

/**
 * Returns the HMAC-SHA256 of a value, 32 bytes. It is the same in every process of one database. Without the key, the value
 * cannot be found from the hash.
 */
export type KeyedHash = (what: Hashed, value: string) => Buffer

/** Returns the hash function with the key `keyed_hash` of the table service_secrets. */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  return (what, value) => createHmac('sha256', key).update(`${what} ${value}`).digest()
}
