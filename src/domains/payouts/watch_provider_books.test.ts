import { expect, test } from 'bun:test'
import { testDatabase } from '../../../db/test/test_database.ts'
import { makePaid } from '../../../test/support/ledger.ts'
import { readSamples } from '../../../test/support/metrics.ts'
import { eventually } from '../../../test/support/shopper.ts'
import { createMetrics } from '../../platform/metrics/metrics.ts'
import type { BookEntry, BooksFilter, PayoutProvider } from './provider.ts'
import { watchProviderBooks } from './watch_provider_books.ts'

const db = await testDatabase()
const findLeases = () => db.value<number>`select count(*) from leases where name = 'provider_books'`

/** Reads the gauge and the errors of a worker that starts now. */
async function readCheck(provider: Partial<PayoutProvider>) {
  const metrics = createMetrics()
  const errors: unknown[] = []
  const log = { error: (about: unknown) => errors.push(about), warn: () => {}, debug: () => {} } as never
  const stop = watchProviderBooks(metrics, db.sql, log, { name: 'simulated', ...provider } as PayoutProvider)
  const read = async () => readSamples(await metrics.render()).provider_book_differences
  const differences = await eventually(10_000, read, (shown) => shown !== undefined)
  stop()
  await eventually(10_000, findLeases, (found) => found === 0)
  return { differences: Number(differences), errors }
}

test('a difference is counted and logged, and the provider is asked for the accounts that were paid', async () => {
  await db.sql`
    insert into settings (name, value)
    values ('PAYOUT_HOLD_DAYS', '0'), ('PAYOUT_MINIMUM', '1'), ('PAYOUT_PROVIDER', 'simulated')`
  const { shop_id, seller_id, order_id } = await makePaid(db.sql)
  await db.sql`select from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`
  await db.sql`select release_earnings()`
  await db.sql`select from open_payout_account(${shop_id}, ${seller_id})`
  await db.sql`select settle_payout_account(${shop_id}, 'simulated', 'acct_paid', 'active')`
  await db.sql`select from plan_payout(${shop_id})`
  const asked: BooksFilter[] = []
  const listing = (...entries: BookEntry[]): Partial<PayoutProvider> => ({
    listBooks: async (filter) => {
      asked.push(filter)
      return entries
    },
  })
  expect(await readCheck(listing())).toEqual({ differences: 0, errors: [] })
  expect(asked.map(({ accounts }) => accounts)).toEqual([['acct_paid']])
  const created_at = new Date(Date.now() - 2 * 3_600_000).toISOString()
  expect(await readCheck(listing({ what: 'payout', reference: 'po_1', amount: '7.00', created_at }))).toEqual({
    differences: 1,
    errors: [{ what: 'payout', reference: 'po_1', ours: null, theirs: '7.00' }],
  })
})

test('nothing differs from a provider without lasting books', async () => {
  expect(await readCheck({})).toEqual({ differences: 0, errors: [] })
})
