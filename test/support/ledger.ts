/** The rules of the ledger, as an operator checks them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pool, Sql } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { makeSale, type Sale, unique } from './factory.ts'

const EQUATION = readFileSync(join(projectRoot, 'db/ops/ledger_equation.sql'), 'utf8')

/** Returns what does not add up in the ledger, in one snapshot. */
export async function findWrongLedger(sql: Sql): Promise<string[]> {
  const rows = await sql.unsafe<{ what: string; id: string | null; expected: string; actual: string }[]>(EQUATION)
  return rows.map(({ what, id, expected, actual }) => `ledger, ${what} ${id ?? ''}: $${actual} instead of $${expected}`)
}

export type Paid = Sale & { charge: string }

/** Makes a sale like makeSale, of 23.00, that the simulated provider was paid for. */
export async function makePaid(sql: Pool, shop?: Pick<Sale, 'seller_id' | 'shop_id'>): Promise<Paid> {
  const sale = await makeSale(sql, { outcome: null, shop })
  const charge = unique('ch')
  await sql`select settle_checkout(${sale.checkout_id}, 'paid', 'simulated', ${charge})`
  return { ...sale, charge }
}

/** Makes a sale like makePaid, as a version without the ledger wrote it: without entries, and paid so long ago (an interval). */
export async function makeUnbooked(sql: Pool, paid_ago: string, shop?: Pick<Sale, 'seller_id' | 'shop_id'>): Promise<Paid> {
  const sale = await makeSale(sql, { outcome: null, shop })
  const charge = unique('ch')
  const { order_id, checkout_id } = sale
  await sql`
    update payments set status = 'paid', provider = 'simulated', provider_reference = ${charge} where checkout_id = ${checkout_id}`
  await sql`update checkouts set status = 'paid' where id = ${checkout_id}`
  await sql`update orders set status = 'paid', ship_by = now() where id = ${order_id}`
  await sql`
    insert into order_events (order_id, status, created_at) values (${order_id}, 'paid', now() - ${paid_ago}::text::interval)`
  return { ...sale, charge }
}

/** Refunds a part of an order. Returns the refund. */
export async function refundPart(sql: Sql, { order_id, seller_id }: Pick<Sale, 'order_id' | 'seller_id'>, amount: string) {
  const [row] = await sql<{ id: number }[]>`
    select (body ->> 'id')::bigint as id from refund_part(${order_id}, ${seller_id}, ${amount}, null, null, null, 'goodwill', null)`
  return row?.id as number
}

export type Disputed = { amount?: string; reference?: string }

/** Applies a report of the simulated provider about a dispute over a charge: `open`, `won` or `lost`. */
export async function reportDispute(sql: Sql, charge: string, outcome: string, disputed: Disputed = {}): Promise<void> {
  const { amount = '23.00', reference = `dp_${charge}` } = disputed
  await sql`
    select from apply_dispute_event(
      'simulated', ${unique('evt')}, ${charge}, ${reference}, ${amount}::text::numeric, 'usd', ${outcome}, null
    )`
}

/**
 * Releases the earnings of shipped orders until a shop has none left, while PAYOUT_HOLD_DAYS is 0. One call of release_earnings leaves
 * out an order that another transaction has locked, and takes 1,000. Throws after 10 s, for example if earnings are held.
 */
export async function releaseEarnings(sql: Sql, shop_id: number): Promise<void> {
  const until = performance.now() + 10_000
  const isLeft = async () => {
    await sql`select release_earnings()`
    const left = await sql`
      select from orders where shop_id = ${shop_id} and status in ('shipped', 'delivered') and released_at is null`
    return left.length > 0
  }
  while (await isLeft()) {
    if (performance.now() > until) throw new Error(`The earnings of shop ${shop_id} are not released.`)
    await Bun.sleep(20)
  }
}

/** Releases the earnings of all shipped orders, and pays out what is available to a shop. Returns the payout. */
export async function payOut(sql: Pool, shop_id: number): Promise<number> {
  return await sql.begin(async (tx) => {
    const before = await tx`select name, value from settings`
    await tx`
      insert into settings (name, value) values ('PAYOUT_HOLD_DAYS', '0'), ('PAYOUT_MINIMUM', '0.01'), ('PAYOUT_PROVIDER', 'manual')
      on conflict (name) do update set value = excluded.value`
    await releaseEarnings(tx, shop_id)
    const [payout] = await tx<{ id: number }[]>`select id from plan_payout(${shop_id})`
    const id = payout?.id as number
    await tx`select settle_payout(${id}, 'paid', ${`po_${id}`})`
    await tx`delete from settings`
    await tx`insert into settings ${tx(before.length > 0 ? before : [{ name: 'PAYOUT_PROVIDER', value: 'manual' }])}`
    return id
  })
}
