import { beforeEach, expect, test } from 'bun:test'
import type { BookEntry } from '../../src/domains/payouts/provider.ts'
import { makePaid, refundPart } from '../../test/support/ledger.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const LISTED_AT = Date.now()
const ago = (hours: number) => new Date(LISTED_AT - hours * 3_600_000).toISOString()
/** The list begins here. */
const SINCE = ago(73)

beforeEach(async () => {
  await db.sql`delete from settings`
  await db.sql`
    insert into settings (name, value)
    values ('PAYOUT_HOLD_DAYS', '0'), ('PAYOUT_MINIMUM', '1'), ('PAYOUT_PROVIDER', 'simulated')`
})

type Seller = { shop_id: number; seller_id: number }
/** A payout of 23.00 that was planned and settled so many hours ago, as it is in both books. */
async function makePayout({ hours = 2, is_settled = true, shop }: { hours?: number; is_settled?: boolean; shop?: Seller } = {}) {
  const sale = await makePaid(db.sql, shop)
  const { shop_id, order_id, seller_id } = sale
  await db.sql`select from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`
  await db.sql`select release_earnings()`
  await db.sql`select from open_payout_account(${shop_id}, ${seller_id})`
  await db.sql`select settle_payout_account(${shop_id}, 'simulated', ${`acct_${shop_id}`}, 'active')`
  await db.sql`select from plan_payout(${shop_id})`
  const payout_id = await db.value<number>`select max(id) from payouts where shop_id = ${shop_id}`
  const transfers = await db.rows<{ id: number; what: BookEntry['what']; amount: string }>`
    select id, case when amount > 0 then 'transfer' else 'reversal' end as what, abs(amount)::text as amount
    from transfers where payout_id = ${payout_id} order by id`
  const amount = await db.value<string>`select amount::text from payouts where id = ${payout_id}`
  if (is_settled) {
    for (const { id } of transfers) await db.sql`select settle_transfer(${id}, 'done', ${`tr_${id}`})`
    await db.sql`select settle_payout(${payout_id}, 'paid', ${`po_${payout_id}`})`
  }
  await db.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update payouts set created_at = ${ago(hours)}, updated_at = ${ago(hours)} where id = ${payout_id}`
    await tx`update transfers set updated_at = ${ago(hours)} where payout_id = ${payout_id}`
  })
  const created_at = ago(hours)
  const entries: BookEntry[] = [
    ...transfers.map(({ id, ...entry }) => ({ ...entry, reference: `tr_${id}`, created_at })),
    { what: 'payout', reference: `po_${payout_id}`, amount, created_at },
  ]
  return { ...sale, payout_id, entries, transfer: entries[0] as BookEntry, payout: entries.at(-1) as BookEntry }
}

/** Compares, and leaves out what the other tests have made. */
async function compare(entries: BookEntry[], payouts: number[] = []) {
  const found = await db.rows<{ what: string; reference: string; ours: string | null; theirs: string | null }>`
    select what, reference, ours, theirs
    from find_provider_differences('simulated', ${SINCE}, ${new Date(LISTED_AT).toISOString()}, ${entries as never}::jsonb)
    order by what desc, reference`
  const own = await db.rows<{ reference: string }>`
    select coalesce(provider_reference, 'transfer_' || t.id) as reference
    from transfers t join payout_items i on i.transfer_id = t.id where i.payout_id = any (${payouts})
    union select coalesce(provider_reference, 'payout_' || id) from payouts where id = any (${payouts})`
  const known = new Set([...entries, ...own].map(({ reference }) => reference))
  return found.filter(({ reference }) => known.has(reference))
}

test('equal books do not differ', async () => {
  const { entries, payout_id } = await makePayout()
  expect(await compare(entries, [payout_id])).toEqual([])
})

test('a transfer and a payout that the provider has not made differ', async () => {
  const { transfer, payout, payout_id } = await makePayout()
  expect(await compare([payout], [payout_id])).toEqual([
    { what: 'transfer', reference: transfer.reference, ours: '23.00', theirs: null },
  ])
  expect(await compare([transfer], [payout_id])).toEqual([
    { what: 'payout', reference: payout.reference, ours: '23.00', theirs: null },
  ])
})

test('a payout that was settled without the id of the provider differs', async () => {
  const { payout_id } = await makePayout({ is_settled: false })
  await db.sql`select settle_payout(${payout_id}, 'paid')`
  await db.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update payouts set updated_at = ${ago(2)} where id = ${payout_id}`
  })
  expect(await compare([], [payout_id])).toEqual([
    { what: 'payout', reference: `payout_${payout_id}`, ours: '23.00', theirs: null },
  ])
})

test('what the provider made, and nobody here knows, differs', async () => {
  const { entries, payout_id } = await makePayout()
  const others = (['transfer', 'reversal', 'payout'] as const).map((what) => ({
    what,
    reference: `other_${what}`,
    amount: '5.00',
    created_at: ago(2),
  }))
  expect(await compare([...entries, ...others], [payout_id])).toEqual([
    { what: 'transfer', reference: 'other_transfer', ours: null, theirs: '5.00' },
    { what: 'reversal', reference: 'other_reversal', ours: null, theirs: '5.00' },
    { what: 'payout', reference: 'other_payout', ours: null, theirs: '5.00' },
  ])
})

test('another amount differs', async () => {
  const { entries, transfer, payout_id } = await makePayout()
  const changed = entries.map((entry) => (entry === transfer ? { ...entry, amount: '23.01' } : entry))
  expect(await compare(changed, [payout_id])).toEqual([
    { what: 'transfer', reference: transfer.reference, ours: '23.00', theirs: '23.01' },
  ])
})

test('what is in flight does not differ', async () => {
  // Settled, but half an hour ago: the list can be older.
  const young = await makePayout({ hours: 0.5 })
  expect(await compare([], [young.payout_id])).toEqual([])
  // The provider has made it, and its answer is on the way.
  const made = [{ what: 'transfer' as const, reference: 'tr_made', amount: '23.00', created_at: ago(0.5) }]
  expect(await compare(made)).toEqual([])
  // Waits for the provider for two hours, which is another alert.
  const waiting = await makePayout({ is_settled: false })
  expect(await compare([], [waiting.payout_id])).toEqual([])
  // It has waited so long, and was settled after the list began.
  await db.sql`select settle_payout(${waiting.payout_id}, 'sent', ${`po_${waiting.payout_id}`})`
  expect(await compare([], [waiting.payout_id])).toEqual([])
})

test('what is older than the list, or of another provider, is not looked for', async () => {
  const old = await makePayout({ hours: 72.5 })
  expect(await compare([], [old.payout_id])).toEqual([])
  await db.sql`update settings set value = 'manual' where name = 'PAYOUT_PROVIDER'`
  const shop = await db.makeShop()
  await db.sql`select adjust_balance(${shop}, 30, 'a gift')`
  const manual = await db.value<number>`select id from plan_payout(${shop})`
  await db.sql`select settle_payout(${manual}, 'paid')`
  expect(await compare([], [manual])).toEqual([])
})

test('a reversal is looked for if its transfer is listed, and its amount is positive', async () => {
  const first = await makePayout()
  await refundPart(db.sql, first, '3.00')
  const second = await makePayout({ shop: first })
  const reversal = second.entries.find(({ what }) => what === 'reversal') as BookEntry
  const both = [...first.entries, ...second.entries]
  const payouts = [first.payout_id, second.payout_id]
  expect(reversal.amount).toBe('3.00')
  expect(await compare(both, payouts)).toEqual([])
  const rest = both.filter((entry) => entry !== reversal)
  expect(await compare(rest, payouts)).toEqual([{ what: 'reversal', reference: reversal.reference, ours: '3.00', theirs: null }])
  // Its transfer was made before the list began.
  const without = rest.filter((entry) => entry !== first.transfer)
  expect((await compare(without, payouts)).map(({ what }) => what)).toEqual(['transfer'])
})
