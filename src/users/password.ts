import { limitConcurrency } from '../limits/concurrency.ts'

/** Hashes and checks passwords, a bounded number at a time. */
export type PasswordHasher = {
  hash: (password: string) => Promise<string>
  /** Takes the same time whether there is an account (`hash`) or none (null). */
  verify: (password: string, hash: string | null) => Promise<boolean>
}

/** OWASP's minimum for argon2id: 19 MiB, two passes. Bun's default of 64 MiB takes four times as long. */
const ARGON2ID = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const
/** Each hash keeps a core busy for about 35 ms: more at a time than cores only makes all of them late. */
const MAX_RUNNING = 2
/** About two seconds of hashing; who comes after that is better told to come back. */
const MAX_WAITING = 64

export function openPasswordHasher(): PasswordHasher {
  const inTurn = limitConcurrency(MAX_RUNNING, MAX_WAITING, 'Too many sign-ins at once.')
  const nobody = Bun.password.hash(crypto.randomUUID(), ARGON2ID)
  return {
    hash: (password) => inTurn(() => Bun.password.hash(password.normalize('NFC'), ARGON2ID)),
    verify: (password, hash) =>
      inTurn(async () => {
        const usable = hash?.startsWith('$argon2') ?? false
        const matches = await Bun.password.verify(password.normalize('NFC'), usable && hash ? hash : await nobody)
        return usable && matches
      }),
  }
}
