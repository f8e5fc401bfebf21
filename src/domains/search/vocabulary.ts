import { Type } from '@sinclair/typebox'
import type { Sql } from '../../platform/db/client.ts'
import { routine } from '../../platform/db/statement.ts'
import type { WaitingWork } from '../../platform/jobs/waiting_work.ts'

const refreshSearchWords = routine(
  'refresh_search_words',
  { batch_size: Type.Integer() },
  { refresh_search_words: Type.Integer() },
)

/** Small, so that a batch stays far below any statement timeout. */
const BATCH_LISTINGS = 20_000
const REFRESH_EVERY_MS = 4000

/** Counts all pending changes into the vocabulary of spelling and suggestions. An import calls it at its end. */
export async function refreshVocabulary(sql: Sql): Promise<number> {
  let total = 0
  for (;;) {
    const { refresh_search_words: taken } = await refreshSearchWords.one(sql, { batch_size: BATCH_LISTINGS })
    if (taken === 0) return total
    total += taken
  }
}

/** Keeps the vocabulary within seconds of the listings. Returns the function that stops this. */
export function keepVocabulary(sql: Sql, waiting: WaitingWork, onError: (error: unknown) => void): () => Promise<void> {
  let working = Promise.resolve()
  let is_due = false
  waiting.on('search_words', () => {
    is_due = true
  })
  // Each refresh makes all cached searches stale, so it does not follow every heartbeat.
  const timer = setInterval(() => {
    if (!is_due) return
    is_due = false
    working = working.then(async () => void (await refreshVocabulary(sql))).catch(onError)
  }, REFRESH_EVERY_MS)
  return async () => {
    clearInterval(timer)
    await working
  }
}
