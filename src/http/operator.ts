/** Who runs the service proves so by the OPERATOR_TOKEN; where none is set, nobody can. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { tooMany } from '../limits/apply_limit.ts'
import type { Env } from './env.ts'

/**
 * Whether somebody brought the operator's token, in a time that tells nothing about it. Throws 429, for the right token too,
 * after ten wrong ones in five minutes from one address; each wrong one is in the log. No token at all is no try.
 */
export async function isOperator(c: Context<Env>, token: string): Promise<boolean> {
  const { operator_token } = c.get('ranking')
  if (operator_token === null || token === '') return false
  const limits = c.get('limits')
  const before = await limits.look('operator_sign_in', c.get('address'))
  if (!before.allowed) throw tooMany(before, TOO_MANY)
  if (isSame(token, operator_token)) return true
  c.get('log').warn({ event: 'operator_sign_in_failed', request_id: c.get('request_id') }, 'a wrong operator token')
  const after = await limits.take('operator_sign_in', c.get('address'))
  if (!after.allowed) throw tooMany(after, TOO_MANY)
  return false
}

const TOO_MANY = 'Too many wrong operator tokens came from this address. Try again later.'

function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(one), hash(other))
}
