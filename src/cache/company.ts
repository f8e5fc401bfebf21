/** Which API processes run on this database: one that caches for itself may do so only while it is alone. */
import { setTimeout as wait } from 'node:timers/promises'
import { Type } from '@sinclair/typebox'
import type { Sql } from '../db/client.ts'
import { routine } from '../db/statement.ts'
import { Uuid, Void } from '../db/types.ts'
import type { OwnStore } from './in_process_store.ts'

const beatProcess = routine(
  'beat_process',
  { id: Uuid, has_own_cache: Type.Boolean() },
  { others: Type.Integer(), others_with_own_cache: Type.Integer() },
)
const leaveProcess = routine('leave_process', { id: Uuid }, { leave_process: Void })

const BEAT_EVERY_MS = 400
/** For a process that only has to be seen. */
const SEEN_EVERY_MS = 1000
/** After it, no process that was alone before us believes so any more (BEAT_COUNTS_FOR_MS in in_process_store.ts). */
const NOTICED_AFTER_MS = 1300

export type Company = { stop: () => Promise<void> }

/**
 * Beats for as long as the process runs. Answers when it may serve: when every other process that caches for itself knows
 * that it is alone no more. `own` is this process's own cache; null where it shares one.
 */
export async function keepCompany(sql: Sql, id: string, own: OwnStore | null): Promise<Company> {
  const beat = async () => {
    const company = await beatProcess.one(sql, { id, has_own_cache: own !== null })
    own?.setAlone(company.others === 0)
    return company
  }
  const { others_with_own_cache } = await beat()
  let beating = Promise.resolve()
  const timer = setInterval(
    () => {
      // A beat that fails says nothing: the cache stops counting by itself.
      beating = beating.then(() =>
        beat().then(
          () => {},
          () => {},
        ),
      )
    },
    own ? BEAT_EVERY_MS : SEEN_EVERY_MS,
  )
  if (others_with_own_cache > 0) await wait(NOTICED_AFTER_MS)
  const stop = async () => {
    clearInterval(timer)
    await beating
    await leaveProcess.one(sql, { id }).catch(() => {})
  }
  return { stop }
}
