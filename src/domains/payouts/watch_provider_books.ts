import { Type } from '@sinclair/typebox'
import type { Logger } from 'pino'
import { query, type Reader, routine } from '../../platform/db/statement.ts'
import { Jsonb, Nullable, Numeric, Timestamptz } from '../../platform/db/types.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import { watchByOne } from '../../platform/metrics/watch_by_one.ts'
import type { PayoutProvider } from './provider.ts'

const showBooksRange = query(
  'payouts/show_books_range',
  { provider: Type.String() },
  { since: Timestamptz, listed_at: Timestamptz, accounts: Type.Array(Type.String()) },
)
const findProviderDifferences = routine(
  'find_provider_differences',
  { provider: Type.String(), since: Timestamptz, listed_at: Timestamptz, entries: Jsonb },
  { what: Type.String(), reference: Type.String(), ours: Nullable(Numeric), theirs: Nullable(Numeric) },
)

const CHECK = { gauge: 'provider_book_differences', lease: 'provider_books', every_ms: 24 * 3_600_000 } as const
/** For the whole list. Less than the lease of the check. */
const LIST_TIMEOUT_MS = 540_000
/** More of them have one cause. */
const MAX_LOGGED = 100

/**
 * Compares the transfers and payouts of the last days with the books of the provider, each day in one of the workers. Without lasting
 * books nothing differs. The returned function ends the checks, and waits for none.
 */
export function watchProviderBooks(metrics: Metrics, sql: Reader, log: Logger, provider: PayoutProvider): () => void {
  const { listBooks, name } = provider
  if (!listBooks) {
    metrics.watch('provider_book_differences', () => [{ labels: {}, value: 0 }])
    return () => {}
  }
  return watchByOne(CHECK, { metrics, sql, log }, async () => {
    const { accounts, since, listed_at } = await showBooksRange.one(sql, { provider: name })
    const entries = await listBooks({ since, accounts }, AbortSignal.timeout(LIST_TIMEOUT_MS))
    const found = await findProviderDifferences.many(sql, { provider: name, since, listed_at, entries })
    for (const difference of found.slice(0, MAX_LOGGED)) log.error(difference, 'the books of the payout provider differ')
    return found.length
  })
}
