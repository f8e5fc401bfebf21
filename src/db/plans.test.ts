/** Hot statements find their rows by an index. Counted by PostgreSQL while they run, so functions hide nothing. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { TestDatabase } from '../test/database.ts'
import { HOT, openHotDatabase, runAndRollBack } from '../test/hot_statements.ts'
import type { Sql } from './client.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openHotDatabase()
})
afterAll(() => db.close())

/** The tables that hold thousands of rows: to read one of them from end to end is a mistake. */
const LARGE = ['products', 'cart_items', 'sessions', 'checkouts', 'payments', 'orders', 'order_items', 'order_events']

/** Runs a statement and takes it back; answers the large tables that were read whole. */
function readWhole(text: string, args: unknown[]): Promise<string[]> {
  return runAndRollBack(db.sql, async (tx) => {
    const before = await countWholeReads(tx)
    await tx.unsafe(text, args as never[])
    const after = await countWholeReads(tx)
    return LARGE.filter((table) => after[table] !== before[table])
  })
}

/** What this backend has counted and not yet reported, by table. */
async function countWholeReads(tx: Sql): Promise<Record<string, number>> {
  const rows = await tx<
    { relname: string; seq_scan: number }[]
  >`select relname, seq_scan from pg_stat_xact_user_tables where schemaname = 'public'`
  return Object.fromEntries(rows.map(({ relname, seq_scan }) => [relname, seq_scan]))
}

test.each(HOT)('%s reads no large table whole', async (_name, text, args) => {
  expect(await readWhole(text, args)).toEqual([])
})

test('a statement without an index is found out', async () => {
  expect(await readWhole("select from products where description = 'x'", [])).toEqual(['products'])
  expect(await readWhole("select from checkouts where status = 'paid' order by created_at limit 100", [])).toEqual(['checkouts'])
})

test('a cart is found by its user, not by walking an index that begins with something else', async () => {
  const plan = await db.sql<{ 'QUERY PLAN': string }[]>`explain select ci.* from cart_items ci where ci.user_id = 30`
  expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/ (on|using) cart_items_user_id_/)
})
