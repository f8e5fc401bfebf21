import { Type } from '@sinclair/typebox'
import { routine } from '../db/statement.ts'
import type { JobHandler } from './job.ts'

const batch = { batch_size: Type.Integer() }
const forgetKeys = routine('forget_keys', batch, { forget_keys: Type.Integer() })
const forgetExpiredSessions = routine('forget_expired_sessions', batch, { forget_expired_sessions: Type.Integer() })
const forgetSignInAddresses = routine('forget_sign_in_addresses', batch, { forget_sign_in_addresses: Type.Integer() })
const forgetHolds = routine('forget_holds', batch, { forget_holds: Type.Integer() })
const forgetSearches = routine('forget_searches', batch, { forget_searches: Type.Integer() })
const forgetMails = routine('forget_mails', batch, { forget_mails: Type.Integer() })
const forgetTokens = routine('forget_tokens', batch, { forget_tokens: Type.Integer() })
const forgetGuests = routine('forget_guests', batch, { forget_guests: Type.Integer() })
const forgetAddresses = routine('forget_addresses', batch, { forget_addresses: Type.Integer() })
const dropSearchMonths = routine('drop_search_months', {}, { partition: Type.String() })
const makePartitions = routine('make_partitions', { months_ahead: Type.Integer() }, { partition: Type.String() })
const forgetCounts = routine('forget_counts', batch, { forget_counts: Type.Integer() })

/** Small, so that a batch holds its locks only for a moment. */
const BATCH_SIZE = 1000
/** A guest takes some 10 ms: each table is searched for the guest's data. */
const GUESTS_IN_BATCH = 50

/** A year, in case no worker runs for months. */
const MONTHS_AHEAD = 12

/**
 * Creates the partitions of the next 12 months. Deletes old Idempotency-Keys, expired sessions, addresses of old sign-ins, old
 * holds, old and rare searches, old daily counts, and the data of people whose time is over (retention_periods). Runs every hour.
 * This file lists the domains' functions for that in one place. Each function has the rule of its domain.
 */
export const forgetExpired: JobHandler = async (_data, { sql, log }) => {
  const made = await makePartitions.many(sql, { months_ahead: MONTHS_AHEAD })
  if (made.length > 0) log.info({ partitions: made.map(({ partition }) => partition) }, 'made partitions')
  const dropped = await dropSearchMonths.many(sql, {})
  if (dropped.length > 0)
    log.info({ partitions: dropped.map(({ partition }) => partition) }, 'dropped old months of the search log')
  const batch_size = BATCH_SIZE
  const keys = await untilNoneAreLeft(async () => (await forgetKeys.one(sql, { batch_size })).forget_keys)
  const sessions = await untilNoneAreLeft(
    async () => (await forgetExpiredSessions.one(sql, { batch_size })).forget_expired_sessions,
  )
  const addresses = await untilNoneAreLeft(
    async () => (await forgetSignInAddresses.one(sql, { batch_size })).forget_sign_in_addresses,
  )
  const holds = await untilNoneAreLeft(async () => (await forgetHolds.one(sql, { batch_size })).forget_holds)
  const searches = await untilNoneAreLeft(async () => (await forgetSearches.one(sql, { batch_size })).forget_searches)
  const counts = await untilNoneAreLeft(async () => (await forgetCounts.one(sql, { batch_size })).forget_counts)
  log.info(
    { keys, sessions, addresses, holds, searches, counts },
    'forgot old keys, expired sessions, addresses, holds, searches and counts',
  )
  const people = {
    mails: await untilNoneAreLeft(async () => (await forgetMails.one(sql, { batch_size })).forget_mails),
    tokens: await untilNoneAreLeft(async () => (await forgetTokens.one(sql, { batch_size })).forget_tokens),
    guests: await untilNoneAreLeft(async () => (await forgetGuests.one(sql, { batch_size: GUESTS_IN_BATCH })).forget_guests),
    addresses: await untilNoneAreLeft(async () => (await forgetAddresses.one(sql, { batch_size })).forget_addresses),
  }
  log.info(people, 'forgot old mails, tokens, guests and addresses of orders')
}

async function untilNoneAreLeft(forgetBatch: () => Promise<number>): Promise<number> {
  let total = 0
  for (let count = 1; count > 0; total += count) count = await forgetBatch()
  return total
}
