import { expect, test } from 'bun:test'
import { testDatabase } from '../../../db/test/test_database.ts'
import { makeUnbooked } from '../../../test/support/ledger.ts'
import { readSamples } from '../../../test/support/metrics.ts'
import { eventually } from '../../../test/support/shopper.ts'
import { createLog } from '../../platform/log.ts'
import { createMetrics } from '../../platform/metrics/metrics.ts'
import { watchLedger } from './watch_ledger.ts'

const db = await testDatabase()
const { sql } = db

const findLeases = () => db.value<number>`select count(*) from leases where name = 'ledger_check'`

/** Reads the gauges as a worker that starts now shows them. */
async function readGauges() {
  const metrics = createMetrics()
  const stop = watchLedger(metrics, sql, createLog('silent'))
  const samples = await eventually(
    10_000,
    async () => readSamples(await metrics.render()),
    (read) => read.ledger_faults !== undefined,
  )
  stop()
  await eventually(10_000, findLeases, (found) => found === 0)
  const { stuck_payouts, unknown_payouts, failing_shops, overdue_earnings, ledger_faults } = samples
  return [stuck_payouts, unknown_payouts, failing_shops, overdue_earnings, ledger_faults].map(Number)
}

/** Changes rows as if time had passed, or as a fault would. No trigger notices. */
const behindTriggers = (text: string) =>
  sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx.unsafe(text)
  })

test('the gauges count late money and what does not add up', async () => {
  expect(await readGauges()).toEqual([0, 0, 0, 0, 0])
  const sale = await db.makeSale()
  await sql`select from ship_order(${sale.order_id}, ${sale.seller_id}, 'UPS', '1Z')`
  await sql`select adjust_balance(${sale.shop_id}, 30, 'a gift')`
  const payout_id = await db.value<number>`select id from plan_payout(${sale.shop_id})`
  expect(await readGauges()).toEqual([0, 0, 0, 0, 0])
  await sql`select settle_payout(${payout_id}, 'unknown')`
  expect(await readGauges()).toEqual([0, 1, 0, 0, 0])
  await behindTriggers(`update payouts set created_at = now() - interval '8 days' where id = ${payout_id}`)
  await behindTriggers(`update orders set updated_at = now() - interval '16 days' where id = ${sale.order_id}`)
  expect(await readGauges()).toEqual([1, 1, 0, 1, 0])
  await sql`select settle_payout(${payout_id}, 'paid')`
  await sql`insert into order_holds (order_id, kind, source) values (${sale.order_id}, 'operator', 'a question')`
  expect(await readGauges()).toEqual([0, 0, 0, 0, 0])
  await behindTriggers(`update shop_balances set pending = pending + 1 where shop_id = ${sale.shop_id}`)
  expect(await readGauges()).toEqual([0, 0, 0, 0, 1])
})

test('a shop counts while its last two payouts failed', async () => {
  const shop_id = await db.makeShop()
  await sql`select adjust_balance(${shop_id}, 30, 'a gift')`
  const counts: number[] = []
  for (const outcome of ['failed', 'paid', 'failed', 'failed', 'failed', 'paid']) {
    if (counts.length === 2) await sql`select adjust_balance(${shop_id}, 30, 'a gift')`
    const payout_id = await db.value<number>`select id from plan_payout(${shop_id})`
    await sql`select settle_payout(${payout_id}, ${outcome})`
    counts.push(await db.value<number>`select failing_shops from count_late_money()`)
  }
  expect(counts).toEqual([0, 0, 0, 1, 1, 0])
})

test('one of two workers checks the ledger', async () => {
  const start = () => {
    const metrics = createMetrics()
    return { metrics, stop: watchLedger(metrics, sql, createLog('silent')) }
  }
  const workers = [start(), start()]
  const count = async () => {
    const shown = await Promise.all(workers.map(async ({ metrics }) => readSamples(await metrics.render()).ledger_faults))
    return shown.filter((faults) => faults !== undefined).length
  }
  await eventually(10_000, count, (shown) => shown > 0)
  expect(await count()).toBe(1)
  for (const { stop } of workers) stop()
  await eventually(10_000, findLeases, (found) => found === 0)
})

test('an order from before the ledger is not late', async () => {
  const before = (await readGauges())[3]
  const { order_id, seller_id } = await makeUnbooked(sql, '1 hour')
  await sql`select from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`
  await behindTriggers(`update orders set updated_at = now() - interval '16 days' where id = ${order_id}`)
  expect((await readGauges())[3]).toBe(before)
})
