/**
 * Makes a call with an Idempotency-Key happen once. The record of the key is written in the transaction of the call's effect, so
 * a crash leaves both or neither. (No transaction can contain the payment of POST /v1/checkout. It has its own way:
 * place_checkout and settle_checkout.)
 */
import type { Context } from 'hono'
import { routePath } from 'hono/route'
import type { Pool, Transaction } from '../../platform/db/client.ts'
import type { Env } from '../env.ts'
import { isRetryable, type KeyRecord, replayOf, throughFastPath } from './fast_path.ts'
import { fingerprintOf, readOptionalKey } from './key.ts'
import { claimKey, storeResponse } from './statements.ts'

/** Runs the rest of the call, or replays the first response of the key, byte for byte. Without the header it runs the call. */
export async function answerOnce(c: Context<Env>, request: unknown, next: () => Promise<void>): Promise<void> {
  const key = readOptionalKey(c.req.header('idempotency-key'))
  if (!key) return next()
  const record = {
    user_id: c.get('user_id'),
    call: `${c.req.method} ${routePath(c, -1)}`,
    key,
    fingerprint: fingerprintOf(request),
  }
  c.res = await throughFastPath(c, record, () => answerInTransaction(c, record, next))
}

async function answerInTransaction(c: Context<Env>, record: KeyRecord, next: () => Promise<void>): Promise<Response> {
  const [pool, afterCommit] = [c.get('sql'), c.get('afterCommit')]
  const committed: (() => void)[] = []
  c.set('afterCommit', (run) => void committed.push(run))
  let replay: Response | undefined
  try {
    await pool.begin(async (tx) => {
      const claim = await claimKey.one(tx, { ...record, quota_scale: c.get('quota_scale') })
      if (claim.has_response) {
        replay = replayOf(claim)
        return
      }
      await runInSavepoint(c, tx, next)
      if (isRetryable(c.res.status)) throw new NotRemembered()
      const { fingerprint: _, ...key } = record
      const body = await c.res.clone().text()
      await storeResponse.one(tx, { ...key, status_code: c.res.status, body, location: c.res.headers.get('location') })
    })
    // After an error the effects are rolled back, so their callbacks do not run.
    if (!c.error) for (const run of committed) run()
  } catch (error) {
    if (!(error instanceof NotRemembered)) throw error
  } finally {
    c.set('sql', pool)
    c.set('afterCommit', afterCommit)
  }
  return replay ?? c.res
}

/** A refusal by PostgreSQL aborts the transaction. The savepoint keeps the record of the key alive. */
async function runInSavepoint(c: Context<Env>, tx: Transaction, next: () => Promise<void>): Promise<void> {
  const run = tx.savepoint(async (savepoint) => {
    c.set('sql', savepoint as unknown as Pool)
    await next()
    if (c.error) throw c.error
  })
  await run.catch((error) => {
    if (error !== c.error) throw error
  })
}

/** Ends the transaction without a record, so that the call can be tried again with the same key. */
class NotRemembered extends Error {}
