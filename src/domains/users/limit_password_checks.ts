import type { Context } from 'hono'
import type { Env } from '../../http/env.ts'
import { tooMany } from '../../http/limits/apply_limit.ts'
import type { PolicyName } from '../../http/limits/policies.ts'
import type { LimitState } from '../../http/limits/rate_limits.ts'
import { type ProblemCode, toProblem } from '../../platform/problem.ts'

/** A sign-in attempt, which counts as a failure until `succeeded` is called. */
export type SignInAttempt = { succeeded: () => Promise<void> }

/** The counted subject: the e-mail in its normal form, with or without an account, and the address. */
export type SignIn = { account: string; is_known_address: boolean }

/**
 * Throws 429 after too many failed sign-ins to the account: ten in five minutes from one address, or a hundred from any address
 * except those from which the account signed in within 30 days.
 * Counts before the password check, so that concurrent attempts get no more checks than sequential ones.
 */
export function limitSignIns(c: Context<Env>, { account, is_known_address }: SignIn): Promise<SignInAttempt> {
  const account_hash = hashAccount(c, account)
  const here: Count = ['sign_in_address', `${account_hash} ${c.get('address')}`]
  const anywhere: Count = ['sign_in_account', account_hash]
  return countFailures(c, is_known_address ? [here] : [here, anywhere], 'Too many sign-ins failed. Try again later.')
}

/**
 * Throws 429 after too many wrong current passwords of a session, so that a stolen token does not help to guess the password.
 * Counts by session, so that strangers cannot block a password change of the owner.
 */
export function limitPasswordChecks(c: Context<Env>): Promise<SignInAttempt> {
  const session = Buffer.from(c.get('token_hash')).toString('hex')
  return countFailures(c, [['password_check', session]], 'Too many wrong passwords. Try again later.')
}

/**
 * Throws 429 after too many wrong codes of a second factor. Counts for the account, because a caller that gets here knows the
 * password.
 */
export function limitCodes(c: Context<Env>, { account, is_known_address }: SignIn): Promise<SignInAttempt> {
  const account_hash = hashAccount(c, account)
  const key = is_known_address ? `${account_hash} ${c.get('address')}` : account_hash
  return countFailures(c, [['second_factor', key]], 'Too many codes were wrong. Try again later.')
}

/** Returns the result of a call that checks a code. The attempts stay counted only if it throws the problem of a wrong code. */
export async function unlessWrong<T>(attempts: SignInAttempt[], wrong: ProblemCode, checking: Promise<T>): Promise<T> {
  const [outcome] = await Promise.allSettled([checking])
  const is_wrong = outcome.status === 'rejected' && toProblem(outcome.reason).code === wrong
  if (!is_wrong) for (const attempt of attempts) await attempt.succeeded()
  return checking
}

/** The store of the counters must hold no e-mail. */
function hashAccount(c: Context<Env>, account: string): string {
  return c.get('keyed_hash')('account', account).toString('hex')
}

type Count = [policy: PolicyName, key: string]

/**
 * Counts an attempt under each policy. If one policy rejects it, subtracts it from the others at once: the password was not
 * checked, and many concurrent correct ones must not lock the account.
 */
async function countFailures(c: Context<Env>, counts: Count[], detail: string): Promise<SignInAttempt> {
  const limits = c.get('limits')
  const taken: [...Count, LimitState][] = []
  const giveBack = async () => {
    for (const one of taken) await limits.giveBack(...one)
  }
  for (const [policy, key] of counts) {
    const state = await limits.take(policy, key)
    taken.push([policy, key, state])
    if (state.allowed) continue
    await giveBack()
    c.set('limit_state', state)
    throw tooMany(state, detail)
  }
  return { succeeded: giveBack }
}
