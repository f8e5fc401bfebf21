import { limitConcurrency } from '../limits/concurrency.ts'
import { runtime } from '../runtime/runtime.ts'

/** Hashes and checks passwords, a bounded number at a time. */
export type PasswordHasher = {
  hash: (password: string) => Promise<string>
  /** Takes the same time whether there is an account (`hash`) or none (null). */
  verify: (password: string, hash: string | null) => Promise<boolean>
}

/** Each hash keeps a core busy for about 35 ms: more at a time than cores only makes all of them late. */
const MAX_RUNNING = 2
/** About two seconds of hashing; who comes after that is better told to come back. */
const MAX_WAITING = 64

export function openPasswordHasher(): PasswordHasher {
  const inTurn = limitConcurrency(MAX_RUNNING, MAX_WAITING, 'Too many sign-ins at once.')
  const nobody = runtime.hashPassword(crypto.randomUUID())
  return {
    hash: (password) => inTurn(() => runtime.hashPassword(password.normalize('NFC'))),
    verify: (password, hash) =>
      inTurn(async () => {
        const usable = hash?.startsWith('$argon2') ?? false
        const matches = await runtime.verifyPassword(password.normalize('NFC'), usable && hash ? hash : await nobody)
        return usable && matches
      }),
  }
}
