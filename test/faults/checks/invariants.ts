/** The rules that the database, alone and together with the payment provider, must meet at any moment or at the end. */

import { centsOf } from '../../../src/domains/payments/cents.ts'
import type { Counts } from '../../../src/domains/payments/simulated_records.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { findWrongStock } from '../../support/stock.ts'
import type { Run } from '../scenario.ts'
import type { Servers } from '../servers/servers.ts'
import { findOtherBooks, findWrongCommissions, findWrongMoment } from './ledger.ts'

type CheckoutRow = {
  id: number
  status: string
  payment_status: string
  total: string
  live: string
  mail_count: number
  order_count: number
}

/**
 * Returns the violations of this rule: at the end every checkout is settled, and the provider keeps exactly what was not refunded
 * of its paid orders, from at most one charge. Each order of a paid checkout has one mail to its seller.
 */
async function findWrongMoney(sql: Sql, counts: Counts): Promise<string[]> {
  const wrong: string[] = []
  const checkouts = await sql<CheckoutRow[]>`
    with notified as (
      select m.fact_id as order_id, count(*) as count from mails m where m.kind = 'order_sold' group by 1
    )
    select c.id, c.status, p.status as payment_status, c.total::text,
      (coalesce(sum(o.total - o.refunded) filter (where o.ship_by is not null), 0))::numeric(10, 2)::text as live,
      coalesce(sum(n.count), 0)::integer as mail_count, count(*)::integer as order_count
    from checkouts c
    join payments p on p.checkout_id = c.id
    join orders o on o.checkout_id = c.id
    left join notified n on n.order_id = o.id
    group by c.id, p.id`
  for (const checkout of checkouts) {
    const charge = counts.charges[checkout.id] ?? { count: 0, captured: '0.00', refunded: '0.00' }
    const kept = centsOf(charge.captured) - centsOf(charge.refunded)
    if (checkout.status === 'pending') wrong.push(`checkout ${checkout.id} is still pending`)
    if (charge.count > 1) wrong.push(`checkout ${checkout.id} was charged ${charge.count} times`)
    if (kept !== centsOf(checkout.live))
      wrong.push(
        `checkout ${checkout.id} (${checkout.status}): the provider keeps ${kept} cents, its orders keep $${checkout.live}`,
      )
    if (checkout.status === 'paid' && charge.captured !== checkout.total)
      wrong.push(`checkout ${checkout.id} costs $${checkout.total} but the provider took $${charge.captured}`)
    const due = checkout.status === 'paid' ? checkout.order_count : 0
    if (checkout.mail_count !== due)
      wrong.push(`checkout ${checkout.id}: ${checkout.mail_count} mails to sellers for ${due} paid orders`)
  }
  const known = new Set(checkouts.map(({ id }) => String(id)))
  for (const key of Object.keys(counts.charges))
    if (!known.has(key)) wrong.push(`the provider charged ${key}, but no checkout has this id`)
  return wrong
}

/** Returns the payments whose refunds, in one snapshot, are not those of their orders to the cent. */
export async function findWrongRefunds(sql: Sql): Promise<string[]> {
  const wrong = await sql<{ checkout_id: number; payment: string; orders: string; refunds: string }[]>`
    select p.checkout_id, p.refunded::text as payment, sum(o.refunded)::text as orders, coalesce(sum(r.amount), 0)::text as refunds
    from payments p
    join orders o on o.checkout_id = p.checkout_id
    left join lateral (
      select sum(r.amount) as amount from refunds r where r.order_id = o.id and r.status <> 'failed'
    ) r on true
    group by p.id
    having p.refunded <> sum(o.refunded) or p.refunded <> coalesce(sum(r.amount), 0)`
  return wrong.map(
    ({ checkout_id, payment, orders, refunds }) =>
      `checkout ${checkout_id}: its payment says $${payment} were refunded, its orders $${orders}, its refunds $${refunds}`,
  )
}

/** Waits until every payment and payout is settled. Then checks the stock, the money, the ledger and the events of the orders. */
export async function checkAtEnd(run: Run, { sql, provider }: Servers, within_s = 60): Promise<void> {
  await untilSettled(run, sql, within_s)
  failAll(run, await findWrongStock(sql))
  failAll(run, await findWrongRefunds(sql))
  failAll(run, await findWrongMoney(sql, await provider.count()))
  failAll(run, await findWrongMoment(sql))
  failAll(run, await findWrongCommissions(sql))
  failAll(run, await findOtherBooks(sql, await provider.count()))
  const trails = await countWrongTrails(sql)
  if (trails > 0) run.fail(`${trails} orders differ from their events`)
}

/** Waits until no checkout, refund, late charge or payout is pending. A payout of `manual` waits for an operator. Reports a violation after `within_s`. */
export async function untilSettled(run: Run, sql: Sql, within_s: number): Promise<void> {
  const count = async () => {
    const [open] = await sql<{ checkouts: number; refunds: number; payouts: number }[]>`
      select (select count(*) from checkouts where status = 'pending') as checkouts,
        (select count(*) from refunds where status = 'pending')
          + (select count(*) from late_charges where status = 'pending') as refunds,
        (
          select count(*) from payouts where status in ('planned', 'sent', 'unknown') and provider = 'simulated'
        ) as payouts`
    return open as { checkouts: number; refunds: number; payouts: number }
  }
  const deadline = performance.now() + within_s * 1000
  for (let open = await count(); open.checkouts + open.refunds + open.payouts > 0; open = await count()) {
    if (performance.now() > deadline) {
      const { checkouts, refunds, payouts } = open
      const pending = `${checkouts} checkouts, ${refunds} refunds and ${payouts} payouts are pending`
      return run.fail(`after ${Math.round(within_s)} more seconds ${pending}`)
    }
    await hurryRetries(sql)
    await Bun.sleep(200)
  }
}

/** Starts the jobs that wait for their next try. Their delays, up to minutes, are for providers that are away. */
async function hurryRetries(sql: Sql): Promise<void> {
  await sql`update pgboss.job set start_after = now() where state = 'retry' and start_after > now()`
}

/** Returns the number of orders that differ from the order rebuilt from their events. */
export async function countWrongTrails(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) from orders o where replay_order(o.id) is distinct from order_facts(o)`
  return row?.count ?? 0
}

/**
 * Returns the number of deadlocks in this database. Call it after the API has ended: a connection reports its statistics at the
 * latest when it closes.
 */
export async function countDeadlocks(sql: Sql): Promise<number> {
  const [row] = await sql<{ deadlocks: number }[]>`select deadlocks from pg_stat_database where datname = current_database()`
  return row?.deadlocks ?? 0
}

/** Reports the first five findings, and the number of the others. */
export function failAll(run: Run, wrong: string[]): void {
  for (const finding of wrong.slice(0, 5)) run.fail(finding)
  if (wrong.length > 5) run.fail(`and ${wrong.length - 5} more like these`)
}
