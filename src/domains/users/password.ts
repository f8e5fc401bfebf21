import { limitConcurrency } from '../../http/limits/concurrency.ts'
import { ARGON2ID } from '../../platform/argon2id.ts'
import type { Pool } from '../../platform/db/client.ts'
import { runtime } from '../../platform/runtime/runtime.ts'

declare module '../../http/env.ts' {
  interface Services {
    passwords: PasswordHasher
    /** Reads and sets credentials, and creates sessions, by the login of AUTH_DATABASE_URL. Without the setting it is `sql`. */
    auth_sql: Pool
  }
}

type Hashing = {
  hash: (password: string) => Promise<string>
  /** Takes the same time with an account (`hash`) and without (null). */
  verify: (password: string, hash: string | null) => Promise<boolean>
}

/** Hashes and verifies passwords with limited concurrency. `of_changes` serves password changes, see MAX_CHANGES_WAITING. */
export type PasswordHasher = Hashing & { of_changes: Hashing }

/** A hash takes a core for about 35 ms, so more than one per core only delays all of them. */
const MAX_RUNNING = 2
/** About two seconds of hashing. Later callers get 503. */
const MAX_WAITING = 64
/**
 * Password changes wait here. One at a time joins the queue of sign-ins and registrations, so that many password changes never
 * block a sign-in.
 */
const MAX_CHANGES_WAITING = 32

/** `memory_kib` is the memory that Argon2id fills for a new hash, in KiB; by default OWASP's minimum. */
export function createPasswordHasher(memory_kib = ARGON2ID.memory_kib): PasswordHasher {
  const inTurn = limitConcurrency(MAX_RUNNING, MAX_WAITING, 'The server is busy with other sign-ins. Try again in a moment.')
  const hash_of_no_account = runtime.hashPassword(crypto.randomUUID(), memory_kib)
  const usual: Hashing = {
    hash: (password) => inTurn(() => runtime.hashPassword(password.normalize('NFC'), memory_kib)),
    verify: (password, hash) =>
      inTurn(async () => {
        const usable = hash?.startsWith('$argon2') ?? false
        const matches = await runtime.verifyPassword(password.normalize('NFC'), usable && hash ? hash : await hash_of_no_account)
        return usable && matches
      }),
  }
  const oneByOne = limitConcurrency(
    1,
    MAX_CHANGES_WAITING,
    'Another password change of this account is running. Try again in a moment.',
  )
  const of_changes: Hashing = {
    hash: (password) => oneByOne(() => usual.hash(password)),
    verify: (password, hash) => oneByOne(() => usual.verify(password, hash)),
  }
  return { ...usual, of_changes }
}
