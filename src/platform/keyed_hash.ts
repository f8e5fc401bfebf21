import { createHmac } from 'node:crypto'

/** What logs and tables name by a hash: the network address of a caller, or an account by the normal form of its e-mail. */
export type Hashed = 'address' | 'account'

/**
 * The HMAC-SHA256 of a value, 32 bytes: the same in every process of one database, and nobody without its key can tell the
 * value.
 */
export type KeyedHash = (what: Hashed, value: string) => Buffer

/** Opens the hash under a key of the database: its service_secrets has one by the name of keyed_hash. */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  return (what, value) => createHmac('sha256', key).update(`${what} ${value}`).digest()
}
