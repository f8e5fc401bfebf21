import { Type } from '@sinclair/typebox'
import { routine } from '../db/statement.ts'
import type { JobHandler } from './context.ts'

const batch = { batch_size: Type.Integer() }
const forgetKeys = routine('forget_keys', batch, { forget_keys: Type.Integer() })
const forgetExpiredSessions = routine('forget_expired_sessions', batch, { forget_expired_sessions: Type.Integer() })

/** Small enough that a batch holds its locks for a moment only. */
const BATCH_SIZE = 1000

/** Deletes what nobody may ask for any more: old Idempotency-Keys and expired sessions. Scheduled every hour. */
export const forgetExpired: JobHandler = async (_data, { sql, log }) => {
  const batch_size = BATCH_SIZE
  const keys = await untilNoneAreLeft(async () => (await forgetKeys.one(sql, { batch_size })).forget_keys)
  const sessions = await untilNoneAreLeft(
    async () => (await forgetExpiredSessions.one(sql, { batch_size })).forget_expired_sessions,
  )
  log.info({ keys, sessions }, 'forgot old keys and expired sessions')
}

async function untilNoneAreLeft(forgetBatch: () => Promise<number>): Promise<number> {
  let total = 0
  for (let count = BATCH_SIZE; count === BATCH_SIZE; total += count) count = await forgetBatch()
  return total
}
