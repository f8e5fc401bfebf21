/** Hot statements find their rows by an index. PostgreSQL's counters include the statements inside functions. */
import { afterAll, expect, test } from 'bun:test'
import type { Sql } from '../../src/platform/db/client.ts'
import { HOT, openHotDatabase, runAndRollBack } from '../../test/support/hot_statements.ts'

const db = await openHotDatabase()
afterAll(db.close)

/** Tables with thousands of rows, which no statement may scan. */
const LARGE = [
  ...['products', 'cart_items', 'sessions', 'checkouts', 'payments', 'orders', 'order_items', 'order_events'],
  ...['ledger_entries', 'ledger_transactions', 'payouts', 'transfers'],
]

/** Runs and rolls back a statement. Returns the large tables that it scanned. */
function readWhole(text: string, args: unknown[]): Promise<string[]> {
  return runAndRollBack(db.sql, async (tx) => {
    const before = await countWholeReads(tx)
    await tx.unsafe(text, args as never[])
    const after = await countWholeReads(tx)
    return LARGE.filter((table) => after[table] !== before[table])
  })
}

/** Returns the counters of this backend by table, with partitions added to their table. Skips tables of a few pages. */
async function countWholeReads(tx: Sql): Promise<Record<string, number>> {
  const rows = await tx<{ relname: string; seq_scan: number }[]>`
    select coalesce(i.inhparent, st.relid)::regclass::text as relname, sum(st.seq_scan)::integer as seq_scan
    from pg_stat_xact_user_tables st left join pg_inherits i on i.inhrelid = st.relid
    where st.schemaname = 'public' and pg_relation_size(st.relid) > 10 * current_setting('block_size')::integer
    group by 1`
  return Object.fromEntries(rows.map(({ relname, seq_scan }) => [relname, seq_scan]))
}

/** Returns this backend's updates of listings: all, and the heap-only ones. */
async function countUpdates(tx: Sql): Promise<{ updated: number; heap_only: number }> {
  const [row] = await tx<{ updated: number; heap_only: number }[]>`
    select n_tup_upd::integer as updated, n_tup_hot_upd::integer as heap_only
    from pg_stat_xact_user_tables where relid = 'products'::regclass`
  return row as { updated: number; heap_only: number }
}

test.each(HOT)('%s scans no large table', async (_name, text, args) => {
  expect(await readWhole(text, args)).toEqual([])
})

test('a sale is a heap-only update: no index of products contains the stock', async () => {
  const [before, after] = await runAndRollBack(db.sql, async (tx) => {
    await tx`insert into cart_items (user_id, product_id) values (2, 100), (2, 4000)`
    const counted = await countUpdates(tx)
    await tx`select from checkout_split_orders(2, 'heap-only', '{}')`
    return [counted, await countUpdates(tx)]
  })
  expect(after).toEqual({ updated: before.updated + 2, heap_only: before.heap_only + 2 })
})

test('a sale is a heap-only update of the balance of its shop', async () => {
  const [before, after] = await runAndRollBack(db.sql, async (tx) => {
    const count = async () => {
      const [row] = await tx<{ updated: number; heap_only: number }[]>`
        select n_tup_upd::integer as updated, n_tup_hot_upd::integer as heap_only
        from pg_stat_xact_user_tables where relid = 'shop_balances'::regclass`
      return row as { updated: number; heap_only: number }
    }
    await tx`insert into cart_items (user_id, product_id) values (2, 100), (2, 4000)`
    const [sold] = await tx<{ id: number }[]>`select checkout_id as id from checkout_split_orders(2, 'sold', '{}')`
    const counted = await count()
    await tx`select from settle_checkout(${sold?.id as number}, 'paid', 'simulated', 'ch_sold')`
    return [counted, await count()]
  })
  expect(after).toEqual({ updated: before.updated + 2, heap_only: before.heap_only + 2 })
})

test('the test finds a statement without an index', async () => {
  expect(await readWhole("select from products where description = 'x'", [])).toEqual(['products'])
  expect(await readWhole("select from checkouts where status = 'paid' order by created_at limit 100", [])).toEqual(['checkouts'])
})

test('a search without words reads product_search only for listings with variants', async () => {
  const reads = await runAndRollBack(db.sql, async (tx) => {
    const count = async () => {
      const [row] = await tx<{ reads: number }[]>`
        select (idx_scan + seq_scan)::integer as reads from pg_stat_xact_user_tables where relid = 'product_search'::regclass`
      return row?.reads ?? 0
    }
    const readBy = async (ships_to: string | null) => {
      const before = await count()
      await tx`select from search_products(null, null, null, null, null, 'newest', null, 24, ships_to => ${ships_to})`
      return (await count()) - before
    }
    const without = [await readBy(null), await readBy('DE')]
    await tx`insert into product_options (product_id, position, name, option_values) values (5, 1, 'Size', '{S}')`
    await tx`insert into variants (product_id, shop_id, option_values) select id, shop_id, '{S}' from products where id = 5`
    return [...without, await readBy(null)]
  })
  expect(reads).toEqual([0, 0, 1])
})

test('a cart is found by its user, not by a scan of another index', async () => {
  const plan = await db.sql<{ 'QUERY PLAN': string }[]>`explain select ci.* from cart_items ci where ci.user_id = 30`
  expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/ (on|using) cart_items_user_id_/)
})
