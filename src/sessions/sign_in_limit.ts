import { tooMany } from '../limits/apply_limit.ts'
import type { RateLimits } from '../limits/rate_limits.ts'

/** A try to sign in that is counted as a failure until it has `succeeded`. */
export type SignInAttempt = { succeeded: () => Promise<void> }

/**
 * Throws 429 when too many sign-ins to this account, known or not, have failed. Ten wrong passwords in five minutes end the
 * sign-in from one address, so that its owner elsewhere is not locked out; a hundred from anywhere end it for everybody.
 * Counted before the password is checked: of many tries at once, no more get through than one after the other.
 */
export async function limitSignIns(limits: RateLimits, email: string, address: string): Promise<SignInAttempt> {
  const account = email.trim().toLowerCase()
  const from_here = `${account} ${address}`
  const here = await limits.take('sign_in_address', from_here)
  if (!here.allowed) throw tooMany(here, 'Too many sign-ins failed. Try again later.')
  const anywhere = await limits.take('sign_in_account', account)
  if (!anywhere.allowed) throw tooMany(anywhere, 'Too many sign-ins failed. Try again later.')
  return {
    succeeded: async () => {
      await limits.giveBack('sign_in_address', from_here)
      await limits.giveBack('sign_in_account', account)
    },
  }
}
