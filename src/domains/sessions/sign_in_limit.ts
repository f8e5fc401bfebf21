import type { Context } from 'hono'
import type { Env } from '../../http/env.ts'
import { tooMany } from '../../http/limits/apply_limit.ts'
import type { PolicyName } from '../../http/limits/policies.ts'
import type { Standing } from '../../http/limits/rate_limits.ts'

/** A try to sign in that is counted as a failure until it has `succeeded`. */
export type SignInAttempt = { succeeded: () => Promise<void> }

/** What is counted: the e-mail in its normal form, whether or not it has an account, and from where. */
export type SignIn = { account: string; is_known_address: boolean }

/**
 * Throws 429 when too many sign-ins to this account have failed. Ten wrong passwords in five minutes end the sign-in from one
 * address; a hundred from anywhere end it for every address but those from which the account signed in within 30 days.
 * Counted before the password is checked: of many wrong ones at once, no more are checked than one after the other.
 */
export function limitSignIns(c: Context<Env>, { account, is_known_address }: SignIn): Promise<SignInAttempt> {
  const here: Count = ['sign_in_address', `${account} ${c.get('address')}`]
  const anywhere: Count = ['sign_in_account', account]
  return countFailures(c, is_known_address ? [here] : [here, anywhere], 'Too many sign-ins failed. Try again later.')
}

/**
 * Throws 429 when a session has sent too many wrong current passwords: a stolen token must not be a way to guess the password.
 * Counted by session: whatever strangers send to the account, its owner can change the password.
 */
export function limitPasswordChecks(c: Context<Env>): Promise<SignInAttempt> {
  const session = Buffer.from(c.get('token_hash')).toString('hex')
  return countFailures(c, [['password_check', session]], 'Too many wrong passwords. Try again later.')
}

type Count = [policy: PolicyName, key: string]

/**
 * Counts a try under each policy. A try that one of them refuses is given back at once: no password was checked, and many right
 * ones at once must not lock the account.
 */
async function countFailures(c: Context<Env>, counts: Count[], detail: string): Promise<SignInAttempt> {
  const limits = c.get('limits')
  const taken: [...Count, Standing][] = []
  const giveBack = async () => {
    for (const one of taken) await limits.giveBack(...one)
  }
  for (const [policy, key] of counts) {
    const standing = await limits.take(policy, key)
    taken.push([policy, key, standing])
    if (standing.allowed) continue
    await giveBack()
    c.set('standing', standing)
    throw tooMany(standing, detail)
  }
  return { succeeded: giveBack }
}
