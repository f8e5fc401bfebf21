import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Problem } from '../problem.ts'

/**
 * Ten wrong passwords in five minutes end the sign-in to an account from one address, so that its owner elsewhere is not
 * locked out; a hundred from anywhere end it for everybody. Only failures count.
 */
const WINDOW_S = 300
const perAddress = {
  limiter: new RateLimiterMemory({ keyPrefix: 'sign_in_address', points: 10, duration: WINDOW_S }),
  failures: 10,
}
const perAccount = {
  limiter: new RateLimiterMemory({ keyPrefix: 'sign_in_account', points: 100, duration: WINDOW_S }),
  failures: 100,
}

export type SignInAttempt = { failed: () => Promise<void> }

/** Throws 429 when too many sign-ins to this account, known or not, have failed; otherwise lets one more be tried. */
export async function limitSignIns(email: string, address: string | undefined, scale: number): Promise<SignInAttempt> {
  const account = email.trim().toLowerCase()
  const limits = [
    { ...perAddress, key: `${account} ${address ?? ''}` },
    { ...perAccount, key: account },
  ]
  for (const { limiter, key, failures } of limits) {
    const known: RateLimiterRes | null = await limiter.get(key)
    if (known && known.consumedPoints >= failures * scale) throw tooMany(known.msBeforeNext)
  }
  return {
    failed: async () => {
      for (const { limiter, key } of limits) await limiter.penalty(key, 1)
    },
  }
}

function tooMany(ms: number): Problem {
  const retry_after_s = String(Math.ceil(ms / 1000))
  return new Problem('too_many_requests', 'Too many sign-ins failed. Try again later.', {}, { 'Retry-After': retry_after_s })
}
