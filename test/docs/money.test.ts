/** Runs the worked example of docs/MONEY.md and its queries. */
import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testDatabase } from '../../db/test/test_database.ts'
import { projectRoot } from '../../src/platform/project.ts'
import type { Sale } from '../support/factory.ts'
import { findWrongLedger, makePaid, refundPart, reportDispute } from '../support/ledger.ts'

const db = await testDatabase()
const { sql } = db
const page = readFileSync(join(projectRoot, 'docs', 'MONEY.md'), 'utf8')

type Step = { kind: string; entries: Record<string, string> }

/** The rows of the table of the example. */
function readExample(): Step[] {
  const table = page.split('\n## An example\n')[1]?.split('\n## ')[0] ?? ''
  const [head, , ...rows] = table.split('\n').filter((line) => line.startsWith('| '))
  const cellsOf = (line = '') =>
    line
      .slice(2, -2)
      .split(' |')
      .map((cell) => cell.trim())
  const accounts = cellsOf(head).map((cell) => cell.replaceAll('`', ''))
  return rows.map((row) => {
    const [step = '', ...amounts] = cellsOf(row)
    const entries = amounts.flatMap((amount, index) => (amount === '' ? [] : [[accounts[index + 1] as string, amount]]))
    return { kind: /`(\w+)`/.exec(step)?.[1] as string, entries: Object.fromEntries(entries) }
  })
}

/** The blocks of SQL, each with the text before it. */
const queries = page
  .split('```sql\n')
  .slice(1)
  .map((part, index, all) => {
    const before = index === 0 ? (page.split('```sql\n')[0] as string) : (all[index - 1] as string)
    return { text: part.split('```')[0] as string, is_normally_empty: before.trimEnd().endsWith('Normal: no row.') }
  })

/** Does the steps of the example. */
async function runExample(): Promise<Sale> {
  await sql`insert into settings (name, value) values ('PAYOUT_HOLD_DAYS', '0')`
  const sale = await makePaid(sql)
  await sql`select from settle_refund(${await refundPart(sql, sale, '5.00')}, 'failed', 're', null)`
  await reportDispute(sql, sale.charge, 'open')
  await reportDispute(sql, sale.charge, 'won')
  await sql`select from ship_order(${sale.order_id}, ${sale.seller_id}, 'UPS', '1Z')`
  await sql`select release_earnings()`
  await sql`select adjust_balance(${sale.shop_id}, 3.90, 'to reach the minimum of a payout')`
  const payOut = async (outcome: string) => {
    await sql`select plan_payouts()`
    await sql`select settle_payout(max(id), ${outcome}) from payouts`
  }
  await payOut('failed')
  await payOut('paid')
  await refundPart(sql, sale, '3.00')
  await sql`select settle_payout(max(id), 'returned') from payouts`
  const lost = await makePaid(sql, sale)
  await reportDispute(sql, lost.charge, 'open')
  await reportDispute(sql, lost.charge, 'lost')
  return sale
}

test('the example of docs/MONEY.md is what the database books, and each query of the page runs on it', async () => {
  const rate = queries.filter(({ text }) => text.startsWith('update commission_rates'))
  expect(rate).toHaveLength(1)
  await sql.unsafe(rate[0]?.text as string)
  await runExample()
  const booked = await sql<{ kind: string; entries: string }[]>`
    select t.kind, json_object_agg(e.account, e.amount::text) as entries
    from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
    group by t.id, t.kind, t.created_at order by t.created_at, t.id`
  expect(booked.map(({ kind, entries }) => ({ kind, entries: JSON.parse(entries) }))).toEqual(readExample())
  expect(await findWrongLedger(sql)).toEqual([])
  expect(await db.rows`select captured, refunded, lost, paid_out, commission, owed, funded from daily_money`).toEqual([
    {
      ...{ captured: '46.00', refunded: '3.00', lost: '23.00', paid_out: '0.00' },
      ...{ commission: '1.65', owed: '22.25', funded: '3.90' },
    },
  ])
  for (const { text, is_normally_empty } of queries.filter((query) => !rate.includes(query))) {
    const rows = await sql.begin('read only', (tx) => tx.unsafe(text))
    expect([text, rows.length > 0]).toEqual([text, !is_normally_empty])
  }
})
