import { limitConcurrency } from '../../http/limits/concurrency.ts'
import { runtime } from '../../platform/runtime/runtime.ts'

type Hashing = {
  hash: (password: string) => Promise<string>
  /** Takes the same time whether there is an account (`hash`) or none (null). */
  verify: (password: string, hash: string | null) => Promise<boolean>
}

/** Hashes and checks passwords, a bounded number at a time. `of_changes` is for changes of passwords: see MAX_CHANGES_WAITING. */
export type PasswordHasher = Hashing & { of_changes: Hashing }

/** Each hash keeps a core busy for about 35 ms: more at a time than cores only makes all of them late. */
const MAX_RUNNING = 2
/** About two seconds of hashing; who comes after that is better told to come back. */
const MAX_WAITING = 64
/**
 * Changes of passwords wait here, and one at a time goes on to wait among those that sign in or register. So however many accounts
 * change their passwords, they keep nobody from signing in.
 */
const MAX_CHANGES_WAITING = 32

export function openPasswordHasher(): PasswordHasher {
  const inTurn = limitConcurrency(MAX_RUNNING, MAX_WAITING, 'The server is busy with other sign-ins. Try again in a moment.')
  const nobody = runtime.hashPassword(crypto.randomUUID())
  const usual: Hashing = {
    hash: (password) => inTurn(() => runtime.hashPassword(password.normalize('NFC'))),
    verify: (password, hash) =>
      inTurn(async () => {
        const usable = hash?.startsWith('$argon2') ?? false
        const matches = await runtime.verifyPassword(password.normalize('NFC'), usable && hash ? hash : await nobody)
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
