/**
 * Which API processes run on this database, and which of them change what others' caches do not hear of: one with a cache of
 * its own, or one that cannot reach Redis. What is kept counts only while there are none; each store knows what that means for it.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { Type } from '@sinclair/typebox'
import type { Sql } from '../db/client.ts'
import { routine } from '../db/statement.ts'
import { Uuid, Void } from '../db/types.ts'
import { type CacheStore, NOTICED_AFTER_MS } from './store.ts'

const beatProcess = routine(
  'beat_process',
  { id: Uuid, has_own_cache: Type.Boolean(), is_unheard: Type.Boolean() },
  { others: Type.Integer(), others_unheard: Type.Integer() },
)
const leaveProcess = routine('leave_process', { id: Uuid }, { leave_process: Void })

const BEAT_EVERY_MS = 400
/** While what is kept does not count, because somebody is not heard. */
const BEAT_IMPATIENTLY_MS = 100
/** A process that is heard no more, or again, says so sooner: others wait for it. */
const LOOK_EVERY_MS = 50

export type Company = { stop: () => Promise<void> }

/**
 * Beats for as long as the process runs. Answers when it may serve: when every other process knows that it is there whose
 * cache must not count beside this one.
 */
export async function keepCompany(sql: Sql, id: string, store: CacheStore): Promise<Company> {
  const has_own_cache = !store.shared
  let asked_at_ms = 0
  let every_ms = BEAT_EVERY_MS
  let is_unheard = false
  const beat = async () => {
    asked_at_ms = performance.now()
    is_unheard = store.isUnheard()
    const said = { is_unheard, asked_at_ms }
    const company = await beatProcess.one(sql, { id, has_own_cache, is_unheard })
    store.heed({ ...company, ...said })
    every_ms = store.shared && company.others_unheard > 0 ? BEAT_IMPATIENTLY_MS : BEAT_EVERY_MS
    return company
  }
  const { others, others_unheard } = await beat()
  let beating: Promise<void> | null = null
  const timer = setInterval(() => {
    const is_due = performance.now() - asked_at_ms >= every_ms || store.isUnheard() !== is_unheard
    if (beating || !is_due) return
    // A beat that fails says nothing: the cache stops counting by itself.
    beating = beat().then(
      () => {},
      () => {},
    )
    void beating.finally(() => {
      beating = null
    })
  }, LOOK_EVERY_MS)
  if (others_unheard > 0 || (has_own_cache && others > 0)) await wait(NOTICED_AFTER_MS)
  const stop = async () => {
    clearInterval(timer)
    await beating
    await leaveProcess.one(sql, { id }).catch(() => {})
  }
  return { stop }
}
